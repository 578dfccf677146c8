"""What a group is like once somebody in it is another: who can come, and which rules that would break."""

from dataclasses import dataclass
from datetime import date

from guidance import continuity
from guidance.composer import Breach, Municipality, Person, Seat, breaches
from guidance.models import GroupMember, GuidanceSettings, Supervisor
from participants.models import Unit


@dataclass(frozen=True)
class Candidate:
    supervisor: Supervisor
    load: int
    most: int | None
    barred: bool
    near: bool
    in_group: bool


def candidates(member: GroupMember, *, today: date) -> list[Candidate]:
    """Everybody active but the one who leaves, the best first: with room, near, and not barred."""
    participation = member.group.participation
    municipality = participation.municipality
    loads = {load.supervisor.pk: load for load in continuity.loads(participation.cohort, today=today)}
    group = {other.supervisor_id for other in member.group.members.current()}
    people = (
        Supervisor.objects.filter(user__is_active=True)
        .exclude(pk=member.supervisor_id)
        .prefetch_related("preferred_counties", "not_with")
    )
    found = []
    for person in people:
        load, counties = loads.get(person.pk), list(person.preferred_counties.all())
        found.append(
            Candidate(
                supervisor=person,
                load=len(load.members) if load else 0,
                most=load.most if load else None,
                barred=municipality in person.not_with.all(),
                near=not counties or municipality.county in counties,
                in_group=person.pk in group,
            )
        )
    return sorted(found, key=lambda one: (one.barred, one.load >= (one.most or 0), not one.near, one.supervisor.name))


def breaches_after(member: GroupMember, successor: Candidate | None) -> list[Breach]:
    """What the group breaks with the successor instead, or with nobody, that it does not break as it is."""
    participation = member.group.participation
    kinds = set(participation.units.active().values_list("kind", flat=True))
    size = GuidanceSettings.objects.of(participation.cohort).group_size(participation.units.active().count())
    municipality = Municipality(
        key=participation.pk,
        number=participation.municipality.number,
        county="",
        size=size,
        kindergartens=Unit.Kind.KINDERGARTEN in kinds,
        schools=bool(kinds - {Unit.Kind.KINDERGARTEN}),
    )
    members = list(member.group.members.current().select_related("supervisor"))
    before = [other.supervisor for other in members]
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
        people.append(
            Person(
                key=one.pk,
                centre=one.employer == Supervisor.Employer.CENTRE,
                kindergarten=one.knows_kindergarten,
                school=one.knows_school,
                counties=frozenset(),
                barred=frozenset(),
                most=0 if full else 1,
            )
        )
    leader = next((person.key for person in people if person.centre), None)
    seats = [Seat(municipality.key, person.key, leads=person.key == leader) for person in people]
    return breaches([municipality], people, seats)
