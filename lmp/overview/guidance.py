"""The guidance on my page: when the next sessions are, what was agreed last, who the supervisors are, and measures."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from guidance.models import GroupMember, GuidanceSession, Measure
from guidance.models.session import HELD
from guidance.todos import measures_of
from participants.functions import Functions
from participants.models import Cohort, Contact, Participation
from parts.rows import annotated

# Sessions, measures: what has room on my page before a list of its own is better.
SHOWN = 5
AGREED_WITHIN = timedelta(days=365)


def sessions(user: User, participations: Collection[int], *, supervises: bool, today: date) -> list[GuidanceSession]:
    """Those to come that the person may know of, and those in which something was agreed; by day. One query.

    Each has `unit_count`.
    """
    mine = Q(group__participation__in=participations)
    if supervises:
        mine |= Q(group__participation__in=GroupMember.objects.participations_of(user))
    elif not participations:
        return []
    coming = Q(submitted_at__isnull=True, cancelled_at__isnull=True, held_on__gte=today)
    agreed = HELD & ~Q(agreed="") & Q(held_on__gte=today - AGREED_WITHIN)
    return list(
        GuidanceSession.objects.visible_to(user, today=today)
        .filter(mine, coming | agreed)
        .annotate(unit_count=Count("units", distinct=True))
        .select_related("group__participation__municipality__county", "group__participation__cohort")
        .order_by("held_on", "starts_at", "pk")
    )


def coming(sessions: Iterable[GuidanceSession]) -> list[GuidanceSession]:
    return [session for session in sessions if session.submitted_at is None]


def agreed_last(sessions: Iterable[GuidanceSession]) -> list[GuidanceSession]:
    """What was agreed in the last session of each municipality, where the person may read it."""
    last = {row.group_id: row for row in sessions if row.submitted_at and annotated(row, "sees_agreed", bool)}
    return list(last.values())


def supervisors(participations: Collection[int], *, today: date) -> list[GroupMember]:
    """Who guides these municipalities, while their cohort goes on; who leads the group first. One query."""
    if not participations:
        return []
    members = GroupMember.objects.current().filter(
        group__participation__in=participations,
        group__participation__withdrawn_at__isnull=True,
        group__participation__cohort__in=Cohort.objects.going_on(today=today),
    )
    related = ("supervisor__user", "group__participation__municipality__county", "group__participation__cohort")
    return list(members.select_related(*related).order_by("group__participation", "-leads", "supervisor__name", "pk"))


def contacts(user: User, participations: Collection[int]) -> list[Contact]:
    """Who answers for these municipalities and their PP-tjeneste, and what the person is registered as. One query."""
    if not participations:
        return []
    found = Contact.objects.current().filter(Q(participation__in=participations, unit__isnull=True) | Q(user=user))
    related = ("user", "unit", "participation__municipality__county", "participation__cohort")
    return list(found.select_related(*related).order_by("participation", "function", "name", "pk"))


def measures(mine: Functions, *, today: date) -> list[Measure]:
    """What goes on in the units that the person leads, each with how long it is over its day. One query."""
    if not mine.leads:
        return []
    found = list(measures_of(mine.leads, today=today))
    for measure in found:
        measure.count_days_over(today=today)
    return found


def of_supervised(user: User, *, today: date) -> QuerySet[Measure]:
    """What the units that this person supervises have planned, and have not begun with."""
    supervised = Participation.objects.taking_part().filter(pk__in=GroupMember.objects.participations_of(user))
    return (
        Measure.objects.in_state(Measure.State.PLANNED, today=today)
        .filter(unit__participation__in=supervised)
        .select_related("unit__participation__municipality__county")
        .order_by("starts_on", "pk")
    )
