"""How many municipalities a supervisor carries, in all running cohorts together."""

from datetime import date

import pytest
from django.utils import timezone

from conftest import make_supervisor, withdraw
from guidance.models import GroupMember
from guidance.staffing.load import loads
from participants.models import Cohort, Municipality, Participation


@pytest.fixture
def elsewhere(cohort, staff):
    """A municipality in the cohort of the year before, which still goes on."""
    before = Cohort.objects.create(
        number=8,
        first_year=cohort.first_year - 1,
        starts_on=date(cohort.first_year - 1, 9, 1),
        confirm_by=timezone.localdate(),
    )
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
