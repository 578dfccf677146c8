"""What has become of the demo's mails: nearly all are sent, and a few failed, as a few do."""

from datetime import datetime, timedelta

from django.db.models import F

from lmp.demo.days import Days
from outbox import plan
from outbox.models import Message

FAR_BACK = timedelta(days=400)
REFUSED = "550 5.1.1 <{to}>: Recipient address rejected: User unknown"
FULL = "452 4.2.2 <{to}>: The recipient's mailbox is over its quota"


def load(days: Days) -> None:
    post_until(days.now)
    Message.objects.update(sent_at=F("created_at") + timedelta(seconds=3), attempts=1)
    # Newest first, so that staff's list begins with what needs them; and old enough to have been given up by now.
    written = Message.objects.filter(created_at__gte=days.at(-40), created_at__lt=days.now - timedelta(hours=20))
    newest = list(written.order_by("-created_at", "pk")[:40])
    if len(newest) > 20:
        _give_up(newest[4], Message.Failure.REFUSED, REFUSED, attempts=1, after=timedelta(seconds=4))
        _give_up(newest[11], Message.Failure.DEFERRED, FULL, attempts=12, after=timedelta(hours=16))
        _retry(newest[17], days.now)


def post_until(now: datetime) -> None:
    """What the beat would have posted, had the portal been running: asked of the same plan."""
    for planned in plan.everything(now - FAR_BACK, now):
        plan.post(planned, now=planned.send_at)


def _give_up(message: Message, failure: str, error: str, *, attempts: int, after: timedelta) -> None:
    message.given_up_at = message.failed_at = message.created_at + after
    message.sent_at, message.attempts = None, attempts
    message.failure, message.last_error = failure, error.format(to=message.to)
    message.save()


def _retry(message: Message, now: datetime) -> None:
    message.sent_at, message.expires_at, message.attempts = None, None, 3
    message.failure, message.failed_at = Message.Failure.DEFERRED, now - timedelta(minutes=2)
    message.last_error, message.next_attempt_at = FULL.format(to=message.to), now + timedelta(hours=2)
    message.save()
