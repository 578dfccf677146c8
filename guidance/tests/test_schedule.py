"""The mornings of the guidance's mails: working days, on the right side of what they are about."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from guidance import schedule
from guidance.models import GuidanceSession, GuidanceSettings, Measure

OSLO = ZoneInfo("Europe/Oslo")
LONG_AGO = datetime(2025, 1, 1, 9, tzinfo=OSLO)
CHOSEN = GuidanceSettings(remind_days_before=3, log_missing_after_days=3, measure_due_days_before=7)
DAY = timedelta(days=1)


def at(day: str, hour: int = 8) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), tzinfo=OSLO)


# A day off: the working day before it, and the one after it.
DAYS_OFF = [
    pytest.param("2026-11-07", "2026-11-06", "2026-11-09", id="a Saturday"),
    pytest.param("2026-12-24", "2026-12-23", "2026-12-28", id="Christmas Eve"),
    pytest.param("2026-12-31", "2026-12-30", "2027-01-04", id="New Year's Eve"),
    pytest.param("2026-12-25", "2026-12-23", "2026-12-28", id="Christmas Day"),
    pytest.param("2027-01-01", "2026-12-30", "2027-01-04", id="New Year's Day"),
    pytest.param("2027-03-25", "2027-03-24", "2027-03-30", id="Maundy Thursday"),
    pytest.param("2027-05-06", "2027-05-05", "2027-05-07", id="Ascension Day"),
    pytest.param("2027-05-17", "2027-05-14", "2027-05-18", id="17 May"),
]


def session(held_on: date, *, planned_at: datetime = LONG_AGO) -> GuidanceSession:
    return GuidanceSession(held_on=held_on, starts_at=time(9), planned_at=planned_at)


@pytest.mark.parametrize(("day", "before", "after"), DAYS_OFF)
class TestOnADayOff:
    def test_a_session_is_reminded_of_before_it(self, day, before, after):
        [slot] = schedule.reminder(session(date.fromisoformat(day) + 3 * DAY), CHOSEN, told_at=LONG_AGO)
        assert slot.send_at == at(before)

    def test_a_missing_log_waits_for_a_working_day(self, day, before, after):
        held_on = date.fromisoformat(day) - 3 * DAY
        slots = schedule.log_missing(session(held_on), CHOSEN, earliest=LONG_AGO)
        assert slots[0].send_at == at(after)

    def test_a_measure_is_reminded_of_before_its_end_and_after_it(self, day, before, after):
        soon = Measure(ends_on=date.fromisoformat(day) + 7 * DAY)
        over = Measure(ends_on=date.fromisoformat(day) - DAY)
        assert schedule.measure(soon, CHOSEN, earliest=LONG_AGO)[0].send_at == at(before)
        assert schedule.measure(over, CHOSEN, earliest=LONG_AGO)[1].send_at == at(after)


def test_nobody_is_reminded_on_the_heels_of_the_mail_that_told_them():
    coming = session(date(2027, 6, 11))  # a Friday, reminded of on Tuesday
    assert len(schedule.reminder(coming, CHOSEN, told_at=at("2027-06-07", 8))) == 1
    assert schedule.reminder(coming, CHOSEN, told_at=at("2027-06-07", 9)) == []


def test_what_is_planned_or_changed_on_a_day_off_is_told_at_once():
    planned = session(date(2027, 5, 19), planned_at=at("2027-05-17", 13))
    assert schedule.at_once(planned).send_at == at("2027-05-17", 13)
    moved = session(date(2027, 5, 19))
    moved.changed_at = at("2027-05-17", 13)
    assert schedule.at_once(moved).send_at == at("2027-05-17", 13)
