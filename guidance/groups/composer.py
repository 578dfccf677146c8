"""Compose the guidance groups of a cohort: the best proposal there is, around what is locked."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from guidance.groups.programme import Programme
from guidance.groups.rules import (
    FAR_WEIGHT,
    STAY_WEIGHT,
    Breach,
    MunicipalityProfile,
    Rule,
    Seat,
    SupervisorProfile,
    Value,
    breaches,
    gives,
    grouped,
    idle_cost,
    lead_step,
    load_step,
    loads,
    needs,
    value,
)


@dataclass(frozen=True)
class Proposal:
    seats: tuple[Seat, ...]  # sorted
    breaches: tuple[Breach, ...]  # what could not be met
    value: Value
    proven: bool  # nothing better exists; else the search was stopped at its limit


def compose(
    municipalities: Collection[MunicipalityProfile],
    people: Collection[SupervisorProfile],
    *,
    locked: Collection[Seat] = (),
) -> Proposal:
    """Return the best proposal. A locked seat is kept, and so is its lead; one without the lead may be given it.

    Raise ValueError for a lock on an unknown person or municipality.
    """
    search = Search(municipalities, people, locked)
    seats = search.best()
    return Proposal(
        seats=tuple(sorted(seats)),
        breaches=tuple(breaches(municipalities, people, seats)),
        value=value(municipalities, people, seats),
        proven=search.programme.proven,
    )


class Search:
    """The composition as a whole-number programme. What cannot be met is a column with a cost, so it always shows.

    Everything is sorted first: the same facts in another order give the same proposal.
    """

    def __init__(
        self,
        municipalities: Collection[MunicipalityProfile],
        people: Collection[SupervisorProfile],
        locked: Collection[Seat],
    ) -> None:
        self.people = sorted(people, key=lambda one: one.key)
        self.locked = grouped(municipalities, people, locked)
        self.locked_load = loads(self.locked)
        self.programme = Programme()
        self.sits: dict[tuple[int, int], int] = {}  # columns, by municipality and person
        self.leads: dict[tuple[int, int], int] = {}
        # What cannot be met, the weightiest first: each is made as small as possible before the next is looked at.
        self.leaderless: list[int] = []
        self.without_practice: list[int] = []
        self.without_knowledge: list[int] = []
        self.empty: list[int] = []
        self.parted: list[int] = []
        self.costs: dict[int, int] = {}
        for municipality in sorted(municipalities, key=lambda one: one.key):
            self._group(municipality)
        self._loads()

    def best(self) -> list[Seat]:
        tiers = [self.leaderless, self.without_practice, self.without_knowledge, self.empty, self.parted]
        self.programme.minimise({column: 1 for tier in tiers for column in tier})  # mostly nothing is missing
        for tier in tiers:
            if self.programme.total(tier) > 0:
                self.programme.minimise(dict.fromkeys(tier, 1))
            self.programme.keep(tier)
        self.programme.minimise(self.costs)
        return [
            Seat(municipality, person, self._leads(municipality, person))
            for (municipality, person), column in self.sits.items()
            if self.programme.has(column)
        ]

    def _leads(self, municipality: int, person: int) -> bool:
        column = self.leads.get((municipality, person))
        return self.programme.has(column) if column is not None else self.locked[municipality].get(person, False)

    def _group(self, municipality: MunicipalityProfile) -> None:
        locked = self.locked[municipality.key]
        sits = {
            person: self.programme.column(start=int(person.key in locked), lower=int(person.key in locked))
            for person in self.people
            if person.key in locked or person.may_guide(municipality, load=self.locked_load[person.key])
        }
        self.sits |= {(municipality.key, person.key): column for person, column in sits.items()}
        self.costs |= {column: _seat_cost(municipality, person) for person, column in sits.items()}
        size = max(municipality.size, len(locked))
        self.empty.append(self.programme.column(start=size - len(locked), upper=size))
        self.programme.row([*sits.values(), self.empty[-1]], lower=size, upper=size)
        for rule in needs(municipality):
            missing = self.programme.column(start=1)
            self.programme.row([column for person, column in sits.items() if gives(person, rule)] + [missing], lower=1)
            (self.without_practice if rule == Rule.PRACTICE else self.without_knowledge).append(missing)
        for person, column in sits.items():
            if person.key in municipality.known:
                self._keep(column, start=int(person.key in locked))
        if not any(locked.values()):  # where a lead is locked there is no other, also where that breaks the rule
            self._leader(municipality, sits)

    def _leader(self, municipality: MunicipalityProfile, sits: dict[SupervisorProfile, int]) -> None:
        leads = {person: self.programme.column() for person in sits if person.centre}
        for person, column in leads.items():
            self.programme.row([column], less=[sits[person]], upper=0)
            if person.key == municipality.led_by:
                self._keep(column)
        self.leads |= {(municipality.key, person.key): column for person, column in leads.items()}
        self.leaderless.append(self.programme.column(start=1))
        self.programme.row([*leads.values(), self.leaderless[-1]], lower=1, upper=1)

    def _keep(self, column: int, *, start: int = 0) -> None:
        """Count it where this does not stay as it is."""
        self.parted.append(self.programme.column(start=1 - start))
        self.programme.row([column, self.parted[-1]], lower=1)

    def _loads(self) -> None:
        """Each further municipality is a step that costs more than the last one, so the cheap steps are taken first."""
        sits, leads = _by_person(self.sits), _by_person(self.leads)
        led = Counter(person for group in self.locked.values() for person, leading in group.items() if leading)
        for person in self.people:
            locked = self.locked_load[person.key]
            most = max(person.most, locked)
            loads = [load_step(person, nth) for nth in range(1, min(most, len(sits[person.key])) + 1)]
            if loads:
                loads[0] -= idle_cost(person)
            self._steps(sits[person.key], loads, taken=locked)
            first = led[person.key] + 1
            self._steps(leads[person.key], [lead_step(person, nth) for nth in range(first, first + len(loads))])

    def _steps(self, columns: list[int], costs: list[int], *, taken: int = 0) -> None:
        steps = {self.programme.column(start=int(nth < taken), whole=False): cost for nth, cost in enumerate(costs)}
        self.costs |= steps
        self.programme.row(columns, less=steps, lower=0, upper=0)


def _seat_cost(municipality: MunicipalityProfile, person: SupervisorProfile) -> int:
    far = 0 if person.near(municipality) else FAR_WEIGHT
    return far - (STAY_WEIGHT if person.key in municipality.members else 0)


def _by_person(columns: dict[tuple[int, int], int]) -> dict[int, list[int]]:
    found = defaultdict(list)
    for (_municipality, person), column in columns.items():
        found[person].append(column)
    return found
