"""Until when anything is sent in a cohort, and what its mails are narrowed to."""

from datetime import datetime

from participants.models import Cohort
from parts.dates import Slot, end_of


def until(slot: Slot, cohort: Cohort) -> datetime:
    """Nothing is sent in a cohort that is over."""
    return min(slot.until, end_of(cohort.ends_on))


def scope(*cohorts: Cohort) -> frozenset[str]:
    return frozenset(f"cohort:{cohort.number}" for cohort in cohorts)
