"""What each cohort has chosen about its guidance, and until when anything is sent in it."""

from collections.abc import Iterable
from datetime import datetime

from guidance.models import GuidanceSettings
from outbox.slots import Slot, end_of
from participants.models import Cohort


class Chosen:
    """The settings of these cohorts, in one query. A cohort that has chosen nothing has those that hold till then."""

    def __init__(self, cohorts: Iterable[int]) -> None:
        self._stored = GuidanceSettings.objects.in_bulk(cohorts)

    def of(self, cohort: Cohort) -> GuidanceSettings:
        return self._stored.get(cohort.pk) or GuidanceSettings(cohort=cohort)


def until(slot: Slot, cohort: Cohort) -> datetime:
    """Nothing is sent in a cohort that is over."""
    return min(slot.until, end_of(cohort.ends_on))


def scope(*cohorts: Cohort) -> frozenset[str]:
    return frozenset(f"cohort:{cohort.number}" for cohort in cohorts)
