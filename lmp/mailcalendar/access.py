"""Who sees the calendar of mails, and who switches a reminder off: staff with the right. 404 for everybody else."""

from datetime import datetime

from django.http import Http404

from accounts.models import User
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
    if not (may_read(user) or leads):
        return []
    return list(MailPause.objects.in_force(now).within(cohort).with_places())


def told_of(user: User, participation: Participation, *, now: datetime) -> list[MailPause]:
    """What is off in one municipality, for staff."""
    return list(MailPause.objects.in_force(now).at(participation).with_places()) if may_read(user) else []


def for_readers(user: User) -> None:
    if not may_read(user):
        raise Http404


def for_pausers(user: User) -> None:
    if not may_pause(user):
        raise Http404
