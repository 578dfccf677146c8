"""Who may know of a session, and how much."""

import pytest
from django.utils import timezone

from guidance.models import GuidanceSession

PEOPLE = [
    "contact",
    "other_contact",
    "former_contact",
    "head",
    "officer",
    "other_officer",
    "supervisor",
    "other_supervisor",
    "former_supervisor",
    "leader",
    "stranger",
    "staff",
]
NOTES = {"supervisor", "leader"}
AGREED = NOTES | {"contact", "head"}
KNOW = AGREED | {"officer", "staff"}


@pytest.fixture
def session(request, participation, units, supervisor) -> GuidanceSession:
    for person in PEOPLE:
        request.getfixturevalue(person)
    return a_session(participation, units[:1], supervisor)


def a_session(participation, units, supervisor) -> GuidanceSession:
    group = participation.guidance_group
    return GuidanceSession.plan(
        group=group,
        held_on=timezone.localdate(),
        starts_at=None,
        format="visit",
        units=units,
        supervisors=[supervisor.supervisor],
        by=supervisor,
        now=timezone.now(),
    )


@pytest.mark.parametrize("person", PEOPLE)
def test_who_sees_what(request, session, person):
    user = request.getfixturevalue(person)
    found = GuidanceSession.objects.visible_to(user, today=timezone.localdate())
    seen = [(each.sees_agreed, each.sees_notes) for each in found]
    assert seen == ([(person in AGREED, person in NOTES)] if person in KNOW else [])


@pytest.mark.parametrize("person", PEOPLE)
def test_who_logs_it(request, session, person):
    user = request.getfixturevalue(person)
    assert GuidanceSession.objects.editable_by(user).exists() == (person == "supervisor")


def test_a_head_does_not_see_what_is_agreed_with_another_unit(session, head, participation, units, supervisor):
    a_session(participation, units[1:], supervisor)
    [seen] = GuidanceSession.objects.visible_to(head, today=timezone.localdate())
    assert seen.pk == session.pk


@pytest.mark.parametrize("person", sorted(KNOW))
def test_nobody_who_is_no_longer_active(request, session, person):
    user = request.getfixturevalue(person)
    user.is_active = False
    user.save()
    assert not GuidanceSession.objects.visible_to(user, today=timezone.localdate()).exists()
