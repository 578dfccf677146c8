"""Who reaches what through guidance, and loading it. A person who may not have it gets 404.

A page about a unit or a municipality is reached by whoever sees it in participants, by its supervisors now, and by the
project leaders. What a person may know of a session is the session's own rule: `GuidanceSession.objects.visible_to`.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from guidance.models.correction import Correction
from guidance.models.follow_up import FollowUp
from guidance.models.group import GroupMember, GuidanceGroup, Handover
from guidance.models.session import GuidanceSession
from guidance.models.session_change import SessionChange
from guidance.models.supervisor import Leave, ProjectLeader, Supervisor, SupervisorQuerySet
from participants.models import Cohort, Contact, Participation, Unit


def supervises_or_leads(user: User, *, today: date, participation: str = "participation") -> Q:
    """Who follows a municipality through guidance: its supervisors now, and the project leaders.

    `participation` is the field of the rows that are filtered.
    """
    supervised = Q(**{f"{participation}__in": GroupMember.objects.participations_of(user)})
    return supervised | Q(ProjectLeader.objects.is_one(user, today=today))


def participations(user: User, *, today: date) -> QuerySet[Participation]:
    """The municipalities of which this person sees everything."""
    return Participation.objects.filter(
        Q(pk__in=Participation.objects.visible_to(user).values("pk"))
        | supervises_or_leads(user, today=today, participation="pk")
    )


def units(user: User, *, today: date) -> QuerySet[Unit]:
    """The units that this person reaches."""
    return Unit.objects.filter(
        Q(pk__in=Unit.objects.visible_to(user).values("pk")) | supervises_or_leads(user, today=today)
    )


def followed_participations(user: User, *, today: date) -> QuerySet[Participation]:
    """The municipalities this person reaches, and those where they lead a unit and see what concerns it.

    Each with `in_group`: whether the person is in its guidance group now.
    """
    members = GroupMember.objects.of(user).filter(group__participation=OuterRef("pk"))
    return (
        Participation.objects.filter(
            Q(pk__in=participations(user, today=today).values("pk"))
            | Q(pk__in=Unit.objects.led_by(user).values("participation"))
        )
        .annotate(in_group=Exists(members))
        .select_related("municipality__county", "cohort", "guidance_group")
    )


def units_in_sessions(user: User, participation: Participation, *, today: date) -> QuerySet[Unit]:
    """The units whose part in the sessions this person may know of: the same rule as the sessions' own."""
    if user.seen_by:
        return participation.units.none()
    contacts = Contact.objects.current().filter(user=user, participation=participation, unit__isnull=True)
    return participation.units.filter(
        supervises_or_leads(user, today=today)
        | Q(participation__in=contacts.values("participation"))
        | Q(pk__in=Unit.objects.led_by(user))
    )


def units_to_enter_measures_for(user: User, *, today: date) -> QuerySet[Unit]:
    """The active units that this person answers for or supervises now."""
    return Unit.objects.active(today=today).filter(
        Q(pk__in=Unit.objects.editable_by(user, today=today).values("pk"))
        | Q(participation__in=GroupMember.objects.participations_of(user), participation__withdrawn_at__isnull=True)
    )


def own_group(user: User, participation: int, *, lock: bool = False) -> GuidanceGroup:
    """The guidance group of a municipality, for a person who is in it now."""
    groups = GuidanceGroup.objects.filter(participation__in=GroupMember.objects.participations_of(user))
    groups = groups.select_related("participation__municipality__county", "participation__cohort")
    found = get_object_or_404(groups, participation__pk=participation)
    if lock:  # read once more: the municipality may have withdrawn while this waited
        GuidanceGroup.objects.select_for_update(of=("self",)).get(pk=found.pk)
        found = get_object_or_404(groups, participation__pk=participation)
    return found


def own_session(user: User, pk: int, *, lock: bool = False) -> GuidanceSession:
    """A session of a group that the person is in now. Its group is locked: two who log or move it take turns."""
    sessions = GuidanceSession.objects.editable_by(user).select_related(
        "group__participation__municipality__county", "group__participation__cohort", "submitted_by", "cancelled_by"
    )
    found = get_object_or_404(sessions, pk=pk)
    if lock:
        GuidanceGroup.objects.select_for_update(of=("self",)).get(pk=found.group_id)
        found = get_object_or_404(sessions, pk=pk)
    return found


