"""A worker's right to send a batch of messages, for a time."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from outbox.models import Message
from outbox.returns import addresses

BATCH = 50
# Longer than the socket time-outs of connecting (9 waits) and of sending one message (6) can add up to. Whoever waits
# longer for the answer to a message says so (`keep_only`).
LENGTH = timedelta(minutes=5)


class Lease:
    """Renewed when half of it is spent. What another worker has taken over meanwhile is not sent."""

    def __init__(self, claim: uuid.UUID, until: datetime, keys: Iterable[int]) -> None:
        self.claim = claim
        self.until = until
        self.held = set(keys)

    def messages(self) -> list[Message]:
        ours = Message.objects.filter(claim=self.claim)
        return list(ours.in_turn().prefetch_related("attachments", "further"))

    def covers(self, message: Message, now: datetime) -> bool:
        """Whether this message may be sent at this moment, by us."""
        # The server is asked about each recipient.
        longer = timedelta(seconds=settings.EMAIL_TIMEOUT) * (len(message.addresses) - 1)
        if now > self.until - LENGTH / 2 - longer:
            self.renew(now, LENGTH + longer)
        return message.pk in self.held and (message.expires_at is None or now < message.expires_at)

    def renew(self, now: datetime, length: timedelta) -> None:
        ours = Message.objects.filter(claim=self.claim)
        ours.update(claimed_until=now + length)
        self.held = set(ours.values_list("pk", flat=True))
        self.until = now + length

    def keep_only(self, message: Message, now: datetime) -> None:
        """Give back the rest, and keep this one for as long as a server may think about it."""
        Message.objects.filter(claim=self.claim).exclude(pk=message.pk).update(claim=None, claimed_until=None)
        self.renew(now, timedelta(seconds=settings.EMAIL_ANSWER_TIMEOUT) + LENGTH / 2)

    def release(self) -> None:
        """Give back what was not tried, as it was."""
        Message.objects.filter(claim=self.claim).update(claim=None, claimed_until=None)


def claim(now: datetime) -> Lease | None:
    """A lease on the next batch that is due, or None. Two workers never get the same message."""
    # Most drains find nothing: one query, and no lock.
    if not addresses.stop_what_waits(now):
        return None
    lease = Lease(uuid.uuid4(), now + LENGTH, ())
    # Durable: in somebody else's transaction the claim would be seen by nobody, and the marks lost with it.
    with transaction.atomic(durable=True):
        due = Message.objects.due(now).select_for_update(skip_locked=True)
        lease.held = set(due.values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=lease.held).update(claim=lease.claim, claimed_until=lease.until)
    return lease if lease.held else None
