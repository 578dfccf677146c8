"""Loading many supervisors at once: exactly what was shown, or nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from guidance.models import Supervisor
from guidance.staffing import changing
from guidance.staffing.loading.check import StaffPlan, check
from participants.loading.load import Changed
from participants.loading.spreadsheet import CohortRow
from participants.models import Cohort


@transaction.atomic
def load(rows: Sequence[CohortRow], *, cohort: Cohort, digest: str, by: User, now: datetime) -> StaffPlan:
    """Save everything, if the outcome still has this digest. Raises Changed if not, and has then saved nothing."""
    # A second load at the same moment waits here, and then shows what the first one did.
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    list(Supervisor.objects.select_for_update(of=("self",)))
    plan = check(rows, cohort=cohort, today=timezone.localdate(now))
    if plan.has_errors or plan.digest != digest:
        raise Changed(plan)
    for email, facts in plan.added:
        changing.add(email=email, facts=facts, by=by, now=now)
    for supervisor, facts in plan.edited:
        changing.change(supervisor, facts=facts, by=by, now=now)
    return plan
