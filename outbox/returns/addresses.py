"""Addresses that do not work: nothing but codes is sent there until one is lifted.

It is lifted when somebody is given the address anew, when staff try it again, and when a code that was sent there is
used. What waited then goes.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When

from outbox.models import DeadAddress, FurtherRecipient, Message, ReturnReason
from outbox.queue import queue_delivery


def bury(address: str, reason: ReturnReason, *, sent_at: datetime, now: datetime) -> None:
    """Nothing more goes to this address. `sent_at`: when the mail went that came back.

    A mail that went before the address was tried again says nothing of whether it works now.
    """
    dead, _made = DeadAddress.objects.select_for_update().get_or_create(
        address=address, defaults={"dead_at": now, "reason": reason}
    )
    if dead.lifted_at and sent_at > dead.lifted_at:
        DeadAddress.objects.filter(pk=dead.pk).update(dead_at=now, reason=reason, lifted_at=None)


@transaction.atomic
def lift(address: str, *, now: datetime) -> bool:
    """Write to this address again, and send what has waited for it. Whether it was dead."""
    if not DeadAddress.objects.lift(address, now=now):
        return False
    Message.objects.stopped(now).filter(to=address).update(stopped_at=None, next_attempt_at=now)
    transaction.on_commit(queue_delivery, robust=True)
    return True


def stop_what_waits(now: datetime) -> bool:
    """Mark what is due to an address that does not work, and return whether anything was due.

    One query where nothing is to be stopped. A mail that goes to others too is divided when it is sent.
    """
    dead = Exists(DeadAddress.objects.active().filter(address=OuterRef("to")))
    alone = ~Exists(FurtherRecipient.objects.filter(message=OuterRef("pk")))
    due = Message.objects.due(now).order_by()
    stops = Case(When(dead & alone & Q(secret=False), then=True), default=False, output_field=BooleanField())
    first = due.annotate(stops=stops).order_by("-stops").values_list("stops", flat=True).first()
    if first:
        due.filter(dead, alone, secret=False).update(stopped_at=now)
    return first is not None


def dead_of(addresses: Iterable[str]) -> dict[str, DeadAddress]:
    """Those of these addresses that do not work."""
    return {dead.address: dead for dead in DeadAddress.objects.active().filter(address__in=list(addresses))}
