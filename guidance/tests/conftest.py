"""A session that was held with the first unit, and a measure that was agreed in it and goes on."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import second_factor
from accounts.models import User
from guidance.models import GuidanceSession, Measure


def sign_in(client: Client, user: User) -> Client:
    """Staff have used their second factor."""
    client.force_login(user)
    if user.is_staff:
        session = client.session
        second_factor.remember(session, user, kind="totp")
        session.save()
    return client


@pytest.fixture
def noon() -> Iterator[None]:
    """For rules that count days or hours from now: the same hour always, far from midnight and the change of clock."""
    with time_machine.travel(timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))):
        yield


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def session(participation, units, supervisor, today) -> GuidanceSession:
    return a_session(participation, units[:1], supervisor, day=today - timedelta(days=2))


def a_session(participation, units, supervisor, *, day: date, **facts) -> GuidanceSession:
    """Held, with these facts in its log."""
    group, now = participation.guidance_group, timezone.now()
    plan = {"held_on": day, "starts_at": None, "form": "visit", "units": units, "by": supervisor, "now": now}
    found = GuidanceSession.plan(group=group, supervisors=[supervisor.supervisor], **plan)
    found.submit(token=uuid.uuid4(), facts=facts, units=units, supervisors=[], by=supervisor, now=now)
    return found


@pytest.fixture
def measure(units, head, session, today) -> Measure:
    return a_measure(units[0], head, ends_on=today + timedelta(days=20), opened_in=session)


def a_measure(unit, by, *, opened_in=None, state="planned", standing="", **facts) -> Measure:
    today = timezone.localdate()
    held = {
        "sub_goal": 4,
        "what": "Felles rutine for uteområdet",
        "why": "Elevundersøkelsen viser at det skjer mest ute.",
        "who": "Rektor",
        "starts_on": today - timedelta(days=60),
        "ends_on": today + timedelta(days=20),
    } | facts
    now = timezone.now()
    made = Measure.open(unit=unit, facts=held, token=uuid.uuid4(), opened_in=opened_in, by=by, now=now)
    if state != "planned":
        made.stand(state=state, standing=standing, by=by, now=now)
    return made


def text_of(answer) -> str:
    """What the page says, its line breaks and the like as blanks."""
    return " ".join(answer.content.decode().replace("&nbsp;", " ").split())
