from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from guidance import access as guidance_access
from guidance.models import GroupMember
from participants import states
from participants.functions import Functions
from participants.models import Participation

if TYPE_CHECKING:
    from participants.states import WithState


def participations(user: User) -> QuerySet[Participation]:
    """Those a person may see through any app: their own, their counties', or the ones they supervise."""
    return guidance_access.participations(user, today=timezone.localdate())


def participations_through(
    user: User, mine: Functions, *, supervises: bool, leads_guidance: bool
) -> QuerySet[Participation]:
    """The same, for a page that knows the person's functions: nothing is asked about those they don't have."""
    if leads_guidance:
        return participations(user)
    found = Participation.objects.visible_through(mine.participations, mine.governs)
    if supervises:
        found |= Participation.objects.filter(pk__in=GroupMember.objects.participations_of(user))
    return found


def letters(user: User) -> QuerySet[Participation]:
    """Those whose welcome letter a person may read: whose page they see, and where they lead a unit.

    The letter makes the head the leader of the change, so it is theirs to read as well.
    """
    return guidance_access.followed_participations(user, today=timezone.localdate())


def with_state(queryset: QuerySet[Participation]) -> "QuerySet[WithState]":
    return states.with_state(queryset.select_related("municipality__county", "cohort"), today=timezone.localdate())
