"""What waits for a person about the gatherings, and what they come to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gatherings import places
from gatherings import todos as gatherings_todos
from gatherings.models import Answered, Attendance, Gathering, Registration
from gatherings.tests.conftest import entry
from gatherings.todos import EVALUATED_FOR
from participants import todos as participants_todos
from participants.functions import functions
from parts.names import joined


def todos(user, now):
    return gatherings_todos.todos(user, now, units=participants_todos.units(functions(user), now))


def waiting(user) -> list[tuple[str, str]]:
    return [(todo.title, todo.text) for todo in todos(user, timezone.now())[0]]


def titles(user) -> list[str]:
    return [title for title, _text in waiting(user)]


@pytest.fixture
def register(gathering, welcomed, contact):
    def register(number: int, **facts) -> Registration:
        person = entry(number, gathering=gathering, **facts)
        return places.register(gathering, [person], participation=welcomed, by=contact, now=timezone.now())[0]

    return register


def test_who_answers_for_units_registers_them_and_is_told_which(gathering, welcomed, contact, head, units, register):
    names = joined(unit.name for unit in units)
    assert waiting(contact) == [("Meld på til 1. samling", f"Ingen er påmeldt fra {names}.")]
    assert waiting(head) == [("Meld på til 1. samling", f"Ingen er påmeldt fra {units[0].name}.")]
    assert todos(head, timezone.now())[0][0].due_on == gathering.closes_on
    register(1, unit=units[0], function="head")
    assert waiting(head) == []
    assert units[0].name not in waiting(contact)[0][1]


def test_a_gathering_for_owners_asks_for_the_municipality(gathering, welcomed, contact, head, units, register):
    Gathering.objects.update(audience=["owner"])
    assert waiting(contact) == [("Meld på til 1. samling", "Ingen er påmeldt fra Indre Fosen.")]
    register(1)
    assert waiting(contact) == []


@pytest.mark.parametrize("facts", [{"settled": "cancelled"}, {"settled": "tentative"}, {"opens_on": None}])
def test_nothing_to_register_for(gathering, welcomed, contact, facts):
    Gathering.objects.update(**facts)
    assert waiting(contact) == []


@pytest.mark.parametrize("person", ["other_contact", "former_contact", "officer", "stranger", "staff"])
def test_nothing_of_it_waits_for_others(request, gathering, welcomed, person):
    assert waiting(request.getfixturevalue(person)) == []


def test_the_journey_is_to_be_ordered_until_it_is(gathering, register, today):
    registration = register(1)
    assert titles(registration.user) == ["Bestill reise til 1. samling"]
    registration.order_travel(on=today, by=registration.user)
    assert titles(registration.user) == []


def test_an_offer_is_to_be_answered_while_it_lasts(gathering, register, contact):
    Gathering.objects.update(capacity=1)
    first, second = register(1), register(2)
    assert titles(second.user) == []
    places.cancel(first, by=contact, now=timezone.now())
    assert titles(second.user) == ["Svar på tilbudet om plass på 1. samling"]
    Registration.objects.filter(pk=second.pk).update(offered_until=timezone.now())
    assert titles(second.user) == []


def test_who_answers_for_somebody_is_told_of_their_offer(gathering, welcomed, register, contact, head):
    """A place that nobody answers for is lost, and the person asked may be ill."""
    Gathering.objects.update(capacity=1)
    first, _second = register(1), register(2)
    places.cancel(first, by=contact, now=timezone.now())
    about = dict(waiting(contact))["Svar på tilbudet om plass til Person 2 på 1. samling"]
    assert (
        about
        == "Person 2 er spurt, og du kan svare for Person 2. Svarer ingen, går plassen til den neste på ventelista."
    )
    assert not any("tilbudet" in title for title in titles(head)), "comes for the municipality, not for the unit"


def test_who_was_there_evaluates_once_and_in_time(gathering, register, contact, today):
    registration = register(1, travel="none")
    Gathering.objects.update(starts_on=today, ends_on=None, closes_on=today)
    assert titles(registration.user) == []
    Attendance.objects.create(registration=registration, day=today, marked_at=timezone.now(), marked_by=contact)
    assert titles(registration.user) == ["Si hva du syntes om 1. samling"]
    later = timezone.now() + EVALUATED_FOR + timedelta(days=1)
    assert todos(registration.user, later)[0] == []
    Answered.objects.create(gathering=gathering, user=registration.user)
    assert titles(registration.user) == []


def test_what_one_comes_to(gathering, register, contact, today):
    registration = register(1)
    assert todos(registration.user, timezone.now())[1] == [registration]
    assert todos(contact, timezone.now())[1] == []
    Gathering.objects.update(starts_on=today - timedelta(days=2), ends_on=None, closes_on=None, opens_on=None)
    assert todos(registration.user, timezone.now())[1] == [registration]
    places.cancel(registration, by=contact, now=timezone.now())
    assert todos(registration.user, timezone.now())[1] == []


def test_a_full_gathering_is_said_where_it_asks_for_people(client, gathering, welcomed, contact, register):
    for capacity, full in [(None, False), (2, False), (1, True)]:
        Gathering.objects.update(capacity=capacity)
        Registration.objects.all().delete()
        register(1)
        assert ("Samlingen er full." in waiting(contact)[0][1]) is full
        client.force_login(contact)
        assert ("Samlingen er full." in client.get(gathering.get_absolute_url()).content.decode()) is full


def test_it_is_full_while_others_wait_too(gathering, welcomed, contact, register):
    Gathering.objects.update(capacity=1)
    register(1)
    register(2)
    Gathering.objects.update(capacity=5)
    assert places.is_full(gathering)
