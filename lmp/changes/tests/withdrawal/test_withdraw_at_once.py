"""A municipality withdraws in the moment in which somebody of it is registered, on PostgreSQL: nobody is left there."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry
from lmp.changes.withdrawal import change
from participants.models import Contact, Municipality, Participation

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS, HANDS = 10, 3


def at_once(acts) -> list:
    barrier = Barrier(len(acts))

    def let_go(act):
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(let_go, acts))


def a_municipality(number: int, cohort, *, by: User) -> Participation:
    municipality = Municipality.objects.order_by("number")[number]
    now = timezone.now()
    made = Participation.objects.create(cohort=cohort, municipality=municipality, accepted_at=now, accepted_by=by)
    made.welcome(by=by, now=now)
    make_contact(made, make_user(f"kontakt{number}@example.no", "Kari Kontakt"), Contact.Function.OWNER, by=by)
    return made


def register(participation: Participation, gathering: Gathering, number: int, *, by: User) -> str:
    try:
        people = [entry(number, gathering=gathering)]
        places.register(gathering, people, participation=participation, by=by, now=timezone.now())
    except ValidationError as refused:
        return refused.code
    return "registered"


def withdraw(participation: Participation, *, by: User) -> int:
    today, now = timezone.localdate(), timezone.now()
    ended = change.withdraw([participation], decided_on=today, reason="Ikke kapasitet", by=by, now=now)
    return len(ended[0].gatherings.registrations)


def test_nobody_is_registered_for_who_has_withdrawn(cohort, gathering, staff):
    Gathering.objects.update(capacity=None)
    for number in range(ROUNDS):
        participation = a_municipality(number, cohort, by=staff)

        def leave(participation=participation):
            return withdraw(Participation.objects.get(pk=participation.pk), by=staff)

        def come(hand, participation=participation, number=number):
            own = Participation.objects.get(pk=participation.pk)
            return register(own, Gathering.objects.get(pk=gathering.pk), number * HANDS + hand, by=staff)

        signed_off, *answers = at_once([leave, *(lambda hand=hand: come(hand) for hand in range(HANDS))])
        assert set(answers) <= {"registered", "withdrawn"}
        assert answers.count("registered") == signed_off  # who came first was signed off again, and no other
        assert not Registration.objects.active().filter(participation=participation).exists()
