"""What ends in the guidance when a municipality withdraws, and what goes on when it is with us again.

Its group is at rest meanwhile: a supervisor's load counts only municipalities that take part. The members stay in it,
so that they can read, and send in the logs of what was held.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from guidance import schedule
from guidance.models import Capacity, GroupMember, GuidanceGroup, GuidanceSession, Measure, Supervisor
from participants.models import Participation, Unit, Withdrawal
from parts.rows import annotated


@dataclass(frozen=True)
class EndedGuidance:
    """`unlogged`: sessions whose day is over, and of which nobody has said whether they were held."""

    sessions: list[GuidanceSession]
    unlogged: list[GuidanceSession]
    measures: list[Measure]
    members: list[GroupMember]


@dataclass(frozen=True)
class ResumedGuidance:
    sessions: list[GuidanceSession]
    measures: list[Measure]
    stay: list[GroupMember]
    leave: list[GroupMember]


@dataclass(frozen=True)
class Room:
    """A member of a group at rest, how many other municipalities they have in the cohort, and how many they can carry.

    `most` is None for a supervisor who is not set up in the cohort any more.
    """

    member: GroupMember
    load: int
    most: int | None

    @property
    def is_there(self) -> bool:
        return self.member.supervisor.user.is_active and self.most is not None and self.load < self.most


def withdrawn(participation: Participation, *, by: User, now: datetime) -> EndedGuidance:
    """Cancel the sessions to come, and stop the measures that go on.

    A session whose hour is over may have been held: it is left, to be logged or cancelled by its group.
    """
    withdrawal = participation.withdrawal
    planned = list(_sessions(participation).planned().order_by("held_on", "pk"))
    coming = [session for session in planned if schedule.begins(session) > now]
    for session in coming:
        session.cancel(by=by, now=now, withdrawal=withdrawal)
    measures = list(Measure.objects.going_on().filter(unit__participation=participation).select_related("unit"))
    for measure in measures:
        measure.end_with(withdrawal, by=by, now=now)
    unlogged = [session for session in planned if session not in coming]
    return EndedGuidance(coming, unlogged, measures, members_of(participation))


def _sessions(participation: Participation):
    """With the group locked: those who log, move or cancel one take turns."""
    list(GuidanceGroup.objects.select_for_update(of=("self",)).filter(participation=participation))
    return GuidanceSession.objects.filter(group__participation=participation).select_related("group__participation")


def members_of(participation: Participation) -> list[GroupMember]:
    members = GroupMember.objects.current().filter(group__participation=participation)
    return list(members.select_related("supervisor__user", "group").order_by("-leads", "supervisor__name", "pk"))


def rooms(participation: Participation) -> list[Room]:
    """For each member of its group, whether they have room for it again."""
    others = (
        GroupMember.objects.current()
        .filter(
            group__participation__cohort=participation.cohort_id,
            group__participation__withdrawn_at__isnull=True,
            supervisor=OuterRef("supervisor"),
        )
        .exclude(group__participation=participation)
        .order_by()
        .values("supervisor")
        .annotate(rows=Count("pk"))
    )
    capacity = Capacity.objects.filter(cohort=participation.cohort_id, supervisor=OuterRef("supervisor"))
    members = GroupMember.objects.current().filter(group__participation=participation)
    found = members.annotate(
        load=Coalesce(Subquery(others.values("rows"), output_field=IntegerField()), 0),
        most=Subquery(capacity.values("most")[:1]),
    )
    found = found.select_related("supervisor__user", "group").order_by("-leads", "supervisor__name", "pk")
    return [Room(member, annotated(member, "load", int), getattr(member, "most", None)) for member in found]


def to_resume(withdrawal: Withdrawal, *, now: datetime) -> tuple[list[GuidanceSession], list[Measure]]:
    """The sessions it cancelled that are still ahead, and the measures it stopped, in units that are still there."""
    sessions = withdrawal.cancelled_sessions.select_related("group__participation").prefetch_related(
        "units", "supervisors"
    )
    ahead = [session for session in sessions.order_by("held_on", "pk") if schedule.begins(session) > now]
    measures = (
        withdrawal.stopped_measures.standing()
        .filter(unit__in=Unit.objects.active(today=timezone.localdate(now)))
        .select_related("unit")
    )
    return ahead, list(measures.order_by("unit__name", "ends_on", "pk"))


def returned(
    participation: Participation, *, withdrawal: Withdrawal, stay: Collection[GroupMember], by: User, now: datetime
) -> ResumedGuidance:
    """Go on with what this withdrawal ended: the measures, the members who stay, and the sessions still ahead.

    A session is planned anew, since calendars have dropped the old one. Without a member there is none.
    """
    sessions, measures = to_resume(withdrawal, now=now)
    for measure in measures:
        measure.go_on(by=by, now=now)
    list(GuidanceGroup.objects.select_for_update(of=("self",)).filter(participation=participation))
    members = members_of(participation)
    leave = [member for member in members if member not in stay]
    _leave(leave, by=by, today=timezone.localdate(now))
    left = members_of(participation)
    planned = [_plan_again(session, left, by=by, now=now) for session in sessions if left]
    return ResumedGuidance(planned, measures, left, leave)


def _leave(members: list[GroupMember], *, by: User, today: date) -> None:
    """They are not in the group any more. Another from Læringsmiljøsenteret leads on, if there is one."""
    for member in members:
        member.ended_on = today
        member._history_user = by
        member.save(update_fields=["ended_on"])
    if not members:
        return
    group = members[0].group
    left = group.members.current()
    if any(member.leads for member in members):
        centre = left.filter(supervisor__employer=Supervisor.Employer.CENTRE).order_by("pk").first()
        if centre:
            centre.leads = True
            centre._history_user = by
            centre.save(update_fields=["leads"])
    if successor := left.select_related("supervisor__user").first():
        for member in members:
            member.pass_on_work(to=successor.supervisor)


def _plan_again(session: GuidanceSession, members: list[GroupMember], *, by: User, now: datetime) -> GuidanceSession:
    known = {supervisor.pk for supervisor in session.supervisors.all()}
    supervisors = [member.supervisor for member in members if member.supervisor_id in known]
    return GuidanceSession.plan(
        group=session.group,
        held_on=session.held_on,
        starts_at=session.starts_at,
        format=session.format,
        minutes=session.minutes,
        place=session.place,
        video_link=session.video_link,
        units=session.units.active(),
        supervisors=supervisors or [members[0].supervisor],
        by=by,
        now=now,
    )
