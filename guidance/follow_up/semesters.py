"""A cohort's four semesters: August to December and January to July, twice."""

from dataclasses import dataclass
from datetime import date, timedelta

from participants.models import Cohort


@dataclass(frozen=True)
class CohortSemester:
    """From its first day to its last, both included."""

    number: int
    first: date
    last: date

    def elapsed(self, *, today: date) -> float:
        """How much of it has passed, from 0 to 1."""
        if today < self.first:
            return 0.0
        return min(1.0, ((today - self.first).days + 1) / ((self.last - self.first).days + 1))

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def semesters_of(cohort: Cohort) -> list[CohortSemester]:
    year = cohort.first_year
    starts = [date(year, 8, 1), date(year + 1, 1, 1), date(year + 1, 8, 1), date(year + 2, 1, 1)]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [cohort.ends_on]
    return [CohortSemester(number, *days) for number, days in enumerate(zip(starts, ends, strict=True), start=1)]


def current_semester(semesters: list[CohortSemester], *, today: date) -> CohortSemester:
    """The one that is going on; the first before it all begins, the last when it is over."""
    begun = [semester for semester in semesters if semester.first <= today]
    return begun[-1] if begun else semesters[0]
