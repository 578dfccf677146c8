"""Indre Fosen has people at a gathering with a waiting list, sessions, measures and an open round. Bergen waits."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry, sign_in
from guidance.models import GuidanceSession, Measure
from guidance.tests.conftest import a_measure, planned_session
from lmp.changes.withdrawal import change
from lmp.changes.withdrawal.outcome import Ended
from participants.confirmation import asking
from participants.models import Confirmation, Participation

REASON = "Kommunestyret har vedtatt å prioritere andre oppgaver"


@pytest.fixture(autouse=True)
def noon():
    """Days and hours are counted from now: the same hour always, far from midnight."""
    with time_machine.travel(timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))):
        yield


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def staff_client(client, staff) -> Client:
    return sign_in(client, staff)


@pytest.fixture
def welcomed(participation, staff) -> Participation:
    participation.welcome(by=staff, now=timezone.now())
    return participation


@pytest.fixture
def other(other_participation, other_contact, staff) -> Participation:
    other_participation.welcome(by=staff, now=timezone.now())
    return other_participation


@pytest.fixture
def gathering(cohort, today) -> Gathering:
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
        capacity=2,
    )


def register(gathering, participation, *numbers, by) -> list[Registration]:
    entries = [entry(number, gathering=gathering, nights=[gathering.nights[0].isoformat()]) for number in numbers]
    return places.register(gathering, entries, participation=participation, by=by, now=timezone.now(), late=True)


@pytest.fixture
def asked(welcomed, staff, today) -> Confirmation:
    return asking.ask(welcomed, due_on=today + timedelta(days=30), by=staff, now=timezone.now())


@pytest.fixture
def planned(welcomed, supervisor, units) -> GuidanceSession:
    return planned_session(welcomed, supervisor, units[:2], days=14)


@pytest.fixture
def measure(welcomed, units, head) -> Measure:
    return a_measure(units[0], head, state="underway", progress="Halvveis")


@pytest.fixture
def busy(welcomed, other, gathering, contact, head, supervisor, officer, asked, planned, measure) -> Participation:
    """Two of theirs have the two places, one waits; then two of Bergen's wait."""
    register(gathering, welcomed, 1, 2, 3, by=contact)
    register(gathering, other, 4, 5, by=contact)
    return welcomed


def leave(*participations: Participation, by: User, **facts) -> list[Ended]:
    facts = {"decided_on": timezone.localdate(), "reason": REASON, "now": timezone.now()} | facts
    return change.withdraw(participations, by=by, **facts)
