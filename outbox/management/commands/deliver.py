from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from outbox import delivery


class Command(BaseCommand):
    help = "Send the mails that wait in the outbox, without Celery."

    def handle(self, *args: Any, **options: Any) -> None:
        delivery.wipe_expired_secrets(now=timezone.now())
        outcome = delivery.drain(now=timezone.now())
        self.stdout.write(f"{outcome.sent} sent, {outcome.deferred} to be tried again, {outcome.given_up} given up.")
        if outcome.error:
            self.stderr.write(f"The mail server failed: {outcome.error}")
