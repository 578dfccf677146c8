"""A municipality withdraws, or is with us again: the fact, and all that hangs on it, in one transaction."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from gatherings import withdrawal as at_gatherings
from gatherings.models import Registration
from guidance import withdrawal as in_guidance
from guidance.models import GroupMember
from lmp.changes.withdrawal import mails, waiting_mails
from lmp.changes.withdrawal.outcome import Ended, Resumed
from participants.confirmation import deadline
from participants.models import Participation


@transaction.atomic
def withdraw(
    participations: Iterable[Participation], *, decided_on: date, reason: str, by: User, now: datetime
) -> list[Ended]:
    """Each that has not withdrawn already, in the order of their keys.

    Raises ValidationError for a day to come, or one before a municipality last came back, and without a reason.
    """
    chosen = sorted(participations, key=lambda participation: participation.pk)
    at_gatherings.lock(chosen)
    # All of them first: a place that one of them frees is not offered to another.
    leaving = [each for each in chosen if each.withdraw(decided_on=decided_on, reason=reason, by=by, now=now)]
    return [_ended(participation, by=by, now=now) for participation in leaving]


def _ended(participation: Participation, *, by: User, now: datetime) -> Ended:
    ended = Ended(
        withdrawal=participation.withdrawal,
        gatherings=at_gatherings.withdrawn(participation, by=by, now=now),
        guidance=in_guidance.withdrawn(participation, by=by, now=now),
        round=participation.open_confirmation,
        told=[],
    )
    waiting_mails.expire(ended, now=now)
    ended.told.extend(mails.withdrawn(ended, now=now))
    return ended


@transaction.atomic
def come_back(
    participation: Participation,
    *,
    returned_on: date,
    reason: str,
    due_on: date | None,
    stay: Collection[GroupMember],
    again: Collection[Registration],
    by: User,
    now: datetime,
) -> Resumed | None:
    """None when it takes part already.

    `due_on` is the new deadline of a round that nobody has answered, `stay` are the supervisors who go on, and `again`
    the people to register again for gatherings, last in line. Raises ValidationError for a day to come, or one before
    it withdrew, without a reason, for a deadline that is over, and where a gathering cannot take them.
    """
    at_gatherings.lock([participation])
    over = participation.withdrawal
    if not participation.come_back(returned_on=returned_on, reason=reason, by=by, now=now):
        return None
    over.refresh_from_db()
    over.participation = participation
    asked = participation.open_confirmation
    if asked and due_on:
        deadline.move([asked], due_on=due_on, by=by, now=now, tell=False)
        asked.refresh_from_db()
    resumed = Resumed(
        withdrawal=over,
        registered=at_gatherings.returned(participation, again=again, by=by, now=now),
        guidance=in_guidance.returned(participation, withdrawal=over, stay=stay, by=by, now=now),
        round=asked,
        told=[],
    )
    resumed.told.extend(mails.returned(resumed, now=now))
    return resumed
