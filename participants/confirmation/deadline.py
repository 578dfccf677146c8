"""Moving the deadline of open rounds. The letter keeps the date it was sent with; the pages say the new one."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from participants.mails import notices
from participants.models import Confirmation, DeadlineChange, Participation


@transaction.atomic
def move(
    rounds: Iterable[Confirmation], *, due_on: date, by: User, now: datetime, sentence: str = "", tell: bool = True
) -> list[DeadlineChange]:
    """Give these rounds a new deadline, and mail it to the people who answer for each municipality.

    `tell`: False where another mail of the same moment says it.
    Rounds that were answered or given this deadline meanwhile, and municipalities that have withdrawn, are left as
    they are. Return what was changed. Raises ValidationError when the day has passed.
    """
    if due_on < timezone.localdate(now):
        raise ValidationError(_("Fristen må være i dag eller senere."), code="past")
    changes = [_move(one, due_on=due_on, by=by, now=now, sentence=sentence) for one in sorted(rounds, key=_by_key)]
    done = [change for change in changes if change]
    for change in done if tell else []:
        notices.new_deadline(change, now=now)
    return done


def _by_key(confirmation: Confirmation) -> int:
    """Whoever locks several rows locks them in this order."""
    return confirmation.participation_id


def _move(confirmation: Confirmation, *, due_on: date, by: User, now: datetime, sentence: str) -> DeadlineChange | None:
    participations = Participation.objects.select_for_update(of=("self",)).select_related(
        "municipality__county", "cohort"
    )
    participation = participations.get(pk=confirmation.participation_id)
    current = Confirmation.objects.get(pk=confirmation.pk)
    if participation.withdrawn_at or not current.is_open or current.due_on == due_on:
        return None
    current.participation = participation
    change = DeadlineChange.objects.create(
        confirmation=current, before=current.due_on, after=due_on, sentence=sentence, changed_at=now, changed_by=by
    )
    current.due_on = due_on
    current.save(update_fields=["due_on"])
    return change
