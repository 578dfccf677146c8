"""The mails about what somebody has left to do: a log that is missing, and a measure that is due.

One a person and morning, naming all of it. What a mail has named is in its key, so that something which joins the same
morning later is neither silenced by the mail that has gone, nor makes that one go again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from guidance import schedule
from guidance.mails import texts
from guidance.mails.people import People, Recipient, as_recipients
from guidance.mails.span import scope, until
from guidance.models import GuidanceSession, GuidanceSettings, Measure
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from participants.models import Cohort
from parts.dates import day_in_words
from parts.slots import Slot

# As many as there is room for in a key, whose length has an end.
MOST_NAMED = 25


@dataclass(frozen=True)
class Due:
    """What one person is to be reminded of one morning."""

    recipient: Recipient
    slot: Slot
    cohort: Cohort
    about: GuidanceSession | Measure
    why: str

    @property
    def until(self) -> datetime:
        return until(self.slot, self.cohort)


@dataclass(frozen=True)
class Kind:
    text: MailText
    fill: Callable[..., Values]


LOGS = Kind(texts.LOG_MISSING, texts.log_missing)
MEASURES = Kind(texts.MEASURES, texts.measures)


def measures(start: datetime, end: datetime) -> list[Measure]:
    """Those that go on in units that are, of which a reminder may fall due."""
    first = timezone.localdate(start) - timedelta(days=schedule.LAST_REMINDED)
    last = timezone.localdate(end) + timedelta(days=schedule.LAST_REMINDED)
    return list(
        Measure.objects.going_on()
        .filter(
            ends_on__range=(first, last),
            unit__closed_on__isnull=True,
            unit__participation__withdrawn_at__isnull=True,
        )
        .select_related("unit__participation__municipality", "unit__participation__cohort__guidance_settings")
        .order_by("ends_on", "pk")
    )


def planned(
    kind: Kind, dues: Iterable[Due], *, sent: Iterable[str], start: datetime, end: datetime
) -> Iterator[Planned]:
    """`sent`: the keys of the mails of this kind that have gone."""
    keys: dict[str, list[str]] = defaultdict(list)
    for key in sent:
        keys[key.rpartition(":")[0] + ":"].append(key)
    mornings: dict[tuple[datetime, int], dict[str, Due]] = defaultdict(dict)
    for due in dues:
        if start < due.slot.send_at <= end:
            mornings[due.slot.send_at, due.recipient.user.pk][str(due.about.pk)] = due
    for (send_at, user), rest in sorted(mornings.items()):
        beginning = f"{kind.text.name}:{timezone.localdate(send_at)}:{user}:"
        for key in keys[beginning]:
            if named := [rest.pop(pk) for pk in key.removeprefix(beginning).split("+") if pk in rest]:
                yield _reminder(kind, key, named)
        # What is past its time when a missed run catches up is not named, and takes none of the others with it.
        still = [due for due in rest.values() if due.until > end] or list(rest.values())
        still.sort(key=_order)
        for first in range(0, len(still), MOST_NAMED):
            part = still[first : first + MOST_NAMED]
            yield _reminder(kind, beginning + "+".join(str(due.about.pk) for due in part), part)


def of_logs(sessions: list[GuidanceSession], people: People) -> Iterator[Due]:
    for session in sessions:
        if session.cancelled_at:
            continue
        cohort = session.group.participation.cohort
        for recipient in as_recipients(people.supervisors(session)):
            earliest = max(schedule.version_since(session), recipient.since)
            for slot in schedule.log_missing(session, GuidanceSettings.objects.of(cohort), earliest=earliest):
                why = _("loggen fra %(day)s mangler") % {"day": day_in_words(session.held_on)}
                yield Due(recipient, slot, cohort, session, why)


def of_measures(measures: list[Measure], people: People) -> Iterator[Due]:
    """To the unit's head; to those who answer for the municipality when it has none."""
    for measure in measures:
        participation = measure.unit.participation
        told = people.heads(participation.pk, [measure.unit_id]) or people.editors(participation.pk)
        for recipient in told:
            earliest = max(measure.opened_at, recipient.since)
            for slot in schedule.measure(measure, GuidanceSettings.objects.of(participation.cohort), earliest=earliest):
                why = _("tiltak ved %(unit)s, frist %(day)s") % {
                    "unit": measure.unit,
                    "day": day_in_words(measure.ends_on),
                }
                yield Due(recipient, slot, participation.cohort, measure, why)


def _order(due: Due) -> tuple[datetime, int]:
    return due.until, due.about.pk


def _reminder(kind: Kind, key: str, dues: Sequence[Due]) -> Planned:
    first = min(dues, key=_order)
    recipient, about = first.recipient, [due.about for due in sorted(dues, key=_order)]
    return Planned(
        key=key,
        to=recipient.user.email,
        name=recipient.name,
        language=recipient.language,
        text=kind.text,
        send_at=first.slot.send_at,
        until=max(due.until for due in dues),
        why="; ".join(due.why for due in dues),
        values=WhenRead(recipient.language, lambda: kind.fill(about, name=recipient.name)),
        about=first.about,
        scope=scope(*(due.cohort for due in dues)),
    )
