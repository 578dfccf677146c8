"""Hanne leads a kindergarten, has a place at a gathering in three weeks, and a guidance session ahead."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from gatherings.models import Gathering, Registration
from guidance.models import GuidanceSession
from guidance.tests.conftest import planned_session
from outbox import plan
from participants.models import Contact, Participation

NEW = "hanne.hansen@example.no"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def gathering(cohort) -> Gathering:
    today = timezone.localdate()
    return Gathering.objects.create(
        cohort=cohort,
        semester=1,
        starts_on=today + timedelta(days=21),
        ends_on=today + timedelta(days=22),
        venue="Clarion",
        settled="fixed",
        opens_on=today - timedelta(days=7),
        closes_on=today + timedelta(days=10),
        travel_closes_on=today + timedelta(days=12),
    )


def seat(gathering: Gathering, participation: Participation, person: User, **facts) -> Registration:
    """A place, unless the facts say otherwise."""
    now = timezone.now()
    return Registration.objects.create(
        **{
            "gathering": gathering,
            "participation": participation,
            "user": person,
            "name": person.name,
            "function": Contact.Function.HEAD,
            "days": [day.isoformat() for day in gathering.days],
            "registered_at": now,
            "registered_by": person,
            "placed_at": now,
        }
        | facts
    )


@pytest.fixture
def welcomed(participation, staff) -> Participation:
    participation.welcome(by=staff, now=timezone.now())
    return participation


@pytest.fixture
def place(gathering, welcomed, units, head) -> Registration:
    return seat(gathering, welcomed, head, unit=units[0])


@pytest.fixture
def session(welcomed, units, head, supervisor) -> GuidanceSession:
    """Tomorrow, with the mail about it gone to everybody."""
    made = planned_session(welcomed, supervisor, [units[0]], days=1)
    plan.send_due(timezone.now())
    return made


@pytest.fixture
def own(head) -> Contact:
    """Hanne's function."""
    return head.contacts.get()


def as_staff(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    return client


@pytest.fixture
def staff_client(staff) -> Client:
    return as_staff(staff)
