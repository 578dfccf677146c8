"""When the reminders of a confirmation fall: before its deadline, and after it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from participants.models import Cohort
from parts.dates import end_of, morning, working_day


@dataclass(frozen=True)
class Slot:
    """A moment to remind, and until when that reminder still says something true."""

    send_at: datetime
    until: datetime
    overdue: bool


def slots(cohort: Cohort, *, due_on: date, asked_at: datetime) -> list[Slot]:
    """The reminders of one round, in order. None falls within a day of the question itself.

    Each slot lasts until the next one begins, so that a missed run catches up with one mail, not with several; those
    before the deadline end with the deadline's day.
    """
    before = {morning(working_day(due_on - timedelta(days=days), step=-1)) for days in cohort.reminder_days}
    earliest = asked_at + timedelta(days=1)
    starts = [(moment, False) for moment in sorted(before) if moment >= earliest]
    overdue = [
        morning(working_day(due_on + timedelta(days=1 + turn * cohort.remind_overdue_every), step=1))
        for turn in range(cohort.remind_overdue_times)
    ]
    starts += [(moment, True) for moment in sorted(set(overdue)) if moment >= earliest]

    deadline = end_of(due_on)
    result = []
    for position, (moment, is_overdue) in enumerate(starts):
        following = starts[position + 1][0] if position + 1 < len(starts) else None
        until = following or moment + timedelta(days=cohort.remind_overdue_every)
        result.append(Slot(moment, until if is_overdue else min(until, deadline), is_overdue))
    return result
