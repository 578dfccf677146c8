"""A municipality of the crowd that has withdrawn twice or more, with as many of all that ended with it."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from conftest import make_user
from gatherings.models import Gathering, Registration
from guidance.models import GroupMember, GuidanceGroup, GuidanceSession, Measure, Supervisor
from lmp.changes.withdrawal import change
from participants.confirmation import asking
from participants.models import Cohort, Municipality, Participation, Unit


def gather(cohort: Cohort, size: int, *, by: User, now: datetime) -> Participation:
    """Of a county where the others are not; `size - 1` times it has come back, the last time it has not."""
    municipality = Municipality.objects.exclude(participations__cohort=cohort).order_by("-pk")[0]
    found = Participation.objects.create(cohort=cohort, municipality=municipality, accepted_at=now, accepted_by=by)
    today = timezone.localdate(now)
    for _turn in range(size - 1):
        found.withdraw(decided_on=today, reason="-", by=by, now=now)
        found.come_back(returned_on=today, reason="-", by=by, now=now)
    asking.ask(found, due_on=today, by=by, now=now)
    unit = Unit.objects.create(participation=found, name="Skole", kind="school")
    group = GuidanceGroup.objects.create(participation=found)
    members = [
        GroupMember.objects.create(group=group, supervisor=supervisor, started_on=today)
        for supervisor in Supervisor.objects.order_by("pk")[:size]
    ]
    gathering = Gathering.objects.get(cohort=cohort, kind=Gathering.Kind.KICK_OFF)
    for number in range(size):
        _what_ends(found, gathering, unit, members, number=number, by=by, now=now)
    change.withdraw([found], decided_on=today, reason="-", by=by, now=now)
    found.refresh_from_db()
    return found


def _what_ends(
    participation: Participation,
    gathering: Gathering,
    unit: Unit,
    members: list[GroupMember],
    *,
    number: int,
    by: User,
    now: datetime,
) -> None:
    today = timezone.localdate(now)
    person = make_user(f"borte.{number}@example.no", f"Borte {number}")
    Registration.objects.create(
        gathering=gathering,
        participation=participation,
        unit=unit,
        user=person,
        name=person.name,
        function="head",
        registered_at=now,
        registered_by=by,
        placed_at=now,
    )
    GuidanceSession.plan(
        group=members[0].group,
        held_on=today + timedelta(days=number + 1),
        starts_at=None,
        format="visit",
        units=[unit],
        supervisors=[members[0].supervisor],
        by=by,
        now=now,
    )
    texts = {"what": "-", "why": "-", "who": "-"}
    facts = texts | {"sub_goal": 4, "starts_on": today, "ends_on": today}
    Measure.open(unit=unit, facts=facts, token=uuid.uuid4(), opened_in=None, by=by, now=now)
