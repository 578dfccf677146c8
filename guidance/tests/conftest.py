"""A guidance group with a session held and one planned, at the same hour always."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from guidance.models import GuidanceSession, LogDraft
from participants.models import Participation, Unit

FACTS = {
    "form": GuidanceSession.Form.VISIT,
    "minutes": 90,
    "took_part": {"head": 2, "staff": 5},
    "involved": {"parents": ["asked"]},
    "themes": ["bullying", "Overganger"],
    "sub_goals": [4, 5],
    "worked_on": "Vi gikk gjennom kartleggingen.",
    "agreed": "Rektor legger fram planen for personalet.",
}


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
        form="visit",
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
