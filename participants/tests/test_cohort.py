from datetime import date

import pytest

from participants.models import Cohort


@pytest.mark.parametrize(
    ("today", "years_after", "going_on"),
    [
        (date(2026, 8, 1), 0, True),  # the first school year begins
        (date(2026, 1, 15), 0, True),  # it is to come
        (date(2028, 7, 31), 0, True),
        (date(2028, 8, 1), 0, False),
        (date(2029, 7, 31), 1, True),
        (date(2029, 8, 1), 1, False),
    ],
)
def test_a_cohort_goes_on_for_two_school_years(cohort, today, years_after, going_on):
    Cohort.objects.update(first_year=2026, starts_on=date(2026, 9, 1))
    cohort.refresh_from_db()
    assert Cohort.objects.going_on(today=today, years_after=years_after).exists() == going_on
    assert years_after or (today <= cohort.ends_on) == going_on
