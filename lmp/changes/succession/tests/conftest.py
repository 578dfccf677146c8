"""Per leads Statsbygd skole and has a place at the gathering; Kari answers for the municipality."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.places import Entry
from participants.models import Contact, Participation


@pytest.fixture(autouse=True)
def noon():
    """Days are counted from today: far from midnight."""
    with time_machine.travel(timezone.make_aware(datetime.combine(timezone.localdate(), time(12))), tick=False):
        yield


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def welcomed(participation, staff) -> Participation:
    participation.welcome(by=staff, now=timezone.now())
    return participation


@pytest.fixture
def own(welcomed, contact) -> Contact:
    return Contact.objects.get(user=contact)


@pytest.fixture
def per(welcomed, own, units, staff) -> Contact:
    user = make_user("per.rektor@example.no", "Per Rektor")
    return make_contact(welcomed, user, Contact.Function.HEAD, unit=units[2], by=staff)


@pytest.fixture
def gathering(cohort, today) -> Gathering:
    return Gathering.objects.create(
        cohort=cohort,
        semester=1,
        starts_on=today + timedelta(days=21),
        ends_on=today + timedelta(days=22),
        settled="fixed",
        opens_on=today - timedelta(days=7),
        closes_on=today + timedelta(days=10),
        travel_closes_on=today + timedelta(days=12),
        capacity=1,
    )


def sign_up(gathering: Gathering, contact: Contact, *, by: User) -> Registration:
    entry = Entry(
        name=contact.name,
        email=contact.user.email,
        function=contact.function,
        unit=contact.unit,
        days=[day.isoformat() for day in gathering.days],
        nights=[],
        travel=Registration.Travel.ORDERS,
    )
    places.register(gathering, [entry], participation=contact.participation, by=by, now=timezone.now())
    return Registration.objects.get(gathering=gathering, user=contact.user)


@pytest.fixture
def seat(gathering, per, contact) -> Registration:
    return sign_up(gathering, per, by=contact)
