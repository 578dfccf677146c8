from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Seals with SECRET_KEY the secrets that a key in SECRET_KEY_FALLBACKS has sealed, so that it can go."

    def handle(self, *args, **options) -> None:
        # A shell that was open before the key was changed still has the old one alone, and would say 0: all is done.
        if not settings.SECRET_KEY_FALLBACKS:
            raise CommandError("SECRET_KEY_FALLBACKS names no earlier key here: read the settings anew in this shell.")
        for path in settings.RESEAL:
            count = import_string(path)()
            self.stdout.write(f"{path}: {count}")
