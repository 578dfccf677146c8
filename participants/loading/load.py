"""Loading a whole cohort from a workbook: read it, work out what each row comes to, show that, then do exactly that."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import IO

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import User
from participants.loading import check, sheets, spreadsheet, whose
from participants.loading.plan import CohortPlan, CohortRows
from participants.mails import notices, units
from participants.models import Cohort, Contact, Participation, Unit


class Changed(Exception):
    """The outcome is no longer the one that was shown. Carries what it is now."""

    def __init__(self, plan: CohortPlan):
        super().__init__()
        self.plan = plan


class Unanswered(Exception):
    """Some of the municipalities are in another cohort that goes on, and nobody has said that this is meant."""

    def __init__(self, plan: CohortPlan):
        super().__init__()
        self.plan = plan


def read(file: IO[bytes], *, size: int) -> spreadsheet.Contents:
    """Raises ValidationError when the file can't be used at all."""
    return spreadsheet.read(file, sheets.SHEETS, size=size)


def load(rows: CohortRows, *, digest: str, by: User, now: datetime, both: bool = False) -> CohortPlan:
    """Save everything, if the outcome still has this digest. Raises Changed if not, and has then saved nothing.

    `both`: the municipalities that are in another cohort too are meant to be. Raises Unanswered without it.
    """
    try:
        with transaction.atomic():
            # A second load of the same cohort at the same moment waits here, and then shows what the first one did.
            list(Cohort.objects.select_for_update().filter(number=check.cohort_number(rows) or 0))
            plan = check.check(rows, by=by, now=now)
            if plan.has_errors or plan.digest != digest:
                raise Changed(plan)
            if plan.in_two and not both:
                raise Unanswered(plan)
            _save(plan, by=by, now=now)
    except IntegrityError as error:  # somebody added the same unit or contact by hand, right now
        raise Changed(check.check(rows, by=by, now=now)) from error
    return plan


def _save(plan: CohortPlan, *, by: User, now: datetime) -> None:
    _link_people([row for row in plan.new if isinstance(row, Contact)])
    for model, fields in (
        (Participation, ["accepted_at", "accepted_by", "case_number"]),
        (Unit, ["name", "organisation_number", "kind", "ownership"]),
        (Contact, ["name", "phone"]),
    ):
        origin = {"default_user": by, "default_date": now, "default_change_reason": _("Lastet inn fra fil")}
        new: list[models.Model] = [row for row in plan.new if isinstance(row, model)]
        changed: list[models.Model] = [row for row in plan.changed if isinstance(row, model)]
        if new:
            bulk_create_with_history(new, model, batch_size=200, **origin)
        if changed:
            bulk_update_with_history(changed, model, fields, batch_size=200, **origin)
    for row in plan.new:
        if isinstance(row, Contact):
            notices.access_given(row, now=now)
    for participation, added in _by_participation([row for row in plan.new if isinstance(row, Unit)]).items():
        units.ask_for_counts(participation, added, now=now)


def _by_participation(added: list[Unit]) -> Mapping[Participation, list[Unit]]:
    found: dict[Participation, list[Unit]] = defaultdict(list)
    for unit in added:
        if unit.participation.welcomed_at:  # else nobody is asked anything yet, and no query is needed to know
            found[unit.participation].append(unit)
    return found


def _link_people(contacts: list[Contact]) -> None:
    """Give each contact the person with its address, made if unknown: `User.objects.for_email`, for many at a time."""
    unknown: Mapping[str, User] = {contact.user.email: contact.user for contact in contacts if contact.user.pk is None}
    User.objects.bulk_create(unknown.values(), ignore_conflicts=True, batch_size=200)
    known = whose.people(unknown)
    for contact in contacts:
        contact.user = known.get(contact.user.email, contact.user)
