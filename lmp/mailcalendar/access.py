"""Who sees the calendar of mails, and who switches a reminder off: staff with the right. 404 for everybody else."""

from datetime import datetime
from functools import cache

from django.http import Http404

from accounts.models import User
from lmp.board.composed import Composed
from lmp.mailcalendar.models import MailPause
from participants.models import Cohort, Participation


def may_read(user: User) -> bool:
    return user.is_staff and user.has_perm("outbox.view_message")


def may_pause(user: User) -> bool:
    return may_read(user) and user.has_perm("participants.change_participation")


def everywhere(user: User, *, now: datetime) -> list[MailPause]:
    """What is off anywhere, for staff."""
    return list(MailPause.objects.in_force(now).with_places()) if may_read(user) else []


def told(user: User, cohort: Cohort, *, leads: bool, now: datetime) -> list[MailPause]:
    """What is off in a pulje, for those who follow all of it: staff, and the project leaders. No query for others."""
    # Nearly always nothing is off, and then the board need not wait for the composing of what would tell of it.
    if not (may_read(user) or leads) or not _anything_not_lifted().rows():
        return []
    return list(MailPause.objects.in_force(now).within(cohort).with_places())


@cache
def _anything_not_lifted() -> Composed:
    return Composed(MailPause.objects.filter(lifted_at=None).order_by().values_list("pk")[:1])


def told_of(user: User, participation: Participation, *, now: datetime) -> list[MailPause]:
    """What is off in one municipality, for staff."""
    return list(MailPause.objects.in_force(now).at(participation).with_places()) if may_read(user) else []


def for_readers(user: User) -> None:
    if not may_read(user):
        raise Http404


def for_pausers(user: User) -> None:
    if not may_pause(user):
        raise Http404
