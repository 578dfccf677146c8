"""A supervisor leaves a group: who can come instead, which rules that would break, and what is handed over."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.todos import Holding
from guidance.groups import rules, seating
from guidance.groups.candidate import Candidate, best_first
from guidance.groups.rules import Breach, MunicipalityProfile, Rule, Seat
from guidance.models import (
    Capacity,
    Departure,
    GroupMember,
    GuidanceGroup,
    GuidanceSettings,
    Handover,
    ProposedSeat,
    Supervisor,
)
from guidance.models.cohort_settings import MIN_SUPERVISORS
from guidance.staffing.load import loads
from participants.models import Participation
from parts.dates import day_in_words
from parts.rows import annotated

CENTRE = Supervisor.Employer.CENTRE
SESSION, DRAFT = "guidance.session", "guidance.draft"


@transaction.atomic
def replace(
    member: GroupMember,
    *,
    successor: Supervisor,
    note: str,
    by: User,
    now: datetime,
    chosen: Collection[str] | None = None,
) -> GroupMember:
    """Hand over to another supervisor: a note, the coming sessions, the unsent logs and the access.

    `chosen`: the keys of the sessions and logs that are handed over (see `holdings`), all of them when none are given.
    The others in the group go on with the rest, and the one who leads it with the logs.

    The old one's access ends at once. A group is led by somebody from Læringsmiljøsenteret: when the leader hands over
    to somebody from practice, another of theirs in the group leads on. Raise ValidationError when there is none, or
    when the membership has ended already.
    """
    today = timezone.localdate(now)
    group = GuidanceGroup.objects.select_for_update().get(pk=member.group_id)
    _end_membership(member, today=today, by=by)
    new = group.members.current().filter(supervisor=successor).first()
    if new is None:
        new = GroupMember(group=member.group, supervisor=successor, started_on=today)
        new._history_user = by
        new.save()
    if member.leads:
        _pass_on_the_lead(group, first=new, by=by)
    _leave_open_compositions(member, successor=successor)
    for session in group.sessions.planned().filter(supervisors=member.supervisor):
        if chosen is None or f"{SESSION}:{session.pk}" in chosen:
            session.supervisors.add(successor)
    others = group.members.current().filter(leads=True).select_related("supervisor__user").first()
    leader = others.supervisor if others else successor
    for draft in group.log_drafts.filter(user=member.supervisor.user):
        kept = chosen is None or f"{DRAFT}:{draft.pk}" in chosen
        draft.hand_over(to=(successor if kept else leader).user)
    member.pass_on_work(to=successor)
    Handover.objects.create(ended=member, started=new, note=note, handed_over_at=now, handed_over_by=by)
    return new


@transaction.atomic
def end(member: GroupMember, *, by: User, now: datetime) -> None:
    """Leave without a successor. The others go on with the coming sessions, the leader with the unsent logs.

    Raise ValidationError when too few are left, nobody from Læringsmiljøsenteret could lead, or it has ended.
    """
    group = GuidanceGroup.objects.select_for_update().get(pk=member.group_id)
    if group.members.current().exclude(pk=member.pk).count() < MIN_SUPERVISORS:
        raise ValidationError(
            _("Gruppa må ha minst to veiledere. Erstatt veilederen med en annen i stedet."), code="too_few"
        )
    _end_membership(member, today=timezone.localdate(now), by=by)
    if member.leads:
        _pass_on_the_lead(group, first=None, by=by)
    _leave_open_compositions(member, successor=None)
    member.pass_on_work(to=group.members.current().select_related("supervisor__user")[0].supervisor)
    Departure.objects.create(member=member, left_at=now, left_by=by)


def holdings(member: GroupMember) -> list[Holding]:
    """What a supervisor has in a group that a successor may take over."""
    sessions = member.group.sessions.planned().filter(supervisors=member.supervisor).order_by("held_on", "pk")
    found = [
        Holding(f"{SESSION}:{session.pk}", _("Møtet %(day)s") % {"day": day_in_words(session.held_on)})
        for session in sessions
    ]
    drafts = member.group.log_drafts.filter(user=member.supervisor.user).select_related("session")
    for draft in drafts.order_by("saved_at", "pk"):
        day = day_in_words(draft.session.held_on) if draft.session else day_in_words(timezone.localdate(draft.saved_at))
        found.append(Holding(f"{DRAFT}:{draft.pk}", _("Loggen som er begynt på, %(day)s") % {"day": day}))
    return found


def _end_membership(member: GroupMember, *, today: date, by: User) -> None:
    if not GroupMember.objects.current().filter(pk=member.pk).exists():
        raise ValidationError(_("Veilederen har allerede gått ut av gruppa."), code="ended")
    member.ended_on = today
    member._history_user = by
    member.save(update_fields=["ended_on"])


def _pass_on_the_lead(group: GuidanceGroup, *, first: GroupMember | None, by: User) -> None:
    others = group.members.current().filter(supervisor__employer=CENTRE)
    leader = first if first and first.supervisor.employer == CENTRE else others.order_by("pk").first()
    if leader is None:
        raise ValidationError(_("Gruppa ledes av noen fra Læringsmiljøsenteret. Velg en derfra."), code="no_leader")
    leader.leads = True
    leader._history_user = by
    leader.save(update_fields=["leads"])


def _leave_open_compositions(member: GroupMember, *, successor: Supervisor | None) -> None:
    """A composition that is being worked on began with the groups as they were, so it follows the change."""
    participation = member.group.participation_id
    seats = ProposedSeat.objects.filter(composition__published_at__isnull=True, participation=participation)
    mine = seats.filter(supervisor=member.supervisor)
    if successor and not seats.filter(supervisor=successor).exists():
        if successor.employer != CENTRE:
            mine.update(leads=False)
        mine.update(supervisor=successor)
    else:
        mine.delete()


def candidates(member: GroupMember) -> list[Candidate]:
    """All other active supervisors, those who fit the group best first."""
    participation = member.group.participation
    mine = GroupMember.objects.current().filter(supervisor=OuterRef("pk"))
    in_cohort = mine.filter(
        group__participation__cohort=participation.cohort_id, group__participation__withdrawn_at__isnull=True
    ).order_by()
    capacity = Capacity.objects.filter(cohort=participation.cohort_id, supervisor=OuterRef("pk"))
    people = (
        Supervisor.objects.filter(user__is_active=True)
        .exclude(pk=member.supervisor_id)
        .annotate(
            in_cohort=Exists(capacity),
            most=Coalesce(Subquery(capacity.values("most")), Value(0)),
            load=Coalesce(Subquery(in_cohort.values("supervisor").annotate(n=Count("pk")).values("n")), Value(0)),
            in_group=Exists(mine.filter(group=member.group)),
        )
        .prefetch_related("preferred_counties", "not_with")
    )
    municipality = _municipality(participation)
    elsewhere = loads(timezone.localdate(), besides=participation.cohort)
    return best_first(
        Candidate(
            supervisor=person,
            profile=seating.supervisor_profile(
                person, most=annotated(person, "most", int), elsewhere=elsewhere.get(person.pk, 0)
            ),
            municipality=municipality,
            load=annotated(person, "load", int),
            in_cohort=annotated(person, "in_cohort", bool),
            in_group=annotated(person, "in_group", bool),
        )
        for person in people
    )


def _municipality(participation: Participation) -> MunicipalityProfile:
    [counted] = seating.with_units(Participation.objects.filter(pk=participation.pk))
    return seating.municipality_profile(counted, GuidanceSettings.objects.of(participation.cohort))


def breaches_after(member: GroupMember, successor: Candidate | None) -> list[Breach]:
    """The rules that the group keeps now, and would break with the successor, or with nobody, in the member's place."""
    municipality = successor.municipality if successor else _municipality(member.group.participation)
    people = Supervisor.objects.prefetch_related("preferred_counties", "not_with")
    before = list(people.filter(pk__in=member.group.members.current().values("supervisor")))
    after = [person for person in before if person != member.supervisor]
    if successor and successor.supervisor not in after:
        after.append(successor.supervisor)
    new = set(_broken(municipality, after, successor)) - set(_broken(municipality, before, None))
    return sorted(new)


def _broken(municipality: MunicipalityProfile, group: list[Supervisor], joins: Candidate | None) -> list[Breach]:
    """Only this group is looked at, so nobody has too much in it; the successor's load is added in all its groups."""
    people = [seating.supervisor_profile(one, most=1) for one in group]
    leader = next((person.key for person in people if person.centre), None)
    seats = [Seat(municipality.key, person.key, leads=person.key == leader) for person in people]
    found = rules.breaches([municipality], people, seats)
    if joins and not joins.in_group and not joins.has_room:
        found.append(Breach(Rule.LOAD, None, joins.supervisor.pk, joins.load + 1, joins.profile.most))
    return found
