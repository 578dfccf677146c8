"""Deadlines that move along with their gathering."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gatherings.deadlines import moved_along
from gatherings.models import Gathering
from parts.dates import is_working_day

FIRST = date(2027, 3, 8)  # a Monday; Easter is from 25 to 29 March


def gathering(**days: date | None) -> Gathering:
    given = {
        "starts_on": FIRST,
        "ends_on": FIRST + timedelta(days=1),
        "opens_on": date(2027, 1, 18),
        "closes_on": date(2027, 2, 19),
        "travel_closes_on": date(2027, 2, 26),
    }
    return Gathering(semester=1, **given | days)


def test_a_week_later_all_of_them_are_a_week_later():
    assert moved_along(gathering(), starts_on=FIRST + timedelta(days=7)) == {
        "ends_on": date(2027, 3, 16),
        "opens_on": date(2027, 1, 25),
        "closes_on": date(2027, 2, 26),
        "travel_closes_on": date(2027, 3, 5),
    }


def test_what_would_come_on_a_day_off():
    """The two Fridays come on Saturdays, and Thursday 18 March plus a week on Maundy Thursday."""
    assert moved_along(gathering(), starts_on=FIRST + timedelta(days=1)) == {
        "ends_on": date(2027, 3, 10),
        "opens_on": date(2027, 1, 19),
        "closes_on": date(2027, 2, 19),
        "travel_closes_on": date(2027, 2, 26),
    }
    late = gathering(starts_on=date(2027, 4, 12), ends_on=None, travel_closes_on=date(2027, 3, 18))
    assert moved_along(late, starts_on=date(2027, 4, 19))["travel_closes_on"] == date(2027, 3, 24)


def test_registration_opens_on_the_next_working_day():
    friday = gathering(opens_on=date(2027, 1, 15))
    assert moved_along(friday, starts_on=FIRST + timedelta(days=1))["opens_on"] == date(2027, 1, 18)


def test_a_sunday_that_staff_chose_stays_a_sunday():
    sunday = gathering(closes_on=date(2027, 2, 21))
    assert moved_along(sunday, starts_on=FIRST + timedelta(days=7))["closes_on"] == date(2027, 2, 28)


def test_what_is_not_set_is_not_made_up():
    bare = gathering(ends_on=None, opens_on=None, closes_on=None, travel_closes_on=None)
    assert moved_along(bare, starts_on=FIRST + timedelta(days=7)) == {}
    assert moved_along(Gathering(semester=1), starts_on=FIRST) == {}


@given(
    by=st.integers(-60, 120),
    opens=st.integers(30, 60),
    closes=st.integers(8, 29),
    travel=st.integers(1, 20),
    length=st.integers(0, 2),
)
def test_in_order_and_on_working_days_whatever_the_move(by, opens, closes, travel, length):
    before = gathering(
        ends_on=FIRST + timedelta(days=length),
        opens_on=FIRST - timedelta(days=opens),
        closes_on=FIRST - timedelta(days=closes),
        travel_closes_on=FIRST - timedelta(days=travel),
    )
    starts_on = FIRST + timedelta(days=by)
    moved = moved_along(before, starts_on=starts_on)
    assert moved["opens_on"] <= moved["closes_on"] <= starts_on
    assert moved["travel_closes_on"] <= starts_on
    assert moved["ends_on"] - starts_on == timedelta(days=length)
    for name in ("closes_on", "travel_closes_on"):
        if is_working_day(getattr(before, name)):
            assert is_working_day(moved[name])
            assert moved[name] <= getattr(before, name) + timedelta(days=by)


def test_registration_that_has_opened_stays_open():
    before = gathering()
    moved = moved_along(before, starts_on=FIRST + timedelta(days=7), today=before.opens_on)
    assert "opens_on" not in moved
    assert moved["closes_on"] > before.closes_on
