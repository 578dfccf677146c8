"""A guidance group with a session held and one planned, at the same hour always."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from guidance.models import GuidanceSession, LogDraft, Measure
from participants.models import Participation, Unit

FACTS = {
    "format": GuidanceSession.Format.VISIT,
    "minutes": 90,
    "took_part": {"head": 2, "staff": 5},
    "involved": {"parents": ["asked"]},
    "themes": ["bullying", "Overganger"],
    "sub_goals": [4, 5],
    "worked_on": "Vi gikk gjennom kartleggingen.",
    "agreed": "Rektor legger fram planen for personalet.",
}


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
    """For rules that count days from now: far from midnight and the change of clock."""
    with time_machine.travel(timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))):
        yield


def planned_session(participation: Participation, by: User, units: list[Unit], *, days: int = 0) -> GuidanceSession:
    """By this member of the group, so many days from today."""
    return GuidanceSession.plan(
        group=participation.guidance_group,
        held_on=timezone.localdate() + timedelta(days=days),
        starts_at=time(9),
        format="visit",
        units=units,
        supervisors=[by.supervisor],
        by=by,
        now=timezone.now(),
    )


def held_session(
    participation: Participation, by: User, units: list[Unit], *, days: int = 0, **facts
) -> GuidanceSession:
    session = planned_session(participation, by, units, days=days)
    session.submit(
        token=LogDraft(user=by).token,
        facts=FACTS | facts,
        units=units,
        supervisors=[by.supervisor],
        by=by,
        now=timezone.now(),
    )
    return session


@pytest.fixture
def planned(participation, supervisor, units) -> GuidanceSession:
    return planned_session(participation, supervisor, units[:2], days=7)


@pytest.fixture
def held(participation, supervisor, units) -> GuidanceSession:
    return held_session(participation, supervisor, units[:2], days=-7)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def session(participation, units, supervisor, today) -> GuidanceSession:
    return a_session(participation, units[:1], supervisor, day=today - timedelta(days=2))


def a_session(participation, units, supervisor, *, day: date, **facts) -> GuidanceSession:
    """Held, with these facts in its log."""
    group, now = participation.guidance_group, timezone.now()
    plan = {"held_on": day, "starts_at": None, "format": "visit", "units": units, "by": supervisor, "now": now}
    found = GuidanceSession.plan(group=group, supervisors=[supervisor.supervisor], **plan)
    facts = {"took_part": {"head": 1}} | facts
    found.submit(token=uuid.uuid4(), facts=facts, units=units, supervisors=[], by=supervisor, now=now)
    return found


@pytest.fixture
def measure(units, head, session, today) -> Measure:
    return a_measure(units[0], head, ends_on=today + timedelta(days=20), opened_in=session)


def a_measure(unit, by, *, opened_in=None, state="planned", progress="", **facts) -> Measure:
    today = timezone.localdate()
    held = {
        "sub_goal": 4,
        "what": "Felles rutine for uteområdet",
        "sources": ["survey"],
        "why": "Elevundersøkelsen viser at det skjer mest ute.",
        "who": "Rektor",
        "starts_on": today - timedelta(days=60),
        "ends_on": today + timedelta(days=20),
    } | facts
    now = timezone.now()
    made = Measure.open(unit=unit, facts=held, token=uuid.uuid4(), opened_in=opened_in, by=by, now=now)
    if state != "planned":
        made.report(state=state, progress=progress, by=by, now=now)
    return made


def text_of(answer) -> str:
    """What the page says, its line breaks and the like as blanks."""
    return " ".join(answer.content.decode().replace("&nbsp;", " ").split())
