"""The mails that today's facts call for. What changes the facts changes the mails."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from outbox.digest import Digest, DueReminder
from outbox.plan import Planned
from outbox.texts import MailText, Values
from participants.mails import schedule, texts
from participants.models import Confirmation, Contact
from parts.dates import day_in_words

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


def _dues() -> Iterator[DueReminder[Waiting]]:
    """To each who answers for a municipality that has not confirmed. A moved deadline reminds for its new day."""
    confirmations = cast(
        "list[ToldConfirmation]",
        Confirmation.objects.open()
        .with_moves()
        .annotate(told_at=Coalesce("moved_at", "asked_at"))
        .select_related("participation__cohort", "participation__municipality"),
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
        confirmation = by_participation[contact.participation_id]
        cohort = confirmation.participation.cohort
        soon, overdue = schedule.slots(cohort, due_on=confirmation.due_on, asked_at=confirmation.told_at)
        why = _("%(municipality)s har ikke bekreftet, frist til og med %(due)s") % {
            "municipality": confirmation.participation,
            "due": day_in_words(confirmation.due_on),
        }
        for slot, is_overdue in [*((slot, False) for slot in soon), *((slot, True) for slot in overdue)]:
            yield DueReminder(
                recipient=contact.user,
                name=contact.name,
                language=confirmation.participation.language_for(contact.user),
                send_at=slot.send_at,
                until=slot.until,
                version=f"{confirmation.pk}@{confirmation.due_on}",
                item=(confirmation, is_overdue),
                about=confirmation,
                why=why,
                scope=frozenset({f"cohort:{cohort.number}"}),
            )


def _text(waiting: Sequence[Waiting]) -> MailText:
    return texts.OVERDUE if any(is_overdue for _confirmation, is_overdue in waiting) else texts.REMINDER


def _fill(waiting: Sequence[Waiting], *, name: str) -> Values:
    return texts.reminder([confirmation for confirmation, _overdue in waiting], name=name)


REMINDERS: Digest[Waiting] = Digest(texts.REMINDER.name, _text, _fill)
