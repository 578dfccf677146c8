"""What people have got lately, and what will go to them by itself soon: to be seen before one writes to them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from outbox import plan
from outbox.models import FurtherRecipient, Message
from outbox.plan import Planned

LATELY, SOON = timedelta(days=30), timedelta(days=14)
# Of each person's mails.
SHOWN = 5


def lately(people: Collection[int], *, now: datetime) -> dict[int, list[Message]]:
    """The newest mails to each of them, by key, but no codes. Two queries."""
    further = FurtherRecipient.objects.filter(person__in=people).values("message")
    written = Message.objects.filter(
        Q(recipient__in=people) | Q(pk__in=further), created_at__gt=now - LATELY, secret=False
    )
    found: dict[int, list[Message]] = defaultdict(list)
    for message in written.defer("body", "html").prefetch_related("further").order_by("-created_at", "-pk"):
        for person in {message.recipient_id, *(each.person_id for each in message.further.all())}:
            if person is not None and len(found[person]) < SHOWN:
                found[person].append(message)
    return found


def soon(people: Collection[int], *, now: datetime) -> dict[int, list[Planned]]:
    """What is planned to each of them, the first first."""
    found: dict[int, list[Planned]] = defaultdict(list)
    wanted = set(people)
    for mail in plan.everything(now, now + SOON):
        if mail.recipient.pk in wanted and len(found[mail.recipient.pk]) < SHOWN:
            found[mail.recipient.pk].append(mail)
    return found
