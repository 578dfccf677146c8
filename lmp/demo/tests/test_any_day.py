from datetime import UTC, datetime

import pytest
from django.utils import timezone

from gatherings.models import Gathering
from lmp.demo import load
from participants.models import Cohort, Participation


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 1, 2, 23, 30, tzinfo=UTC),  # a Saturday night, already the 3rd in Oslo
        datetime(2028, 2, 29, 12, tzinfo=UTC),
        pytest.param(datetime(2027, 6, 5, 4, tzinfo=UTC), marks=pytest.mark.nightly),
        pytest.param(datetime(2027, 8, 31, 22, 30, tzinfo=UTC), marks=pytest.mark.nightly),
    ],
)
def test_follows_whatever_day_it_is(moment):
    load.load(now=moment)

    cohort, today = Cohort.objects.get(number=8), timezone.localdate(moment)
    cohort.full_clean()
    assert cohort.starts_on > today
    assert today < cohort.confirm_by < cohort.starts_on
    assert not Participation.objects.filter(welcomed_at__gt=moment).exists()
    asked = Participation.objects.get(cohort=cohort, municipality__number="5054")
    contact = asked.editors().first().user
    assert Participation.objects.editable_by(contact, today=today).filter(cohort=cohort).exists()
    for gathering in Gathering.objects.filter(cohort=cohort, starts_on__isnull=False):
        assert gathering.starts_on > today
        assert gathering.starts_on.weekday() < 5
