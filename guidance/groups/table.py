"""A composition as a page shows it: a row for each municipality, and the loads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guidance.groups.obstacles import Obstacle
from guidance.groups.rules import Breach, Rule
from guidance.groups.seating import Seating
from guidance.groups.wording import describe_breach, describe_obstacle, describe_reason
from guidance.models import ProposedSeat
from participants.models import Participation


@dataclass
class CompositionRow:
    """A municipality on the page."""

    participation: Participation
    size: int
    seats: list[ProposedSeat]
    broken: list[str]
    why: list[str]  # why those rules are not met, and what would help
    reasons: list[tuple[str, str]]  # who, and why
    away: Mapping[int, str]  # by supervisor: their leave in words

    @property
    def seated(self) -> list[tuple[ProposedSeat, str]]:
        """Each seat with the person's leave in words."""
        return [(seat, self.away.get(seat.supervisor_id, "")) for seat in self.seats]

    @property
    def is_locked(self) -> bool:
        return bool(self.seats) and all(seat.locked for seat in self.seats)

    @property
    def words(self) -> str:
        names = [seat.supervisor.name for seat in self.seats]
        return " ".join([self.participation.municipality.name_and_county, *names]).casefold()


def rows_of(seated: Seating, breaches: list[Breach], found: Sequence[Obstacle] = ()) -> list[CompositionRow]:
    broken: dict[int, list[str]] = {}
    for breach in breaches:
        if breach.municipality is not None:
            name = seated.supervisors[breach.person].name if breach.person else ""
            broken.setdefault(breach.municipality, []).append(describe_breach(breach, person=name))
    why: dict[int, list[str]] = {}
    for one in found:
        if one.breach.municipality is not None:
            person = seated.supervisors[one.help.person].name if one.help else ""
            why.setdefault(one.breach.municipality, []).append(describe_obstacle(one, person=person))
    reasons = seated.reasons()
    return [
        CompositionRow(
            participation=seated.participations[municipality.key],
            size=municipality.size,
            seats=sorted(
                seated.seats.get(municipality.key, []), key=lambda seat: (not seat.leads, seat.supervisor.name)
            ),
            broken=broken.get(municipality.key, []),
            why=list(dict.fromkeys(why.get(municipality.key, []))),
            reasons=[
                (seated.supervisors[reason.person].name, describe_reason(reason))
                for reason in reasons.get(municipality.key, [])
            ],
            away=seated.away,
        )
        for municipality in seated.municipalities
    ]


def overloaded(seated: Seating, breaches: list[Breach]) -> list[str]:
    return [
        describe_breach(breach, person=seated.supervisors[breach.person].name)
        for breach in breaches
        if breach.rule == Rule.LOAD and breach.person
    ]


def loads_of(seated: Seating) -> list[tuple[str, int, int | None, int]]:
    """Each supervisor's name, municipalities, the most agreed on (None: not in the cohort), and those elsewhere."""
    loads = seated.loads()
    found = [
        (seated.supervisors[one.key].name, loads[one.key], seated.most.get(one.key), one.elsewhere)
        for one in seated.people
    ]
    return sorted(found, key=lambda load: load[0])
