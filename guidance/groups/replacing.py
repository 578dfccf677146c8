"""What a group is like once somebody in it is another: who can come, and which rules that would break."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from guidance.groups import seating
from guidance.groups.composer import Breach, Municipality, Seat, breaches
from guidance.models import Capacity, GroupMember, GuidanceSettings, Supervisor
from participants.models import Participation


@dataclass(frozen=True)
class Candidate:
    supervisor: Supervisor
    load: int
    most: int | None
    barred: bool
    near: bool
    in_group: bool


def candidates(member: GroupMember) -> list[Candidate]:
    """Everybody active but the one who leaves, the best first: with room, near, and not barred."""
    participation = member.group.participation
    municipality = participation.municipality
    mine = GroupMember.objects.current().filter(supervisor=OuterRef("pk"))
    in_cohort = mine.filter(
        group__participation__cohort=participation.cohort_id, group__participation__withdrawn_at__isnull=True
    ).order_by()
    capacity = Capacity.objects.filter(cohort=participation.cohort_id, supervisor=OuterRef("pk"))
    people = (
        Supervisor.objects.filter(user__is_active=True)
        .exclude(pk=member.supervisor_id)
        .annotate(
            most=Subquery(capacity.values("most")),
            load=Coalesce(Subquery(in_cohort.values("supervisor").annotate(n=Count("pk")).values("n")), Value(0)),
            in_group=Exists(mine.filter(group=member.group)),
        )
        .prefetch_related("preferred_counties", "not_with")
    )
    found = []
    for person in people:
        counties = list(person.preferred_counties.all())
        found.append(
            Candidate(
                supervisor=person,
                load=person.load,
                most=person.most,
                barred=municipality in person.not_with.all(),
                near=not counties or municipality.county in counties,
                in_group=person.in_group,
            )
        )
    return sorted(found, key=lambda one: (one.barred, one.load >= (one.most or 0), not one.near, one.supervisor.name))


def breaches_after(member: GroupMember, successor: Candidate | None) -> list[Breach]:
    """What the group breaks with the successor instead, or with nobody, that it does not break as it is."""
    participation = member.group.participation
    settings = GuidanceSettings.objects.of(participation.cohort)
    [counted] = seating.with_units(Participation.objects.filter(pk=participation.pk))
    municipality = seating.municipality(counted, settings)
    people = Supervisor.objects.prefetch_related("preferred_counties", "not_with")
    before = list(people.filter(pk__in=member.group.members.current().values("supervisor")))
    after = [person for person in before if person != member.supervisor]
    if successor and successor.supervisor not in after:
        after.append(successor.supervisor)
    new = set(_broken(municipality, after, successor)) - set(_broken(municipality, before, None))
    return sorted(new)


def _broken(municipality: Municipality, group: list[Supervisor], joins: Candidate | None) -> list[Breach]:
    """Loads are counted elsewhere too, so the one who joins has room for one more or for none."""
    people = []
    for one in group:
        full = joins is not None and one == joins.supervisor and not joins.in_group and joins.load >= (joins.most or 0)
        people.append(seating.person(one, most=0 if full else 1))
    leader = next((person.key for person in people if person.centre), None)
    seats = [Seat(municipality.key, person.key, leads=person.key == leader) for person in people]
    return breaches([municipality], people, seats)
