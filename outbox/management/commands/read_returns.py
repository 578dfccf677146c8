from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outbox.returns import mailbox


class Command(BaseCommand):
    help = "Read the mails that came back from the mailbox RETURN_MAILBOX_URL. Beat does it every five minutes."

    def handle(self, **options: Any) -> None:
        if not settings.RETURN_MAILBOX_URL:
            raise CommandError("RETURN_MAILBOX_URL is not set.")
        looked = mailbox.read_all(now=timezone.now())
        if looked is None:
            raise CommandError("The mailbox cannot be read; the log says why.")
        self.stdout.write(f"{looked.taken} taken, {looked.left} in the mailbox that were not understood.")
