"""Who writes: staff who may change what is registered about the municipalities. 404 for everybody else."""

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from lmp.writing.models import Writing


def may_write(user: User) -> bool:
    return user.is_staff and user.has_perm("participants.change_participation")


def for_writers(user: User) -> None:
    if not may_write(user):
        raise Http404


def drafts(user: User) -> QuerySet[Writing]:
    """One's own, until they are sent."""
    for_writers(user)
    return Writing.objects.drafts_of(user)


def readable(user: User) -> QuerySet[Writing]:
    """One's own, and what anybody has sent."""
    for_writers(user)
    return (Writing.objects.drafts_of(user) | Writing.objects.sent()).select_related("written_by")
