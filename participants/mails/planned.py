"""The mails that today's facts call for. What changes the facts changes the mails."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox import plan
from outbox.digest import Digest, DueReminder
from outbox.plan import Planned
from outbox.texts import MailText, Values
from participants.mails import schedule, texts
from participants.mails.scopes import scope
from participants.models import Confirmation, Contact
from parts.dates import Slot, day_in_words, end_of

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class NewestMail(TypedDict):
        told_at: datetime  # when the municipality was asked, or given the deadline that it has now

    ToldConfirmation = WithAnnotations[Confirmation, NewestMail]

# A confirmation, and whether its deadline is over.
Waiting = tuple[Confirmation, bool]


def planned(start: datetime, end: datetime) -> Iterator[Planned]:
    """The reminders with start < send_at <= end that today's facts call for, in three queries."""
    yield from REMINDERS.mails(_dues(), sent=REMINDERS.sent(start), start=start, end=end)


def today(now: datetime) -> Iterator[Planned]:
    """What each who has a confirmation to answer would be reminded of now, whatever has gone to them."""
    yield from REMINDERS.today(_dues_now(now))


def _dues() -> Iterator[DueReminder[Waiting]]:
    """A moved deadline reminds for its new day."""
    for contact, confirmation in _answering():
        cohort = confirmation.participation.cohort
        soon, overdue = schedule.slots(cohort, due_on=confirmation.due_on, asked_at=confirmation.told_at)
        for slot, is_overdue in [*((slot, False) for slot in soon), *((slot, True) for slot in overdue)]:
            yield _due(contact, confirmation, slot, is_overdue=is_overdue)


def _dues_now(now: datetime) -> Iterator[DueReminder[Waiting]]:
    for contact, confirmation in _answering():
        is_overdue = confirmation.due_on < timezone.localdate(now)
        slot = Slot(now, end_of(confirmation.due_on) if not is_overdue else now + plan.LOOK_BACK)
        yield _due(contact, confirmation, slot, is_overdue=is_overdue)


def _answering() -> "Iterator[tuple[Contact, ToldConfirmation]]":
    """Each who answers for a municipality that has not confirmed, with the round that it has open."""
    confirmations = cast(
        "list[ToldConfirmation]",
        Confirmation.objects.open()
        .with_moves()
        .annotate(told_at=Coalesce("moved_at", "asked_at"))
        .select_related("participation__cohort", "participation__municipality__county"),
    )
    by_participation = {confirmation.participation_id: confirmation for confirmation in confirmations}
    contacts = (
        Contact.objects.current()
        .filter(
            participation__in=by_participation,
            unit__isnull=True,
            function__in=Contact.EDITORS,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("pk")
    )
    for contact in contacts:
        yield contact, by_participation[contact.participation_id]


def _due(contact: Contact, confirmation: Confirmation, slot: Slot, *, is_overdue: bool) -> DueReminder[Waiting]:
    said = _("%(municipality)s har ikke bekreftet, frist til og med %(due)s")
    due = {"municipality": confirmation.participation, "due": day_in_words(confirmation.due_on)}
    return DueReminder(
        recipient=contact.user,
        name=contact.name,
        language=confirmation.participation.language_for(contact.user),
        send_at=slot.send_at,
        until=slot.until,
        version=f"{confirmation.pk}@{confirmation.due_on}",
        item=(confirmation, is_overdue),
        about=confirmation,
        why=said % due,
        scope=scope(confirmation.participation),
    )


def _text(waiting: Sequence[Waiting]) -> MailText:
    return texts.OVERDUE if any(is_overdue for _confirmation, is_overdue in waiting) else texts.REMINDER


def _fill(waiting: Sequence[Waiting], *, name: str) -> Values:
    return texts.reminder([confirmation for confirmation, _overdue in waiting], name=name)


REMINDERS: Digest[Waiting] = Digest(texts.REMINDER.name, _text, _fill)
