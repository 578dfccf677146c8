"""Loading a guidance group and what its forms can choose from. A person who is not in it now gets 404."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from guidance import reach
from guidance.models import GroupMember, GuidanceGroup, GuidanceSession, GuidanceSettings, ProjectLeader, Supervisor
from guidance.sessions.forms import Choices
from participants.models import Contact, Municipality, Participation, Unit


def own_group(user: User, participation: int, *, lock: bool = False) -> GuidanceGroup:
    groups = GuidanceGroup.objects.filter(participation__in=GroupMember.objects.participations_of(user))
    groups = groups.select_related("participation__municipality", "participation__cohort")
    if lock:
        groups = groups.select_for_update(of=("self",))
    return get_object_or_404(groups, participation__pk=participation)


def own_session(user: User, pk: int, *, lock: bool = False) -> GuidanceSession:
    """One of the groups that the person is in. Locked is its group: two who log or move it come one after the other."""
    sessions = GuidanceSession.objects.editable_by(user).select_related(
        "group__participation__municipality", "group__participation__cohort", "submitted_by", "cancelled_by"
    )
    found = get_object_or_404(sessions, pk=pk)
    if lock:
        GuidanceGroup.objects.select_for_update(of=("self",)).get(pk=found.group_id)
        found = get_object_or_404(sessions, pk=pk)
    return found


def choices(group: GuidanceGroup, *, session: GuidanceSession | None = None) -> Choices:
    """`session`: one whose own units, supervisors and themes are chosen from too, closed or gone as they may be."""
    of_units, of_supervisors = Q(closed_on__isnull=True), Q(memberships__in=group.members.current())
    settings = GuidanceSettings.objects.of(group.participation.cohort)
    themes = settings.themes
    if session:
        of_units |= Q(pk__in=session.units.values("pk"))
        of_supervisors |= Q(pk__in=session.supervisors.values("pk"))
        fixed = GuidanceSession.Theme.values
        themes += [theme for theme in session.themes if theme not in fixed and theme not in themes]
    return Choices(
        units=list(group.participation.units.filter(of_units)),
        supervisors=list(Supervisor.objects.filter(of_supervisors).distinct()),
        own_themes=themes,
    )


def known_names(group: GuidanceGroup) -> set[str]:
    """Names that may well stand in a log: the places, the units, and the adults of the project there."""
    participation = group.participation
    return {
        *Municipality.objects.values_list("name", flat=True),
        *participation.units.values_list("name", flat=True),
        *participation.contacts.values_list("name", flat=True),
        *Supervisor.objects.filter(memberships__group=group).values_list("name", flat=True),
    }


def followed(user: User, *, today: date) -> QuerySet[Participation]:
    """The participations whose guidance this person may know of, each with `in_group`."""
    members = GroupMember.objects.of(user).filter(group__participation=OuterRef("pk"))
    return (
        reach.followed(user, today=today)
        .annotate(in_group=Exists(members))
        .select_related("municipality", "cohort", "guidance_group")
    )


def units_seen(user: User, participation: Participation, *, today: date) -> QuerySet[Unit]:
    """The units of which this person may know in which sessions they took part: see `with_sight`."""
    contacts = Contact.objects.current().filter(user=user, participation=participation, unit__isnull=True)
    return participation.units.filter(
        Q(participation__in=GroupMember.objects.participations_of(user))
        | Q(participation__in=contacts.values("participation"))
        | Q(pk__in=Unit.objects.led_by(user))
        | Q(ProjectLeader.objects.is_one(user, today=today))
    )
