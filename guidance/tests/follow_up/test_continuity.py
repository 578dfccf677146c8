"""Held against expected, and who is silent."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from conftest import withdraw
from guidance.follow_up import continuity
from guidance.models import GroupMember, GuidanceSettings
from guidance.tests.conftest import held_session, planned_session, text_of
from participants.models import Cohort, Participation


@pytest.fixture(autouse=True)
def mid_november(cohort) -> Iterator[None]:
    """The first semester is two thirds gone: of three sessions two should have been held."""
    day = datetime(cohort.first_year, 11, 16, 12)  # noqa: DTZ001 – made aware below
    with time_machine.travel(timezone.make_aware(day)):
        cohort.starts_on = day.date().replace(month=9, day=1)
        cohort.save()
        yield


@pytest.fixture
def group(participation, other_participation, supervisor):
    """Since the first of October."""
    GroupMember.objects.update(started_on=timezone.localdate().replace(month=10, day=1))
    return participation.guidance_group


def standing(cohort) -> dict[str, continuity.Continuity]:
    found = continuity.continuity_of(cohort, GuidanceSettings.objects.of(cohort), today=timezone.localdate())
    return {row.participation.municipality.name: row for row in found}


def shown(client, cohort, query="") -> str:
    response = client.get(reverse("guidance:continuity", args=[cohort.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def names(response) -> list[str]:
    return [row.participation.municipality.name for row in response.context["page"].object_list]


def test_counts_by_semester(group, participation, supervisor, units, cohort):
    held_session(participation, supervisor, units, days=-7)
    held_session(participation, supervisor, units, days=-200)  # before the first semester: it belongs to that
    planned_session(participation, supervisor, units, days=-2)
    planned_session(participation, supervisor, units, days=9)
    planned_session(participation, supervisor, units, days=4).cancel(by=supervisor, now=timezone.now())
    row = standing(cohort)["Indre Fosen"]
    today = timezone.localdate()
    assert (row.held, row.expected) == ((2, 0, 0, 0), (3, None, None, None))
    assert (row.last_on, row.next_on) == (today - timedelta(days=7), today + timedelta(days=9))
    assert (row.missing, row.due, row.is_behind) == (1, 2, False)
    assert row.leader == supervisor.supervisor


def test_behind_is_less_than_what_should_be_by_now(group, participation, supervisor, units, cohort):
    held_session(participation, supervisor, units, days=-7)
    assert standing(cohort)["Indre Fosen"].is_behind
    GuidanceSettings.objects.create(cohort=cohort, sessions_per_semester=2)
    assert not standing(cohort)["Indre Fosen"].is_behind


@pytest.mark.parametrize(("days", "silent"), [(59, False), (60, True), (61, True)])
def test_silent_since_the_last_session(group, participation, supervisor, units, cohort, days, silent):
    held_session(participation, supervisor, units, days=-days)
    row = standing(cohort)["Indre Fosen"]
    assert (row.quiet_days, row.is_silent) == (days, silent)


def test_not_silent_when_one_is_planned(group, participation, supervisor, units, cohort):
    held_session(participation, supervisor, units, days=-90)
    planned_session(participation, supervisor, units, days=0)
    assert not standing(cohort)["Indre Fosen"].is_silent


def test_without_a_session_it_counts_from_the_group(group, cohort):
    row = standing(cohort)["Indre Fosen"]
    assert (row.quiet_days, row.is_silent) == (46, False)
    GroupMember.objects.update(started_on=timezone.localdate() - timedelta(days=60))
    assert standing(cohort)["Indre Fosen"].is_silent


@pytest.mark.parametrize("starts_in", [0, 20])
def test_no_day_is_quiet_before_the_second_day_of_the_group(group, cohort, starts_in):
    GroupMember.objects.update(started_on=timezone.localdate() + timedelta(days=starts_in))
    assert standing(cohort)["Indre Fosen"].quiet_days == 0


def test_without_a_group_nobody_is_silent(group, cohort):
    row = standing(cohort)["Bergen"]
    assert (row.since, row.quiet_days, row.is_silent, row.leader) == (None, 0, False, None)


def test_a_municipality_that_withdrew_is_not_there(group, participation, staff, cohort):
    withdraw(participation, by=staff, now=timezone.now())
    assert set(standing(cohort)) == {"Bergen"}


def test_who_has_no_group_is_counted(client, group, participation, other_participation, leader, staff, cohort):
    client.force_login(leader)
    page = reverse("guidance:continuity", args=[cohort.pk])
    withdraw(other_participation, by=staff, now=timezone.now())
    assert client.get(page).context["without"] == 0
    GroupMember.objects.all().delete()
    assert client.get(page).context["without"] == 1


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("continuity", "1 kommune har trukket seg og er ikke regnet med: Indre Fosen."),
        ("cohort_involvement", "1 kommune har trukket seg og er ikke regnet med: Indre Fosen."),
        ("workload", "1 kommune har trukket seg. Møtene som ble holdt der, er regnet med: Indre Fosen."),
        ("content", "1 kommune har trukket seg. Møtene som ble holdt der, er regnet med: Indre Fosen."),
    ],
)
def test_the_figures_say_who_withdrew(client, group, participation, leader, staff, cohort, page, said):
    client.force_login(leader)
    address = reverse(f"guidance:{page}", args=[cohort.pk])
    assert "har trukket seg" not in text_of(client.get(address))
    withdraw(participation, by=staff, now=timezone.now())
    assert said in text_of(client.get(address))


def test_what_was_held_there_stays_in_the_contents(group, participation, supervisor, units, staff, cohort):
    held_session(participation, supervisor, units[:1], days=-3)
    before = [(one.sessions, one.minutes) for one in continuity.content_of(cohort)]
    withdraw(participation, by=staff, now=timezone.now())
    assert [(one.sessions, one.minutes) for one in continuity.content_of(cohort)] == before


def test_silent_ones_come_first(client, group, participation, other_participation, other_supervisor, leader, cohort):
    GroupMember.objects.filter(group=participation.guidance_group).update(
        started_on=timezone.localdate() - timedelta(days=92)
    )
    client.force_login(leader)
    response = client.get(reverse("guidance:continuity", args=[cohort.pk]))
    assert names(response) == ["Indre Fosen", "Bergen"]
    assert "92 dager uten møte" in response.content.decode()
    assert "Leder: Vera Veileder" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?vis=tause", ["Indre Fosen"]),
        ("?vis=uten", ["Bergen"]),
        ("?vis=mangler", []),
        ("?vis=bak", ["Indre Fosen", "Bergen"]),
        ("?q=vestland", ["Bergen"]),
        ("?q=BERGEN", ["Bergen"]),
        ("?sorter=navn", ["Bergen", "Indre Fosen"]),
        ("?sorter=-navn", ["Indre Fosen", "Bergen"]),
        ("?vis=tull&sorter=tull&page=x", ["Indre Fosen", "Bergen"]),
    ],
)
def test_filters_and_sorts(client, group, participation, leader, cohort, query, expected):
    GroupMember.objects.update(started_on=timezone.localdate() - timedelta(days=92))
    client.force_login(leader)
    response = client.get(reverse("guidance:continuity", args=[cohort.pk]) + query)
    assert names(response) == expected


def test_nothing_of_what_was_said(client, group, participation, supervisor, units, leader, cohort):
    session = held_session(participation, supervisor, units, days=-7)
    client.force_login(leader)
    page = shown(client, cohort)
    assert session.worked_on not in page
    assert session.agreed not in page


def test_an_empty_cohort_says_so(client, cohort, leader):
    client.force_login(leader)
    assert "Ingen kommuner er med i pulja ennå." in shown(client, cohort)


def test_after_the_last_day_no_more_is_expected(group, participation, supervisor, units, cohort):
    held_session(participation, supervisor, units, days=-7)
    with time_machine.travel(timezone.make_aware(datetime.combine(cohort.ends_on + timedelta(days=400), time(12)))):
        row = standing(cohort)["Indre Fosen"]
    assert row.due == 12
    assert row.quiet_days == (cohort.ends_on - row.last_on).days


@pytest.mark.parametrize("person", ["contact", "head", "officer", "supervisor", "former_supervisor", "stranger"])
def test_others_do_not_find_the_pages(client, request, participation, cohort, person):
    client.force_login(request.getfixturevalue(person))
    for name in ("continuity", "workload", "content"):
        assert client.get(reverse(f"guidance:{name}", args=[cohort.pk])).status_code == 404
    assert client.get(reverse("guidance:cohorts")).status_code == 404


def test_a_project_leader_who_has_ended(client, leader, cohort):
    leader.project_leader.ended_on = timezone.localdate()
    leader.project_leader.save()
    client.force_login(leader)
    assert client.get(reverse("guidance:cohorts")).status_code == 404


def test_municipalities_of_two_cohorts_have_each_their_own_expectations(
    group, participation, other_participation, supervisor, units, staff, cohort
):
    """The older cohort is in its third semester, and has chosen two sessions in each."""
    older = Cohort.objects.create(
        number=8, first_year=cohort.first_year - 1, starts_on="2020-09-01", confirm_by=timezone.localdate()
    )
    Participation.objects.filter(pk=other_participation.pk).update(cohort=older)
    held_session(participation, supervisor, units, days=-20)
    settings = {cohort: GuidanceSettings(cohort=cohort), older: GuidanceSettings(cohort=older, sessions_per_semester=2)}
    rows = Participation.objects.filter(cohort__in=settings).select_related("municipality__county").order_by("pk")

    mine, other = continuity.continuity_among(rows, settings, today=timezone.localdate())

    assert (mine.held, mine.expected, mine.due) == ((1, 0, 0, 0), (3, None, None, None), 2)
    assert (other.held, other.expected, other.due) == ((0, 0, 0, 0), (2, 2, 2, None), 5)
