"""Opening a round of "is this right?", the first or another."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from participants.confirmation.values import StoredFacts
from participants.models import Confirmation, Participation


@transaction.atomic
def ask(
    participation: Participation, *, due_on: date, by: User, now: datetime, year: int = 1, reason: str = ""
) -> Confirmation:
    """Open a round. An open round is returned as it is: nobody is asked twice.

    Raises ValidationError when the municipality has withdrawn.
    """
    # A second call at the same moment waits here, and then finds the round that the first one opened.
    locked = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    if locked.withdrawn_at:
        raise ValidationError(_("Kommunen har trukket seg fra prosjektet."))
    if existing := locked.open_confirmation:
        return existing
    for request in participation.correction_requests.open():
        request.settle(by=by, now=now)
    newest = participation.confirmations.order_by("-round").first()
    return Confirmation.objects.create(
        participation=participation,
        round=newest.round + 1 if newest else 1,
        year=year,
        reason=reason,
        asked_at=now,
        asked_by=by,
        due_on=due_on,
        asked_about=StoredFacts.load(locked, today=timezone.localdate(now)).values(),
    )


def reopen(confirmation: Confirmation, *, due_on: date, reason: str, by: User, now: datetime) -> Confirmation:
    """Ask again in the same project year. The answered round stays as it was."""
    return ask(confirmation.participation, due_on=due_on, by=by, now=now, year=confirmation.year, reason=reason)
