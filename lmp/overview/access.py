from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from guidance import access as guidance_access
from participants.models import Participation


def participations(user: User) -> QuerySet[Participation]:
    """Those a person may see through any app: their own, their counties', or the ones they supervise."""
    return guidance_access.participations(user, today=timezone.localdate())
