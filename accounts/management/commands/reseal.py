from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Seals with SECRET_KEY the secrets that a key in SECRET_KEY_FALLBACKS has sealed, so that it can go."

    def handle(self, *args, **options) -> None:
        for path in settings.RESEAL:
            count = import_string(path)()
            self.stdout.write(f"{path}: {count}")
