"""The reminders that staff may send: what each app would remind of now, by today's facts."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import timezone

from gatherings.mails import planned as of_gatherings
from gatherings.mails.texts import planned as gatherings_texts
from guidance.mails import planned as of_guidance
from guidance.mails import texts as guidance_texts
from lmp.mailcalendar import pausing
from lmp.mailcalendar.models import MailPause
from lmp.writing.models import Recipient, Writing
from outbox.models import Message
from outbox.pauses import rules
from outbox.plan import Planned
from participants.mails import planned as of_participants
from participants.mails import texts as participants_texts

Kind = Writing.Kind
# The mails that each kind of reminder goes as.
TEXTS = {
    Kind.CONFIRMATION: [participants_texts.REMINDER, participants_texts.OVERDUE],
    Kind.REGISTRATION: [gatherings_texts.REMINDER],
    Kind.TRAVEL: [gatherings_texts.TRAVEL],
    Kind.EVALUATION: [gatherings_texts.EVALUATION],
    Kind.MEASURES: [guidance_texts.MEASURES],
    Kind.LOGS: [guidance_texts.LOG_MISSING],
}


def names(kind: str) -> list[str]:
    return [text.name for text in TEXTS[Kind(kind)]]


def due(kind: str, *, now: datetime) -> dict[int, Planned]:
    """By person: the mail that reminds them now, of what they have to do first. A fixed number of queries."""
    found: dict[int, Planned] = {}
    for mail in sorted(_today(kind, now), key=lambda mail: mail.until):
        if mail.text.name in names(kind):
            found.setdefault(mail.recipient.pk, mail)
    return found


def sent_today(kind: str, people: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """By person: when they last got this kind of reminder today, by itself or from somebody. One query.

    A mail that was given up reminded nobody, and a test copy is none.
    """
    morning = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Message.objects.filter(
        recipient__in=people, text_name__in=names(kind), created_at__range=(morning, now), given_up_at=None
    ).exclude(key__startswith="writing.test:")
    return dict(rows.order_by("created_at", "pk").values_list("recipient", "created_at"))


def switched_off(writing: Writing, recipients: Collection[Recipient], *, now: datetime) -> list[MailPause]:
    """That this very reminder is switched off where some of them are. It may be sent by hand all the same."""
    if not writing.is_reminder:
        return []
    rule = next(rule for rule in rules().values() if names(writing.kind)[0] in rule.texts)
    participations = {each.pk: each for recipient in recipients for each in recipient.participations.all()}
    return pausing.concerning(rule.name, participations.values(), now=now)


def _today(kind: str, now: datetime) -> Iterable[Planned]:
    of_kind = {
        Kind.CONFIRMATION: of_participants.today,
        Kind.MEASURES: of_guidance.measures_today,
        Kind.LOGS: of_guidance.logs_today,
    }
    return of_kind.get(Kind(kind), of_gatherings.today)(now)
