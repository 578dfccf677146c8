from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from guidance import access as guidance_access
from guidance.models import GroupMember
from participants.functions import Functions
from participants.models import Participation


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
