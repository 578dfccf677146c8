"""What the plan of mails is narrowed to: a cohort, and a municipality in it."""

from participants.models import Cohort, Participation


def scope(*participations: Participation) -> frozenset[str]:
    """Of a mail about these: their cohorts, and each of them."""
    return frozenset(each for one in participations for each in (of_cohort(one.cohort), of_participation(one.pk)))


def of_cohort(cohort: Cohort) -> str:
    return f"cohort:{cohort.number}"


def of_participation(pk: int) -> str:
    return f"participation:{pk}"
