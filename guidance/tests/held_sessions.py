"""Sessions and logs to test with, in a cohort that has lasted a while whatever day it is."""

import uuid
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from guidance.models import GuidanceGroup, GuidanceSession
from participants.models import Participation, Unit


def going_on(participation: Participation) -> GuidanceGroup:
    """The municipality's group, well into its cohort."""
    cohort = participation.cohort
    today = timezone.localdate()
    cohort.first_year, cohort.starts_on = today.year - 1, today - timedelta(days=200)
    cohort.save()
    group, _made = GuidanceGroup.objects.get_or_create(participation=participation)
    group.participation = participation
    return group


def planned(group: GuidanceGroup, by: User, *, day: int = 0, units: list[Unit] | None = None, **facts):
    """`day`: from today."""
    facts = {"starts_at": None, "format": "visit"} | facts
    return GuidanceSession.plan(
        group=group,
        held_on=timezone.localdate() + timedelta(days=day),
        units=units or [],
        supervisors=[by.supervisor],
        by=by,
        now=timezone.now(),
        **facts,
    )


def held(group: GuidanceGroup, by: User, *, day: int = -7, units: list[Unit] | None = None, **facts):
    session = planned(group, by, day=day, units=units)
    facts = {
        "minutes": 60,
        "themes": ["bullying"],
        "took_part": {"head": 1},
        "worked_on": "Kartla skolegården.",
        "agreed": "Flere vakter.",
    } | facts
    session.submit(
        token=uuid.uuid4(),
        facts=facts,
        units=units or [],
        supervisors=[by.supervisor],
        by=by,
        now=timezone.now(),
    )
    return session


def log(by: User, **fields) -> dict:
    """What a browser sends for a complete log. The day of the next session is held to, a day off as it may be."""
    return {
        "action": "send",
        "token": str(uuid.uuid4()),
        "held_on": timezone.localdate().isoformat(),
        "format": "visit",
        "minutes": "60",
        "themes": ["bullying"],
        "took_head": "1",
        "worked_on": "Gikk gjennom rutinene for tilsyn i friminuttene.",
        "agreed": "Ledelsen lager ny plan for tilsyn.",
        "supervisors": [str(by.supervisor.pk)],
        "next_format": "visit",
        "next_day_off": fields.get("next_on", ""),
    } | fields


def iso(day: int) -> str:
    return in_days(day).isoformat()


def in_days(day: int) -> date:
    return timezone.localdate() + timedelta(days=day)


def as_sent(value: object) -> object:
    """A number is so many days from today: found when the test runs, not when it is collected."""
    return iso(value) if isinstance(value, int) else value
