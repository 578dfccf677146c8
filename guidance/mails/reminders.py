"""The mails about what somebody has left to do: a log that is missing, and a measure that is due."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from guidance import schedule
from guidance.mails import texts
from guidance.mails.people import GuidanceRecipient, People, as_recipients
from guidance.mails.removed import responsible
from guidance.mails.span import until
from guidance.models import GuidanceSession, GuidanceSettings, Measure
from outbox import plan
from outbox.digest import Digest, DueReminder
from participants.mails.scopes import scope
from participants.models import Participation
from parts.dates import Slot, day_in_words, end_of, through

Item = TypeVar("Item", GuidanceSession, Measure)

LOGS: Digest[GuidanceSession] = Digest(texts.LOG_MISSING.name, lambda _sessions: texts.LOG_MISSING, texts.log_missing)
MEASURES: Digest[Measure] = Digest(texts.MEASURES.name, lambda _measures: texts.MEASURES, texts.measures)


def of_logs(sessions: list[GuidanceSession], people: People) -> Iterator[DueReminder[GuidanceSession]]:
    for session in sessions:
        if session.cancelled_at:
            continue
        participation = session.group.participation
        chosen = GuidanceSettings.objects.of(participation.cohort)
        for recipient in as_recipients(people.supervisors(session)):
            earliest = max(schedule.version_since(session), recipient.since)
            for slot in schedule.log_missing(session, chosen, earliest=earliest):
                yield _due_log(session, recipient, slot)


def of_logs_now(
    sessions: list[GuidanceSession], people: People, *, now: datetime
) -> Iterator[DueReminder[GuidanceSession]]:
    """Of those that are missed, whatever has gone and however long ago; none in a cohort that is over."""
    today = timezone.localdate(now)
    for session in sessions:
        cohort = session.group.participation.cohort
        late = schedule.log_late_on(session, GuidanceSettings.objects.of(cohort))
        if not session.cancelled_at and late <= today <= cohort.ends_on:
            for recipient in as_recipients(people.supervisors(session)):
                yield _due_log(session, recipient, Slot(now, now + plan.LOOK_BACK))


def _due_log(session: GuidanceSession, recipient: GuidanceRecipient, slot: Slot) -> DueReminder[GuidanceSession]:
    participation = session.group.participation
    why = _("loggen fra %(name)s %(day)s mangler") % {
        "name": participation.municipality.name_told_apart,
        "day": day_in_words(session.held_on),
    }
    return _due(session, recipient, slot, participation, why)


def of_measures(measures: list[Measure], people: People) -> Iterator[DueReminder[Measure]]:
    """To the unit's head; to those who answer for the municipality when it has none."""
    for measure in measures:
        participation = measure.unit.participation
        for recipient in responsible([measure.unit], people):
            earliest = max(measure.opened_at, recipient.since)
            for slot in schedule.measure(measure, GuidanceSettings.objects.of(participation.cohort), earliest=earliest):
                if measure.unit.is_active(today=timezone.localdate(slot.send_at)):
                    yield _due_measure(measure, recipient, slot)


def of_measures_now(measures: list[Measure], people: People, *, now: datetime) -> Iterator[DueReminder[Measure]]:
    """Of those that a reminder has fallen due of, whatever has gone; none in a cohort that is over."""
    today = timezone.localdate(now)
    for measure in measures:
        cohort = measure.unit.participation.cohort
        soon = schedule.due_soon_on(measure, GuidanceSettings.objects.of(cohort))
        if soon <= today <= cohort.ends_on:
            last = end_of(measure.ends_on) if today <= measure.ends_on else now + plan.LOOK_BACK
            for recipient in responsible([measure.unit], people):
                yield _due_measure(measure, recipient, Slot(now, last))


def _due_measure(measure: Measure, recipient: GuidanceRecipient, slot: Slot) -> DueReminder[Measure]:
    why = _("tiltak ved %(unit)s, frist %(day)s") % {"unit": measure.unit, "day": through(measure.ends_on)}
    return _due(measure, recipient, slot, measure.unit.participation, why)


def _due(
    item: Item, recipient: GuidanceRecipient, slot: Slot, participation: Participation, why: str
) -> DueReminder[Item]:
    return DueReminder(
        recipient=recipient.user,
        name=recipient.name,
        language=recipient.language,
        send_at=slot.send_at,
        until=until(slot, participation.cohort),
        version=str(item.pk),
        item=item,
        about=item,
        why=why,
        scope=scope(participation),
    )
