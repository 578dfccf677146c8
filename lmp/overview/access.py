from django.db.models import Q, QuerySet

from accounts.models import User
from guidance.models import GroupMember
from participants.models import Participation


def participations(user: User) -> QuerySet[Participation]:
    """Those a person may see through any app: their own, their counties', or the ones they supervise."""
    supervised = GroupMember.objects.participations_of(user)
    return Participation.objects.filter(
        Q(pk__in=Participation.objects.visible_to(user).values("pk")) | Q(pk__in=supervised)
    )
