"""What a cohort has chosen about its guidance, and until when anything is sent in it."""

from datetime import datetime

from guidance.models import GuidanceSettings
from outbox.slots import Slot, end_of
from participants.models import Cohort


def chosen(cohort: Cohort) -> GuidanceSettings:
    """For a cohort that is loaded with its `guidance_settings`, no query. Without any, those that hold till then."""
    return getattr(cohort, "guidance_settings", None) or GuidanceSettings(cohort=cohort)


def until(slot: Slot, cohort: Cohort) -> datetime:
    """Nothing is sent in a cohort that is over."""
    return min(slot.until, end_of(cohort.ends_on))


def scope(*cohorts: Cohort) -> frozenset[str]:
    return frozenset(f"cohort:{cohort.number}" for cohort in cohorts)
