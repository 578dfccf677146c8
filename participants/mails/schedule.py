"""When the reminders of a confirmation fall due: on working days before its deadline, and after it."""

from datetime import date, datetime, timedelta

from participants.models import Cohort
from parts.dates import Slot, chain, end_of, morning, working_day


def slots(cohort: Cohort, *, due_on: date, asked_at: datetime) -> tuple[list[Slot], list[Slot]]:
    """The reminders of one round: those before the deadline, and those after it.

    None falls within a day of `asked_at`, when the question or its newest deadline was mailed. Reminders before the
    deadline end with the deadline's day.
    """
    earliest = asked_at + timedelta(days=1)
    before = [morning(working_day(due_on - timedelta(days=days), step=-1)) for days in cohort.reminder_days]
    every = timedelta(days=cohort.remind_overdue_every)
    first = due_on + timedelta(days=1)
    after = [morning(working_day(first + turn * every, step=1)) for turn in range(cohort.remind_overdue_times)]
    soon = chain(before, last=end_of(due_on), earliest=earliest)
    overdue = chain(after, last=max(after) + every, earliest=earliest) if after else []
    return soon, overdue
