"""Places: who has one, who waits, and who is next."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from gatherings import places
from gatherings.models import Registration
from gatherings.tests.conftest import entry
from parts.dates import end_of

OSLO = ZoneInfo("Europe/Oslo")
State = Registration.State


def states(gathering) -> list[tuple[str, str]]:
    return [(row.name, row.state) for row in gathering.registrations.order_by("pk")]


@pytest.fixture
def register(gathering, welcomed, contact):
    def register(*numbers, now=None, **facts):
        entries = [entry(number, gathering=gathering, **facts) for number in numbers]
        return places.register(gathering, entries, participation=welcomed, by=contact, now=now or timezone.now())

    return register


def limit(gathering, **limits) -> None:
    type(gathering).objects.filter(pk=gathering.pk).update(**limits)


def test_places_go_in_order_and_the_rest_wait(gathering, register):
    limit(gathering, capacity=2)
    register(1, 2, 3, 4)
    assert [state for _name, state in states(gathering)] == [State.PLACED, State.PLACED, State.WAITING, State.WAITING]


def test_twice_is_once(gathering, register):
    register(1, 1)
    register(1)
    assert len(states(gathering)) == 1


def test_the_same_address_in_other_letters_is_the_same_person(gathering, register):
    register(1)
    assert register(2, name="person  1", email=" Person.1@Example.NO ") == []


def test_nobody_of_another_name_is_lost_at_an_address_that_is_taken(gathering, register):
    register(1)
    with pytest.raises(ValidationError, match="Person 1"):
        register(2, email="person.1@example.no")
    assert register(2, email="person.1@example.no", same_person=True) == []
    assert len(states(gathering)) == 1


def test_a_freed_place_is_offered_to_the_next(gathering, register, contact):
    limit(gathering, capacity=1)
    first, second, _third = register(1, 2, 3)
    _row, passed = places.cancel(first, by=contact, now=timezone.now())
    assert passed.offered == [second]
    assert [state for _name, state in states(gathering)] == [State.CANCELLED, State.OFFERED, State.WAITING]


def test_cancelling_twice_frees_one_place(gathering, register, contact):
    limit(gathering, capacity=1)
    first, _second, _third = register(1, 2, 3)
    assert places.cancel(first, by=contact, now=timezone.now())
    assert places.cancel(first, by=contact, now=timezone.now()) is None
    assert [state for _name, state in states(gathering)] == [State.CANCELLED, State.OFFERED, State.WAITING]


def test_an_offer_holds_its_place_until_it_runs_out(gathering, register, contact):
    limit(gathering, capacity=1)
    now = timezone.now()
    first, second, third = register(1, 2, 3)
    places.cancel(first, by=contact, now=now)
    second.refresh_from_db()
    assert places.pass_on(gathering, now=now) == places.PlacesPassedOn([], [])
    assert places.pass_on(gathering, now=second.offered_until) == places.PlacesPassedOn([second], [third])
    with pytest.raises(ValidationError):
        places.accept(second, by=contact, now=second.offered_until)


def test_accepting_gives_the_place_once(gathering, register, contact):
    limit(gathering, capacity=1)
    first, second = register(1, 2)
    places.cancel(first, by=contact, now=timezone.now())
    assert places.accept(second, by=contact, now=timezone.now()).state == State.PLACED
    assert places.accept(second, by=contact, now=timezone.now()) is None


def test_nobody_accepts_a_place_at_a_gathering_that_is_cancelled(gathering, register, contact):
    limit(gathering, capacity=1)
    first, second = register(1, 2)
    places.cancel(first, by=contact, now=timezone.now())
    limit(gathering, settled="cancelled")
    with pytest.raises(ValidationError):
        places.accept(second, by=contact, now=timezone.now())


def test_who_let_an_offer_run_out_registers_anew_last_in_the_list(gathering, register, contact):
    limit(gathering, capacity=1)
    now = timezone.now()
    first, second, _third = register(1, 2, 3)
    places.cancel(first, by=contact, now=now)
    second.refresh_from_db()
    places.pass_on(gathering, now=second.offered_until)
    [again] = register(2)
    assert again.state == State.WAITING
    assert again.pk == gathering.registrations.waiting().last().pk


def test_nobody_passes_those_who_wait_when_the_limit_is_lifted(gathering, register):
    limit(gathering, capacity=1)
    register(1, 2)
    limit(gathering, capacity=5)
    [late] = register(3)
    assert late.state == State.WAITING
    assert [row.name for row in places.pass_on(gathering, now=timezone.now()).offered] == ["Person 2", "Person 3"]


def test_an_offer_never_lasts_into_the_gathering(gathering, today):
    gathering.starts_on = today + timedelta(days=2)
    until = gathering.offer_lasts_until(timezone.now())
    assert timezone.localdate(until) == gathering.starts_on


@pytest.mark.parametrize(
    ("offer_days", "given", "last"),
    [
        (3, "2026-11-02 23:59", date(2026, 11, 5)),
        (1, "2026-11-02 23:59", date(2026, 11, 3)),
        (3, "2026-11-08 23:59", date(2026, 11, 9)),  # it begins on the tenth
        (3, "2026-11-09 03:00", date(2026, 11, 9)),
        (3, "2026-11-09 16:00", date(2026, 11, 9)),
        (3, "2026-11-09 16:01", None),
        (3, "2026-11-09 23:59", None),
        (3, "2026-11-10 00:00", None),
        (3, "2026-11-11 12:00", None),
    ],
)
def test_an_offer_leaves_time_to_answer_it_awake(gathering, offer_days, given, last):
    gathering.starts_on, gathering.offer_days = date(2026, 11, 10), offer_days
    until = gathering.offer_lasts_until(datetime.fromisoformat(given).replace(tzinfo=OSLO))
    assert until == (end_of(last) if last else None)


def test_nothing_is_offered_the_evening_before_and_the_line_stays(gathering, register, contact):
    limit(gathering, capacity=1)
    first, second = register(1, 2)
    evening = datetime.combine(gathering.starts_on - timedelta(days=1), time(21), tzinfo=OSLO)
    _row, passed = places.cancel(first, by=contact, now=evening)
    assert passed.offered == []
    second.refresh_from_db()
    assert second.state == State.WAITING


def test_nothing_is_offered_on_the_day(gathering, register, contact, today):
    limit(gathering, capacity=1)
    first, _second = register(1, 2)
    limit(gathering, starts_on=today, closes_on=today, ends_on=None)
    _row, passed = places.cancel(first, by=contact, now=timezone.now())
    assert passed.offered == []


@pytest.mark.parametrize(
    ("limits", "unit", "fits"),
    [
        ({"capacity_a_municipality": 2}, False, 2),
        ({"capacity_a_unit": 1}, True, 1),
        ({"capacity_a_unit": 1}, False, 4),
    ],
)
def test_nobody_gets_more_than_their_share(gathering, register, units, limits, unit, fits):
    limit(gathering, **limits)
    facts = {"unit": units[0]} if unit else {}
    register(*range(fits), **facts)
    if fits == 4:
        return
    with pytest.raises(ValidationError):
        register(9, **facts)
    assert len(states(gathering)) == fits


def test_only_those_who_are_invited(gathering, register):
    limit(gathering, audience=["head"])
    with pytest.raises(ValidationError):
        register(1, function="owner")
    assert len(register(1, function="head")) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"settled": "tentative"},
        {"settled": "cancelled"},
        {"opens_on": None},
        {"closes_on": timezone.localdate() - timedelta(days=1), "opens_on": None},
    ],
)
def test_nobody_registers_while_registration_is_closed(gathering, register, facts):
    limit(gathering, **facts)
    with pytest.raises(ValidationError):
        register(1)


def test_staff_may_register_late_but_never_at_a_cancelled_one(gathering, welcomed, staff, today):
    limit(gathering, closes_on=today - timedelta(days=1))
    late = {"participation": welcomed, "by": staff, "now": timezone.now(), "late": True}
    assert len(places.register(gathering, [entry(gathering=gathering)], **late)) == 1
    limit(gathering, settled="cancelled")
    with pytest.raises(ValidationError):
        places.register(gathering, [entry(2, gathering=gathering)], **late)


def test_an_opening_without_a_deadline_is_refused(gathering):
    gathering.closes_on = None
    with pytest.raises(ValidationError):
        gathering.full_clean()
