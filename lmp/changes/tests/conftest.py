"""A municipality that has confirmed, with two kindergartens that everything hangs on."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from conftest import make_contact, make_user
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry
from guidance.models import GuidanceSession, Measure
from guidance.tests.conftest import a_measure, planned_session
from participants.confirmation import asking
from participants.models import Contact, Participation, ProjectGroup, ProjectGroupMember, Unit


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    session = client.session
    second_factor.remember(session, user, kind="totp")
    session.save()
    return client


@pytest.fixture
def staff_client(client, staff) -> Client:
    return sign_in(client, staff)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def confirmed(participation, contact, units, staff) -> Participation:
    """Welcomed, and the first round answered."""
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    asked = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    Unit.objects.filter(participation=participation).update(children=40, counted_on=timezone.localdate(now))
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=now)
    return participation


@pytest.fixture
def other_head(participation, units, staff) -> User:
    user = make_user("leif.leder@example.no", "Leif Leder")
    make_contact(participation, user, Contact.Function.HEAD, unit=units[1], by=staff)
    return user


@pytest.fixture
def gathering(cohort, today) -> Gathering:
    """In three weeks, with two places."""
    return Gathering.objects.create(
        cohort=cohort,
        semester=1,
        starts_on=today + timedelta(days=21),
        ends_on=today + timedelta(days=22),
        venue="Clarion Hotel",
        address="Gardermoen",
        settled="fixed",
        capacity=2,
        opens_on=today - timedelta(days=7),
        closes_on=today + timedelta(days=10),
    )


@pytest.fixture
def registered(gathering, confirmed, units, contact, head) -> list[Registration]:
    """Two of the first kindergarten have the places, and somebody of the second waits."""
    rows = [("Hanne Styrer", units[0]), ("Anton Ansatt", units[0]), ("Vilde Venter", units[1])]
    entries = [
        entry(number, name=name, unit=unit, function=Contact.Function.HEAD, gathering=gathering)
        for number, (name, unit) in enumerate(rows)
    ]
    return places.register(gathering, entries, participation=confirmed, by=contact, now=timezone.now())


@pytest.fixture
def together(participation, supervisor, units) -> GuidanceSession:
    """With both kindergartens, in two weeks."""
    return planned_session(participation, supervisor, units[:2], days=14)


@pytest.fixture
def alone(participation, supervisor, units) -> GuidanceSession:
    """With the first kindergarten alone, in a week."""
    return planned_session(participation, supervisor, units[:1], days=7)


@pytest.fixture
def measure(units, head) -> Measure:
    return a_measure(units[0], head)


@pytest.fixture
def groups(units) -> list[ProjectGroup]:
    made = []
    for unit, names in ((units[0], ["Hanne", "Felles"]), (units[1], ["Leif", "Felles"])):
        group = ProjectGroup.objects.create(unit=unit, updated_at=timezone.now())
        for name in names:
            ProjectGroupMember.objects.create(group=group, name=name, part="staff")
        made.append(group)
    return made
