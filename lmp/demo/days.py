"""Dates counted from the day on which the demo is loaded. They fall on working days, as an office's do."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

SATURDAY, SEPTEMBER, TUESDAY = 5, 9, 1


@dataclass(frozen=True)
class Days:
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def day(self, offset: int) -> date:
        """The working day nearest that many days from today: before it in the past, after it in the future."""
        day = self.today + timedelta(days=offset)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1 if offset > 0 else -1)
        return day

    def at(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment in the past, in office hours."""
        return moment(self.day(offset), hour, minute)

    @property
    def school_start(self) -> date:
        """The next 1 September that leaves a summer's time to prepare."""
        this_year = date(self.today.year, SEPTEMBER, 1)
        too_late = self.today + timedelta(days=90) > this_year
        return this_year.replace(year=this_year.year + too_late)


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def second_tuesday(month: date) -> date:
    first = month.replace(day=1)
    return first + timedelta(days=(TUESDAY - first.weekday()) % 7 + 7)
