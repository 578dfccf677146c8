"""How many municipalities each supervisor carries, in all the cohorts that go on: one person's time is one."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from guidance.models import GroupMember
from participants.models import Cohort


def loads(today: date, *, besides: Cohort | None = None) -> Mapping[int, int]:
    """By supervisor: the municipalities they guide now, in all running cohorts. Who guides none, is not there.

    One query. A municipality that has withdrawn is no load, nor is one of a cohort whose two years are over. `besides`:
    a cohort that is left out, because its groups are being put together.
    """
    cohorts = Cohort.objects.going_on(today=today)
    if besides:
        cohorts = cohorts.exclude(pk=besides.pk)
    return Counter(
        GroupMember.objects.current()
        .filter(
            group__participation__withdrawn_at__isnull=True,
            group__participation__cohort__in=cohorts,
        )
        .order_by()
        .values_list("supervisor", flat=True)
    )
