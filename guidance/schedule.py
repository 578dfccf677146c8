"""When the planned mails of the guidance fall due, and until when each still says something true.

Every moment is at eight on a working day in Norway, whatever the season, unless what it follows from happened later.
What comes before something moves back to a working day, and what comes after something moves on to one.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from guidance.models import GuidanceSession, GuidanceSettings, Measure
from parts.dates import Slot, chain, end_of, morning, working_day

# Nobody is reminded within a day of the mail that told them.
BREATHER = timedelta(days=1)
# In days.
TOLD_WITHIN = 14
LOG_REMINDERS, LOG_REMINDED_EVERY = 3, 7
OVERDUE_REMINDERS, OVERDUE_REMINDED_EVERY = 4, 30
# No reminder of a log or a measure falls due, or ends, longer than this after the day that it is about.
LAST_REMINDED = 180


def news(happened_at: datetime) -> Slot:
    """A change of who is in a group: at once, and for as long as it is news."""
    return Slot(happened_at, happened_at + timedelta(days=TOLD_WITHIN))


def version_since(session: GuidanceSession) -> datetime:
    """Since when the session is planned as it is."""
    return session.changed_at or session.planned_at


def begins(session: GuidanceSession) -> datetime:
    """When a session begins. Without an hour it is still to come until its day ends."""
    if session.starts_at is None:
        return end_of(session.held_on)
    return timezone.make_aware(datetime.combine(session.held_on, session.starts_at))


def at_once(session: GuidanceSession) -> Slot:
    """That it is planned, or planned otherwise: at whatever hour that was done, and until it begins."""
    return Slot(version_since(session), begins(session))


def reminder(session: GuidanceSession, chosen: GuidanceSettings, *, told_at: datetime) -> list[Slot]:
    """Some days before it, unless the person was told of it on the last day before that."""
    moment = morning(working_day(session.held_on - timedelta(days=chosen.remind_days_before), step=-1))
    return chain([moment], last=begins(session), earliest=told_at + BREATHER)


def called_off(session: GuidanceSession, cancelled_at: datetime) -> Slot:
    return Slot(cancelled_at, begins(session))


def log_missing(session: GuidanceSession, chosen: GuidanceSettings, *, earliest: datetime) -> list[Slot]:
    """Some days after the session, then weekly."""
    first = log_late_on(session, chosen)
    days = [first + timedelta(days=turn * LOG_REMINDED_EVERY) for turn in range(LOG_REMINDERS)]
    mornings = [morning(working_day(day, step=1)) for day in days]
    return chain(mornings, last=mornings[-1] + timedelta(days=LOG_REMINDED_EVERY), earliest=earliest)


def log_late_on(session: GuidanceSession, chosen: GuidanceSettings) -> date:
    """The day from which its log is missed."""
    return session.held_on + timedelta(days=chosen.log_missing_after_days)


def due_soon_on(measure: Measure, chosen: GuidanceSettings) -> date:
    """The working day on which the first reminder of it falls due."""
    return working_day(measure.ends_on - timedelta(days=chosen.measure_due_days_before), step=-1)


def measure(measure: Measure, chosen: GuidanceSettings, *, earliest: datetime) -> list[Slot]:
    """Before its last day, then the day after it, then monthly."""
    soon = morning(due_soon_on(measure, chosen))
    first = measure.ends_on + timedelta(days=1)
    days = [first + timedelta(days=turn * OVERDUE_REMINDED_EVERY) for turn in range(OVERDUE_REMINDERS)]
    overdue = [morning(working_day(day, step=1)) for day in days]
    last = overdue[-1] + timedelta(days=OVERDUE_REMINDED_EVERY)
    return chain([soon], last=end_of(measure.ends_on), earliest=earliest) + chain(overdue, last=last, earliest=earliest)
