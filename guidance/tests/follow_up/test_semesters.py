from datetime import date, timedelta
from itertools import pairwise

import pytest

from guidance.follow_up.semesters import CohortSemester, current_semester, semesters_of


@pytest.fixture
def spans(cohort):
    cohort.first_year = 2026
    return semesters_of(cohort)


def test_two_school_years_without_a_gap(spans, cohort):
    assert [span.first for span in spans] == [date(2026, 8, 1), date(2027, 1, 1), date(2027, 8, 1), date(2028, 1, 1)]
    assert spans[-1].last == cohort.ends_on == date(2028, 7, 31)
    assert all(one.last + timedelta(days=1) == two.first for one, two in pairwise(spans))


def test_each_day_is_as_much_of_it():
    span = CohortSemester(1, date(2026, 8, 1), date(2026, 8, 10))
    days = [date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 5), date(2026, 8, 10), date(2026, 8, 11)]
    assert [span.elapsed(today=day) for day in days] == [0.0, 0.1, 0.5, 1.0, 1.0]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2026, 3, 1), 1),
        (date(2026, 8, 1), 1),
        (date(2026, 12, 31), 1),
        (date(2027, 1, 1), 2),
        (date(2027, 7, 31), 2),
        (date(2027, 8, 1), 3),
        (date(2028, 1, 1), 4),
        (date(2030, 1, 1), 4),
    ],
)
def test_the_one_that_goes_on(spans, day, number):
    assert current_semester(spans, today=day).number == number


def test_how_much_has_gone(spans):
    first = spans[0]
    assert first.elapsed(today=first.first - timedelta(days=1)) == 0
    assert first.elapsed(today=first.last) == 1
    assert first.elapsed(today=date(2029, 1, 1)) == 1
    assert 0.49 < first.elapsed(today=date(2026, 10, 15)) < 0.51
