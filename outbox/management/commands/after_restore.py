from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from outbox import plan
from outbox.models import Message

# Beat posts what is due every five minutes, and a worker may be some minutes behind.
MARGIN = timedelta(minutes=15)
SAID = "Perhaps sent: a backup from before it was restored."


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


class Command(BaseCommand):
    help = (
        "After an older backup was restored, and before a worker or beat starts: find the mails that have perhaps gone "
        "since it was taken. With --commit none of them goes by itself; staff see them as perhaps sent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dumped", type=moment, required=True, help="when the backup was taken: 2027-04-12T03:00, Norwegian time"
        )
        parser.add_argument("--stopped", type=moment, required=True, help="when the portal last sent mail; or …T01:00Z")
        parser.add_argument("--commit", action="store_true", help="do it; without this, only tell")

    def handle(self, *_args: Any, dumped: datetime, stopped: datetime, commit: bool, **_options: Any) -> None:
        now = timezone.now()
        if not dumped < stopped <= now:
            raise CommandError("--dumped comes before --stopped, and neither is to come.")
        # A moment without a zone is Norwegian, and a server's clock may not be: what went in that hour would go twice.
        backup, silence = (f"{timezone.localtime(at):%Y-%m-%d %H:%M %Z}" for at in (dumped, stopped))
        self.stdout.write(
            f"The backup is of {backup}, the last mail of {silence}; it is {timezone.localtime(now):%H:%M %Z}."
        )
        waiting = Message.objects.alive(now).filter(created_at__lte=stopped)
        came_due = [mail for mail in plan.due(now) if dumped - MARGIN < mail.send_at <= stopped]
        self.stdout.write(f"{waiting.count()} mails waited when the backup was taken.")
        self.stdout.write(f"{len(came_due)} planned mails came due from then until it stopped.")
        if not commit:
            self.stdout.write("Nothing is changed. With --commit none of them goes by itself, and staff see each.")
            return
        with transaction.atomic():
            keys = set(waiting.values_list("pk", flat=True)) | {plan.post(mail, now=now).pk for mail in came_due}
            held = Message.objects.filter(pk__in=keys).update(
                given_up_at=now, failed_at=now, failure=Message.Failure.UNANSWERED, last_error=SAID, claim=None,
                claimed_until=None,
            )  # fmt: skip
            # A code is over long before anybody has restored anything.
            Message.objects.filter(pk__in=keys, secret=True).update(body="", html="")
        self.stdout.write(f"{held} are held back as perhaps sent.")
