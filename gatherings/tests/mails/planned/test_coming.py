"""The mails to those who come, before and after, and what it costs to plan all of a cohort's."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from gatherings import schedule
from gatherings.mails import planned
from gatherings.models import Answered, Attendance, Gathering, Registration
from gatherings.tests.mails.planned.conftest import (
    ASKED,
    alter,
    at,
    mails,
    register,
    when,
)
from outbox.models import Message
from participants.models import Contact, Municipality, Participation, Unit

Function = Contact.Function


class TestPractical:
    def test_a_week_before_to_each_who_has_a_place(self, gathering, welcomed, contact, clock):
        alter(gathering, capacity=2)
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1, 2, 3, nights=["2026-11-23"])
        assert when("practical") == [("person.1", "11-17 08:00+0100"), ("person.2", "11-17 08:00+0100")]
        mail = mails("practical")[0]
        assert mail.until == at(11, 24, 10)
        assert mail.values["tid"] == "tirsdag 24. november 2026 kl. 10.00 til onsdag 25. november 2026"
        assert mail.values["sted"] == "Clarion Hotel, Gardermoen"
        assert mail.values["netter"] == "mandag 23. november 2026"
        assert "10.00 Velkommen" in mail.values["program"]
        assert "Bestill hos reisebyrået." in mail.values["framgangsmaate"]

    def test_whoever_comes_late_gets_it_the_next_time(self, gathering, welcomed, contact, staff, clock, send):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        assert send(at(11, 17), "practical") == ["person.1"]
        clock.move_to(at(11, 20, 14))
        register(gathering, welcomed, staff, 2, late=True)
        assert send(at(11, 20, 14, 5), "practical") == ["person.2"]
        register(gathering, welcomed, staff, 3, late=True)
        assert send(at(11, 24, 10), "practical") == [], "it has begun"

    def test_a_moved_gathering_sends_it_for_the_new_date(self, gathering, welcomed, contact, clock, send):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        assert send(at(11, 17), "practical") == ["person.1"]
        alter(gathering, starts_on=date(2026, 12, 15), ends_on=date(2026, 12, 16))
        assert send(at(11, 18), "practical") == []
        assert send(at(12, 8), "practical") == ["person.1"]
        assert Message.objects.filter(to="person.1@example.no", text_name="gatherings.practical").count() == 2

    def test_a_cancelled_gathering_sends_nothing_and_gets_it_back(self, gathering, welcomed, contact, clock, send):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        alter(gathering, settled="cancelled")
        assert send(at(11, 17), "practical") == []
        alter(gathering, settled="fixed")
        assert send(at(11, 19), "practical") == ["person.1"]

    def test_an_unknown_hour_is_eight(self, gathering):
        assert schedule.begins(gathering.starts_on, None) == at(11, 24)

    def test_not_to_the_people_of_a_unit_that_is_closed_by_then(self, gathering, welcomed, contact, units, clock):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1, unit=units[0], function=Function.HEAD)
        Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 11, 18))
        assert when("practical") == [("person.1", "11-17 08:00+0100")]
        Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 11, 17))
        assert when("practical") == []
        assert {to for to, _when in when("travel")} == {"person.1"}, "they go before it closes"

    def test_those_of_a_unit_that_is_merged_come_for_the_other(self, gathering, welcomed, contact, units, clock):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1, unit=units[0], function=Function.HEAD)
        Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 11, 1), merged_into=units[1])
        assert when("practical") == [("person.1", "11-17 08:00+0100")]


class TestTravel:
    def test_twice_before_the_deadline_to_who_has_not_ordered(self, gathering, welcomed, contact, clock):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        register(gathering, welcomed, contact, 2, travel="own_car")
        [ordered] = register(gathering, welcomed, contact, 3)
        ordered.order_travel(on=date(2026, 10, 6), by=contact)
        assert when("travel") == [("person.1", "11-05 08:00+0100"), ("person.1", "11-09 08:00+0100")]
        first, last = mails("travel")
        assert (first.until, last.until) == (at(11, 9), at(11, 11, 0))
        assert first.values["frist"] == "tirsdag 10. november 2026"

    def test_who_got_the_place_the_day_before_has_just_been_told(self, gathering, welcomed, staff, clock):
        clock.move_to(at(11, 4, 12))
        register(gathering, welcomed, staff, 1, late=True)
        assert when("travel") == [("person.1", "11-09 08:00+0100")]

    def test_without_a_deadline_there_is_none(self, gathering, welcomed, contact, clock):
        alter(gathering, travel_closes_on=None)
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        assert when("travel") == []

    def test_who_waits_orders_nothing(self, gathering, welcomed, contact, clock):
        alter(gathering, capacity=1)
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1, 2)
        assert {to for to, _when in when("travel")} == {"person.1"}


class TestEvaluation:
    @pytest.fixture
    def there(self, gathering, welcomed, contact, staff, clock) -> list[Registration]:
        clock.move_to(at(10, 6))
        rows = register(gathering, welcomed, contact, 1, 2, 3)
        for row in rows[:2]:
            for day in gathering.days:
                Attendance.objects.create(registration=row, day=day, marked_at=at(11, 24), marked_by=staff)
        return rows

    def test_the_morning_after_and_a_week_later_to_who_was_there(self, there, gathering):
        assert when("evaluation") == [
            ("person.1", "11-26 08:00+0100"),
            ("person.2", "11-26 08:00+0100"),
            ("person.1", "12-03 08:00+0100"),
            ("person.2", "12-03 08:00+0100"),
        ]
        mail = mails("evaluation")[-1]
        assert mail.until == at(12, 10, 0)
        assert mail.values["lenke"].endswith(f"/samlinger/{gathering.pk}/evaluering/")
        assert mail.values["frist"] == "onsdag 9. desember 2026"

    def test_who_has_answered_is_not_asked_again(self, there, gathering, send):
        assert send(at(11, 26), "evaluation") == ["person.1", "person.2"]
        Answered.objects.create(gathering=gathering, user=there[0].user)
        assert send(at(12, 3), "evaluation") == ["person.2"]

    def test_not_when_it_is_too_late(self, there, send):
        assert send(at(12, 10, 0), "evaluation") == []


def fill(cohort, staff, *, municipalities: int, units: int) -> None:
    """Municipalities with a contact and units with a head each; every other unit has registered somebody."""
    done = {"welcomed_at": ASKED, "welcomed_by": staff}
    begun = {"started_at": ASKED, "started_by": staff}
    chosen = Municipality.objects.filter(participations__isnull=True).order_by("pk")[:municipalities]
    participations = Participation.objects.bulk_create(
        Participation(cohort=cohort, municipality=municipality, **done) for municipality in chosen
    )
    made = Unit.objects.bulk_create(
        Unit(participation=participation, name=f"Skole {turn}", kind="school")
        for participation in participations
        for turn in range(units)
    )
    places_for = [*participations, *made]
    people = User.objects.bulk_create(
        User(email=f"{type(place).__name__.lower()}.{place.pk}@example.no", name=f"Person {place.pk}")
        for place in places_for
    )
    answering = list(zip(places_for, people, strict=True))
    Contact.objects.bulk_create(
        Contact(participation=place, user=user, name=user.name, function=Function.OWNER, **begun)
        if isinstance(place, Participation)
        else Contact(
            participation=place.participation, unit=place, user=user, name=user.name, function=Function.HEAD, **begun
        )
        for place, user in answering
    )
    rows = Registration.objects.bulk_create(
        Registration(
            gathering=gathering,
            participation=unit.participation,
            unit=unit,
            user=user,
            name=user.name,
            function="head",
            registered_at=ASKED,
            registered_by=user,
            placed_at=ASKED,
        )
        for unit, user in answering[len(participations) :: 2]
        for gathering in Gathering.objects.select_related("cohort")
    )
    Attendance.objects.bulk_create(
        Attendance(registration=row, day=row.gathering.starts_on, marked_at=ASKED, marked_by=staff) for row in rows
    )


def test_sixty_municipalities_cost_no_more_queries_than_one(gathering, cohort, staff, django_assert_num_queries):
    Gathering.objects.create(
        cohort=cohort,
        kind="kick_off",
        settled="fixed",
        starts_on=date(2026, 11, 12),
        opens_on=date(2026, 10, 6),
        closes_on=date(2026, 10, 28),
    )

    def plan_it() -> int:
        with django_assert_num_queries(7):
            return len([dict(mail.values) for mail in planned.planned(ASKED - timedelta(days=1), at(12, 31))])

    fill(cohort, staff, municipalities=1, units=2)
    few = plan_it()
    fill(cohort, staff, municipalities=60, units=5)
    assert plan_it() > 50 * few
