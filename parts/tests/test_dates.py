"""Which days are working days, and where a day off moves to."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from parts.dates import is_working_day, working_day
from tests import days_off


@pytest.mark.parametrize(
    ("what", "day", "before", "after"),
    [
        ("an ordinary Wednesday", "2026-11-04", "2026-11-04", "2026-11-04"),
        ("a Saturday", "2026-11-07", "2026-11-06", "2026-11-09"),
        ("a Sunday", "2026-11-08", "2026-11-06", "2026-11-09"),
        ("Christmas Day, a Friday", "2026-12-25", "2026-12-23", "2026-12-28"),
        ("New Year's Day, a Friday", "2027-01-01", "2026-12-30", "2027-01-04"),
        ("Christmas Eve, a Thursday", "2026-12-24", "2026-12-23", "2026-12-28"),
        ("New Year's Eve, a Thursday", "2026-12-31", "2026-12-30", "2027-01-04"),
        ("Maundy Thursday", "2027-03-25", "2027-03-24", "2027-03-30"),
        ("Good Friday", "2027-03-26", "2027-03-24", "2027-03-30"),
        ("Easter Monday", "2027-03-29", "2027-03-24", "2027-03-30"),
        ("the first of May, a Saturday", "2027-05-01", "2027-04-30", "2027-05-03"),
        ("Ascension Day", "2027-05-06", "2027-05-05", "2027-05-07"),
        ("17 May, a Monday", "2027-05-17", "2027-05-14", "2027-05-18"),
        ("17 May, a Wednesday", "2028-05-17", "2028-05-16", "2028-05-18"),
    ],
)
def test_a_day_off_moves_to_the_nearest_working_day(what, day, before, after):
    steps = {step: working_day(date.fromisoformat(day), step=step).isoformat() for step in (-1, 1)}
    assert steps == {-1: before, 1: after}, what


def test_three_years_are_as_in_the_almanac():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(1096)]
    assert days[-1] == date(2028, 12, 31)
    assert [day for day in days if is_working_day(day)] == [day for day in days if days_off.works(day)]


def test_a_year_beyond_every_almanac_has_weekends_alone():
    """A mistyped year stops no mail."""
    assert working_day(date(4926, 12, 25), step=1) >= date(4926, 12, 25)


def test_a_process_that_asks_for_no_day_does_not_load_the_almanac():
    command = "import sys, parts.dates; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
