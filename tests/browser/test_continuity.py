"""What those who lead the guidance see, in Chromium: both languages, phone and desk; empty, filled and overlong."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor, make_user
from guidance.models import Capacity, GroupMember, GuidanceSettings, Supervisor
from guidance.tests.conftest import held_session, planned_session
from participants.models import Municipality, Participation
from tests.browsing import open_all, send_empty

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

UNBROKEN = "Rindfleischetikettierungsüberwachung" * 4


def at(name: str, *args) -> str:
    return reverse(f"guidance:{name}", args=args)


@pytest.fixture
def overlong(participation, supervisor, units, cohort, staff) -> GroupMember:
    """Sixty municipalities, names that nobody has, themes without end."""
    GuidanceSettings.objects.create(cohort=cohort, own_themes=UNBROKEN)
    Supervisor.objects.update(name=UNBROKEN[:200])
    Capacity.objects.create(supervisor=supervisor.supervisor, cohort=cohort, most=1)
    for municipality in Municipality.objects.exclude(pk=participation.municipality_id)[:60]:
        other = Participation.objects.create(
            cohort=cohort, municipality=municipality, accepted_at=timezone.now(), accepted_by=staff
        )
        make_supervisor(other, supervisor, leads=True)
    GroupMember.objects.update(started_on=timezone.localdate() - timedelta(days=300))
    held_session(participation, supervisor, units, days=-90, themes=[UNBROKEN, "bullying"])
    planned_session(participation, supervisor, units, days=-3)
    planned_session(participation, supervisor, units, days=3)
    make_supervisor(participation, make_user("lang@example.no", UNBROKEN[:150]))
    return participation.guidance_group.members.get(leads=True)


@pytest.mark.parametrize("person", ["leader", "staff"])
def test_pages_of_a_cohort_without_municipalities(request, walk, person, cohort):
    page = walk.as_person(request.getfixturevalue(person))
    walk.see(page, at("cohorts"))
    for name in ("continuity", "workload", "content"):
        walk.see(page, at(name, cohort.pk))


def test_pages_hold_long_names_and_many_rows(walk, overlong, leader, cohort):
    page = walk.as_person(leader)
    walk.see(page, "/")
    walk.see(page, at("cohorts"))
    walk.see(page, at("continuity", cohort.pk), act=open_all)
    walk.see(page, at("continuity", cohort.pk) + "?page=2&sorter=-navn")
    walk.see(page, at("continuity", cohort.pk) + "?vis=mangler&q=finnes+ikke")
    walk.see(page, at("workload", cohort.pk))
    walk.see(page, at("content", cohort.pk))
    walk.see(page, reverse("changes:replace_member", args=[overlong.pk]), act=send_empty)
    walk.see(page, reverse("changes:end_member", args=[overlong.pk]), act=send_empty)


def test_one_who_has_left(walk, former_supervisor, leader):
    page = walk.as_person(leader)
    walk.see(page, reverse("changes:replace_member", args=[former_supervisor.supervisor.memberships.get().pk]))
