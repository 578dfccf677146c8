from datetime import date, timedelta

import pytest
from django.utils import timezone

from participants.models import Cohort, CountyGovernor, Municipality, Participation


@pytest.fixture
def later(cohort) -> Cohort:
    """A cohort that has not begun."""
    year = cohort.first_year + 1
    return Cohort.objects.create(
        number=10, first_year=year, starts_on=date(year, 9, 1), confirm_by=timezone.localdate() + timedelta(days=200)
    )


@pytest.fixture
def levanger(later, officer) -> Participation:
    """Nominated by the officer, and has not answered."""
    return Participation.objects.create(
        cohort=later,
        municipality=Municipality.objects.get(number="5037"),
        nominated_at=timezone.now(),
        nominated_by=officer,
    )


@pytest.fixture
def office(officer) -> CountyGovernor:
    return CountyGovernor.objects.get(contacts__user=officer)
