"""Which units and municipalities a person reaches, through their own function or through guidance."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import User
from guidance.models import GroupMember, ProjectLeader
from participants.models import Participation, Unit


def participations(user: User, *, today: date) -> QuerySet[Participation]:
    """Whoever sees the municipality, its supervisors now, and the project leaders."""
    return Participation.objects.filter(
        Q(pk__in=Participation.objects.visible_to(user).values("pk"))
        | Q(pk__in=GroupMember.objects.participations_of(user))
        | ProjectLeader.objects.is_one(user, today=today)
    )


def followed(user: User, *, today: date) -> QuerySet[Participation]:
    """Those a person reaches whole, and those they lead a unit in: there they see what concerns that unit."""
    return Participation.objects.filter(
        Q(pk__in=participations(user, today=today).values("pk"))
        | Q(pk__in=Unit.objects.led_by(user).values("participation"))
    )


def units(user: User, *, today: date) -> QuerySet[Unit]:
    """Whoever sees the unit, its supervisors now, and the project leaders."""
    return Unit.objects.filter(
        Q(pk__in=Unit.objects.visible_to(user).values("pk"))
        | Q(participation__in=GroupMember.objects.participations_of(user))
        | ProjectLeader.objects.is_one(user, today=today)
    )


def units_with_measures_of(user: User, *, today: date) -> QuerySet[Unit]:
    """The units this person may enter a measure for: those they answer for, and those they supervise now."""
    return Unit.objects.active().filter(
        Q(pk__in=Unit.objects.editable_by(user, today=today).values("pk"))
        | Q(participation__in=GroupMember.objects.participations_of(user), participation__withdrawn_at__isnull=True)
    )
