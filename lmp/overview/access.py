from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from guidance.models import GroupMember, ProjectLeader
from participants.models import Participation


def participations(user: User) -> QuerySet[Participation]:
    """Those a person may see through any app: their own, their counties', or the ones they supervise.

    Læringsmiljøsenteret's project leaders put together every group, and see all.
    """
    supervised = GroupMember.objects.participations_of(user)
    return Participation.objects.filter(
        Q(pk__in=Participation.objects.visible_to(user).values("pk"))
        | Q(pk__in=supervised)
        | ProjectLeader.objects.is_one(user, today=timezone.localdate())
    )