def followed_cohort(user: User, pk: int, *, today: date) -> Cohort:
    """A cohort, for those who follow the guidance in every municipality of it."""
    cohorts = Cohort.objects.select_related("guidance_settings").filter(if_leads_guidance(user, today=today))
    return get_object_or_404(cohorts, pk=pk)


def leads_guidance(user: User, *, today: date) -> bool:
    """Whether this person puts together the groups and follows the guidance everywhere: the staff, project leaders."""
    return user.is_active and (user.is_staff or ProjectLeader.objects.current(today=today).filter(user=user).exists())


def if_leads_guidance(user: User, *, today: date) -> Q:
    """The same as a condition on rows that are loaded anyway. It costs no query of its own."""
    return Q() if user.is_staff else Q(ProjectLeader.objects.is_one(user, today=today))


def kept_supervisors(user: User, *, today: date) -> SupervisorQuerySet:
    """All of them, for those who follow the guidance everywhere."""
    return Supervisor.objects.filter(if_leads_guidance(user, today=today)).select_related("user")


def kept_leaves(user: User, *, today: date) -> QuerySet[Leave]:
    """The person's own, and for those who follow the guidance everywhere all. One that is over stays."""
    going_on = Q(last_on__isnull=True) | Q(last_on__gte=today)
    mine = Q() if user.is_staff else Q(supervisor__user=user) | if_leads_guidance(user, today=today)
    return Leave.objects.filter(mine, going_on).select_related("supervisor__user")


def logs_written_by(user: User, *, today: date) -> QuerySet[GuidanceSession]:
    """The logs that this person may take back or move: those they sent in, in the groups they are in now.

    A project leader all of them, also those that are withdrawn: what is written there can still be struck.
    """
    mine = Q(submitted_by=user, group__participation__in=GroupMember.objects.participations_of(user))
    return GuidanceSession.objects.filter(
        mine | Q(ProjectLeader.objects.is_one(user, today=today)), submitted_at__isnull=False
    )


def logs_to_strike(user: User, *, today: date) -> QuerySet[GuidanceSession]:
    """Those this person wrote or corrected, in the groups they are in now. A project leader all of them."""
    corrected = Correction.objects.filter(session=OuterRef("pk"), corrected_by=user)
    mine = Q(group__participation__in=GroupMember.objects.participations_of(user))
    return GuidanceSession.objects.filter(
        Q(pk__in=logs_written_by(user, today=today).values("pk")) | (mine & Exists(corrected))
    )


def corrections_to_strike(user: User, *, today: date) -> QuerySet[Correction]:
    return Correction.objects.filter(session__in=logs_to_strike(user, today=today))


def changes_to_strike(user: User, *, today: date) -> QuerySet[SessionChange]:
    """The changes of sessions that this person made, in the groups they are in now. A project leader all of them."""
    mine = Q(changed_by=user, session__group__participation__in=GroupMember.objects.participations_of(user))
    return SessionChange.objects.filter(mine | Q(ProjectLeader.objects.is_one(user, today=today)))


def notes_to_strike(user: User, *, today: date) -> QuerySet[Handover]:
    """The notes this person wrote when somebody left a group. A project leader all of them."""
    leads = Q(ProjectLeader.objects.is_one(user, today=today))
    return Handover.objects.filter(leads | Q(handed_over_by=user))


def follow_ups_to_strike(user: User, *, today: date) -> QuerySet[FollowUp]:
    """The notes of what was done about a municipality: whoever reads them may take one away."""
    return FollowUp.objects.filter(if_leads_guidance(user, today=today))


def groups_to_move_to(user: User, session: GuidanceSession, *, today: date) -> QuerySet[GuidanceGroup]:
    """The other groups that a log can be moved to: those this person is in now; for a project leader all.

    Of no cohort that is long over.
    """
    mine = Q(participation__in=GroupMember.objects.participations_of(user))
    return (
        GuidanceGroup.objects.filter(mine | Q(ProjectLeader.objects.is_one(user, today=today)))
        .filter(participation__cohort__in=Cohort.objects.going_on(today=today, years_after=1))
        .exclude(pk=session.group_id)
        .select_related("participation__municipality__county", "participation__cohort")
        .order_by("participation__municipality__name", "pk")
    )
