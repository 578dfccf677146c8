"""Who reaches what, beyond `visible_to` and `editable_by` of the models. Each is a queryset to load a page's rows from.

Whom a person may register people for is in `registration/registrar.py`.
"""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from gatherings.models import Attendance, Gathering, Registration
from participants.models import Contact, Participation, Unit


def run_by(user: User) -> QuerySet[Gathering]:
    """Every gathering, for the staff, who run them. They mark attendance, print, and read the evaluation."""
    return Gathering.objects.visible_to(user).select_related("cohort") if user.is_staff else Gathering.objects.none()


def evaluated_by(user: User) -> QuerySet[Gathering]:
    """Those the person was at."""
    attended = Attendance.objects.filter(registration__user=user)
    return Gathering.objects.filter(pk__in=attended.values("registration__gathering")).select_related("cohort")


def with_own_needs(user: User) -> QuerySet[Registration]:
    """The person's own, while they are active. Neither those who registered them nor the staff reach their needs."""
    own = Registration.objects.active().filter(user=user).select_related("gathering__cohort")
    return own.exclude(gathering__settled=Gathering.Settled.CANCELLED)


def readdressed_by(user: User, *, today: date) -> QuerySet[Registration]:
    """Whose address the person may put right: of all who come for a municipality that they answer for.

    A head does so for people who come for the unit and have no function: an address is what one signs in with. Nobody
    does so for themselves here, since they have a page for it.
    """
    functions = Contact.objects.current().filter(user=OuterRef("user"))
    return (
        Registration.objects.active()
        .exclude(user=user)
        .filter(
            Q(participation__in=Participation.objects.editable_by(user, today=today))
            | (Q(unit__in=Unit.objects.editable_by(user, today=today)) & ~Exists(functions))
        )
        .with_places()
        .select_related("user", "gathering")
    )


def withdrawn_for(user: User, gathering: Gathering) -> QuerySet[Participation]:
    """The municipalities that a person has a function in or comes for, and that have withdrawn."""
    functions = Contact.objects.current().filter(user=user).values("participation")
    return (
        Participation.objects.withdrawn()
        .filter(cohort=gathering.cohort_id)
        .filter(
            Q(pk__in=functions)
            | Q(pk__in=Registration.objects.filter(gathering=gathering, user=user).values("participation"))
        )
        .select_related("municipality__county")
        .order_by("municipality__name")
    )


def asked_for_by(user: User, gathering: Gathering, *, now: datetime) -> QuerySet[Participation]:
    """Those a person may ask the staff for: they answer for it or one of its units, or come themselves."""
    today = timezone.localdate(now)
    return (
        Participation.objects.taking_part()
        .filter(cohort=gathering.cohort_id, welcomed_at__isnull=False)
        .filter(
            Q(pk__in=Participation.objects.editable_by(user, today=today))
            | Q(pk__in=Unit.objects.active(today=today).editable_by(user, today=today).values("participation"))
            | Q(pk__in=Registration.objects.filter(gathering=gathering, user=user).values("participation"))
        )
        .select_related("municipality__county", "cohort")
        .order_by("municipality__name")
    )
