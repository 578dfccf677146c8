"""The mornings of a gathering's mails: working days, on the right side of what they are about."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from gatherings import schedule

OSLO = ZoneInfo("Europe/Oslo")
LONG_AGO = datetime(2025, 1, 1, 9, tzinfo=OSLO)


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


@pytest.mark.parametrize(("day", "before", "after"), DAYS_OFF)
class TestOnADayOff:
    def test_the_invitation_waits_for_a_working_day(self, day, before, after):
        opens_on = date.fromisoformat(day)
        slot = schedule.invitation(opens_on, date(2027, 12, 1), since=[LONG_AGO, None])
        assert slot.send_at == at(after)

    def test_practical_information_goes_before_it(self, day, before, after):
        starts_on = date.fromisoformat(day) + 7 * schedule.BREATHER
        [slot] = schedule.practical(starts_on, begins=schedule.begins(starts_on, time(10)), placed_at=LONG_AGO)
        assert (slot.send_at, slot.until) == (at(before), at(starts_on.isoformat(), 10))

    def test_reminders_go_before_it(self, day, before, after):
        last, first = (date.fromisoformat(day) + number * schedule.BREATHER for number in (2, 7))
        assert schedule.reminders(last, invited_at=LONG_AGO)[-1].send_at == at(before)
        assert schedule.reminders(first, invited_at=LONG_AGO)[0].send_at == at(before)

    def test_the_journey_is_reminded_of_before_it(self, day, before, after):
        closes_on = date.fromisoformat(day) + schedule.BREATHER
        slots = schedule.travel(closes_on, begins=at("2027-12-01"), placed_at=LONG_AGO)
        assert slots[-1].send_at == at(before)

    def test_the_evaluation_waits_for_a_working_day(self, day, before, after):
        last = date.fromisoformat(day)
        first, _second = schedule.evaluation(last - schedule.BREATHER)
        _first, second = schedule.evaluation(last - 8 * schedule.BREATHER)
        assert (first.send_at, second.send_at) == (at(after), at(after))
        assert first.send_at < first.until


def test_registration_that_closes_before_there_is_a_working_day_invites_when_it_opens():
    slot = schedule.invitation(date(2027, 3, 25), date(2027, 3, 29), since=[])
    assert (slot.send_at, slot.until) == (at("2027-03-25"), at("2027-03-30", 0))


def test_who_is_welcomed_on_a_day_off_is_invited_at_once():
    welcomed = at("2027-05-17", 13)
    assert schedule.invitation(date(2027, 5, 3), date(2027, 6, 1), since=[welcomed]).send_at == welcomed


def test_who_gets_a_place_on_a_day_off_gets_the_practical_information_at_once():
    placed = at("2027-05-17", 13)
    [slot] = schedule.practical(date(2027, 5, 19), begins=at("2027-05-19", 10), placed_at=placed)
    assert slot.send_at == placed


def test_two_reminders_that_move_to_the_same_morning_are_one():
    """Closing on Wednesday after Easter 2027, both move to the Wednesday before it."""
    [slot] = schedule.reminders(date(2027, 3, 31), invited_at=LONG_AGO)
    assert (slot.send_at, slot.until) == (at("2027-03-24"), at("2027-04-01", 0))
