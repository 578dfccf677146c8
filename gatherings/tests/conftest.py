"""A gathering in three weeks, open for registration, and those who may come to it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.places import Entry
from participants.models import Contact, Participation


def entry(number: int = 1, **facts) -> Entry:
    days = facts.pop("gathering", None)
    chosen = [day.isoformat() for day in days.days] if days else []
    return Entry(
        **{
            "name": f"Person {number}",
            "email": f"person.{number}@example.no",
            "function": Contact.Function.OWNER,
            "unit": None,
            "days": chosen,
            "nights": [],
            "travel": Registration.Travel.ORDERS,
        }
        | facts
    )


def sign_in(client: Client, user: User) -> Client:
    """Staff who have used their second factor."""
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
def gathering(cohort, today) -> Gathering:
    return Gathering.objects.create(
        cohort=cohort,
        semester=1,
        starts_on=today + timedelta(days=21),
        ends_on=today + timedelta(days=22),
        venue="Clarion Hotel & Congress",
        address="Hans Gaarders veg 15, Gardermoen",
        settled="fixed",
        opens_on=today - timedelta(days=7),
        closes_on=today + timedelta(days=10),
        travel_closes_on=today + timedelta(days=12),
        procedure="Bestill reisen hos reisebyrået og oppgi samlingens nummer.",
    )


@pytest.fixture
def welcomed(participation, staff) -> Participation:
    participation.welcome(by=staff, now=timezone.now())
    return participation


@pytest.fixture
def registration(gathering, welcomed, contact) -> Registration:
    """The contact's own, for the municipality."""
    [made] = places.register(
        gathering,
        [entry(name=contact.name, email=contact.email, gathering=gathering, nights=[gathering.nights[0].isoformat()])],
        participation=welcomed,
        by=contact,
        now=timezone.now(),
    )
    return made


@pytest.fixture
def one_of_each(gathering, welcomed, contact) -> dict[str, Registration]:
    """A registration in every state."""
    now = timezone.now()
    entries = [entry(number, name=str(state), gathering=gathering) for number, state in enumerate(Registration.State)]
    made = places.register(gathering, entries, participation=welcomed, by=contact, now=now)
    rows = {str(state): row for state, row in zip(Registration.State, made, strict=True)}
    Registration.objects.exclude(name="placed").update(placed_at=None)
    Registration.objects.filter(name__in=["offered", "expired"]).update(offered_at=now, offered_until=now)
    Registration.objects.filter(name="expired").update(expired_at=now)
    Registration.objects.filter(name="cancelled").update(cancelled_at=now, cancelled_by=contact)
    return rows


@pytest.fixture
def noon() -> Iterator[None]:
    """For rules that count days or hours from now: the same hour always, far from midnight and the change of clock."""
    with time_machine.travel(timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))):
        yield
