"""What each supervisor carries, and what the sessions were about."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor, make_user
from guidance.follow_up import continuity
from guidance.models import Capacity, GuidanceSession
from guidance.tests.conftest import held_session, planned_session

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def busy(participation, other_participation, supervisor, units, cohort):
    """In two municipalities, with room for one."""
    make_supervisor(other_participation, supervisor)
    Capacity.objects.create(supervisor=supervisor.supervisor, cohort=cohort, most=1)
    held_session(participation, supervisor, units, minutes=90)
    held_session(participation, supervisor, units, minutes=45)
    GuidanceSession.objects.filter(minutes=45).update(starts_at=time(13))
    planned_session(participation, supervisor, units, days=-1)
    planned_session(participation, supervisor, units, days=1)
    return supervisor.supervisor


def workloads(cohort) -> dict[str, continuity.Workload]:
    return {
        workload.supervisor.name: workload for workload in continuity.workloads_of(cohort, today=timezone.localdate())
    }


def test_counts(busy, cohort):
    workload = workloads(cohort)["Vera Veileder"]
    assert (len(workload.members), workload.most, workload.is_over) == (2, 1, True)
    assert (workload.held, workload.hours, workload.planned, workload.missing) == (2, 2.25, 1, 1)


def test_two_municipalities_in_one_session_are_two_logs_and_its_hours_once(
    participation, other_participation, supervisor, units, cohort
):
    """Annoying 5: two logs of one session, and its hours counted double."""
    make_supervisor(other_participation, supervisor)
    for each, minutes in ((participation, 120), (other_participation, 90)):  # at nine, both of them
        held_session(each, supervisor, [], minutes=minutes)
    held_session(participation, supervisor, units, days=-1, minutes=60)
    workload = workloads(cohort)["Vera Veileder"]
    assert (workload.held, workload.minutes) == (3, 180)
    # who met at other hours met twice, and so did who has not said when
    GuidanceSession.objects.filter(minutes=90).update(starts_at=time(13))
    assert workloads(cohort)["Vera Veileder"].minutes == 270
    GuidanceSession.objects.update(starts_at=None)
    assert workloads(cohort)["Vera Veileder"].minutes == 270


def test_one_with_room_and_no_municipality_is_there(busy, cohort, former_supervisor):
    Capacity.objects.create(supervisor=former_supervisor.supervisor, cohort=cohort, most=3)
    workload = workloads(cohort)["Tora Tidligere"]
    assert (workload.members, workload.most, workload.is_over, workload.held) == ([], 3, False, 0)


def test_one_of_another_cohort_is_not(busy, cohort):
    make_user("annen@example.no", "Annen")
    assert set(workloads(cohort)) == {"Vera Veileder"}


def test_the_page(client, busy, leader, cohort):
    client.force_login(leader)
    page = client.get(reverse("guidance:workload", args=[cohort.pk])).content.decode()
    assert "1 veileder har flere kommuner enn avtalt." in page
    assert "2 av 1" in page
    assert "2,25" in page or "2,3" in page


@pytest.mark.parametrize(("query", "count"), [("?vis=over", 1), ("?vis=ledig", 0), ("?q=bergen", 1), ("?q=x", 0)])
def test_filters(client, busy, leader, cohort, query, count):
    client.force_login(leader)
    response = client.get(reverse("guidance:workload", args=[cohort.pk]) + query)
    assert len(response.context["page"].object_list) == count


def test_what_the_sessions_were_about(client, busy, staff, leader, cohort, participation, supervisor, units):
    held_session(participation, supervisor, units, themes=["change", "change"], sub_goals=[1], format="phone")
    one = next(each for each in continuity.content_of(cohort) if each.sessions)
    assert (one.sessions, one.themes["bullying"], one.themes["change"]) == (3, 2, 1)
    assert (one.sub_goals[4], one.sub_goals[1], one.formats["phone"]) == (2, 1, 1)
    client.force_login(leader)
    page = client.get(reverse("guidance:content", args=[cohort.pk])).content.decode()
    assert "Overganger" in page
    assert "Vi gikk gjennom kartleggingen." not in page


def test_without_sessions_it_says_so(client, leader, cohort):
    client.force_login(leader)
    page = client.get(reverse("guidance:content", args=[cohort.pk])).content.decode()
    assert "Ingen logger er sendt inn i pulja ennå." in page
