"""Who sees the calendar of mails, and who switches a reminder off: staff with the right. 404 for everybody else."""

from django.http import Http404

from accounts.models import User


def may_read(user: User) -> bool:
    return user.is_staff and user.has_perm("outbox.view_message")


def may_pause(user: User) -> bool:
    return may_read(user) and user.has_perm("participants.change_participation")


def for_readers(user: User) -> None:
    if not may_read(user):
        raise Http404


def for_pausers(user: User) -> None:
    if not may_pause(user):
        raise Http404
