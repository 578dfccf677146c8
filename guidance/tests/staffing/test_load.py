"""How many municipalities a supervisor carries, in all running cohorts together."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor, withdraw
from guidance.groups import seating
from guidance.models import Composition, GroupMember
from guidance.staffing.load import loads
from guidance.tests.conftest import text_of
from participants.models import Cohort, Municipality, Participation


@pytest.fixture
def elsewhere(before, staff):
    """A municipality in the cohort of the year before."""
    return Participation.objects.create(
        cohort=before,
        municipality=Municipality.objects.get(number="0301"),
        accepted_at=timezone.now(),
        accepted_by=staff,
    )


def test_municipalities_of_all_running_cohorts_are_counted(
    supervisor, participation, other_participation, elsewhere, today
):
    """Vigdis's 3 + 2 in two cohorts was seen nowhere (S13)."""
    make_supervisor(other_participation, supervisor)
    make_supervisor(elsewhere, supervisor)
    assert loads(today) == {supervisor.supervisor.pk: 3}


def test_one_that_ended_one_that_withdrew_and_a_cohort_that_is_over_are_no_load(
    supervisor, participation, other_participation, elsewhere, staff, today
):
    make_supervisor(other_participation, supervisor)
    make_supervisor(elsewhere, supervisor)
    GroupMember.objects.filter(group__participation=participation).update(ended_on=today)
    withdraw(other_participation, by=staff, now=timezone.now())
    assert loads(today) == {supervisor.supervisor.pk: 1}
    Cohort.objects.filter(number=8).update(first_year=elsewhere.cohort.first_year - 1)
    assert loads(today)[supervisor.supervisor.pk] == 0


def test_it_takes_one_query(supervisor, today, django_assert_num_queries):
    with django_assert_num_queries(1):
        loads(today)


def test_the_composer_and_its_page_see_what_one_carries_in_another_cohort(
    client, leader, supervisor, participation, elsewhere, cohort
):
    """S13: neither did."""
    make_supervisor(elsewhere, supervisor)
    made = Composition.objects.open_for(cohort, by=leader, now=timezone.now())
    [profile] = seating.read_seating(cohort, made).people
    assert (profile.key, profile.elsewhere) == (supervisor.supervisor.pk, 1)
    client.force_login(leader)
    page = text_of(client.get(reverse("guidance:composition", args=[cohort.pk])))
    assert "(1 i andre puljer, 2 til sammen)" in page
