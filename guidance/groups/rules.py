"""What a composition of guidance groups is: who sits where, which rules that breaks, how good it is, and why.

This judges a composition, also one made by hand; composer.py looks for the best one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# What is wished for, weighed in one place, in whole numbers so that two values are compared exactly.
# Fair: a full load costs this for each municipality the person could carry, half a load a quarter of it. The sum of
# these squares is least when all carry the same share of what they said they can.
LOAD_WEIGHT = 60  # divisible by 1 to 6: the usual loads are compared without rounding
# What a person with no municipality costs. No first one costs more, so nobody gets a second before all have one.
IDLE_WEIGHT = 60
# To lead is work too, but a part of it: it decides among proposals that are nearly as fair.
LEAD_WEIGHT = 12
# Near before fair: moving one municipality, and its lead, from somebody with a full load to somebody with none saves
# less than 2 * LOAD_WEIGHT + 2 * LEAD_WEIGHT + IDLE_WEIGHT = 204, so that alone is never worth a far seat.
FAR_WEIGHT = 210
# Whoever is in a published group stays unless the change evens out a whole load: the municipality knows the names.
# Those who have held sessions there are not weighed with the wishes: they come before all of them, see `Value.parted`.
STAY_WEIGHT = 60


@dataclass(frozen=True)
class MunicipalityProfile:
    """What the composer needs to know of one participation."""

    key: int
    number: str  # kommunenummer, for `barred`
    county: str  # fylkesnummer
    size: int  # how many supervisors its group is to have
    kindergartens: bool
    schools: bool  # schools or after-school programmes
    members: frozenset[int] = frozenset()  # keys of those in its published group
    # Of those in its group now who have held sessions there: their keys, and the key of the one who leads it, if any.
    known: frozenset[int] = frozenset()
    led_by: int | None = None


@dataclass(frozen=True)
class SupervisorProfile:
    """What the composer needs to know of one supervisor."""

    key: int
    centre: bool  # from Læringsmiljøsenteret, else from practice
    kindergarten: bool
    school: bool
    counties: frozenset[str]  # preferred; with none, everywhere is equally near
    barred: frozenset[str]  # numbers of municipalities never to be in: one's own employer
    most: int  # how many municipalities in this cohort
    elsewhere: int = 0  # how many the person has in other running cohorts

    def near(self, municipality: MunicipalityProfile) -> bool:
        return not self.counties or municipality.county in self.counties

    def may_guide(self, municipality: "MunicipalityProfile", *, load: int) -> bool:
        """Whether the composer may seat the person there, with so many municipalities already: a rule, not a wish."""
        return not self.is_barred(municipality) and load < self.most

    def is_barred(self, municipality: MunicipalityProfile) -> bool:
        return municipality.number in self.barred

    def fitness(self, municipality: MunicipalityProfile, *, load: int) -> tuple[bool, bool, bool, int, int]:
        """How well the person fits a group, the lower the better: may be in it, has room, is near, knows its units.

        `load` is how many municipalities of the cohort the person has. Among equals, those go first who have the fewest
        in all running cohorts.
        """
        knows = (self.kindergarten and municipality.kindergartens) + (self.school and municipality.schools)
        total = load + self.elsewhere
        return self.is_barred(municipality), load >= self.most, not self.near(municipality), -knows, total


@dataclass(frozen=True, order=True)
class Seat:
    municipality: int
    person: int
    leads: bool = False


class Rule(StrEnum):
    """The hard rules. When not all can be met, the first matter most. The composer never breaks LOAD and BARRED: only
    a choice by hand does."""

    LEADER = "leader"  # exactly one leads, and is from the centre
    PRACTICE = "practice"  # at least one from practice
    KINDERGARTEN = "kindergarten"
    SCHOOL = "school"
    SIZE = "size"
    BARRED = "barred"
    LOAD = "load"


@dataclass(frozen=True, order=True)
class Breach:
    """`have` and `need` count people, but LOAD counts municipalities. LOAD is about a person alone, BARRED about a
    person in a municipality, and LEADER names the person if one from practice leads alone."""

    rule: Rule
    municipality: int | None
    person: int | None
    have: int
    need: int


class Value(NamedTuple):
    """What a composition is worth: the lower the better, and the first number decides before the next."""

    overruns: int  # barred seats, seats above a person's load and above a group's size
    leaders: int  # groups without one leader from the centre
    practice: int  # groups without anybody from practice
    knowledge: int  # groups without kindergarten or without school knowledge they need
    empty: int  # seats that are left empty
    parted: int  # people who have held sessions in a municipality and lose it, or no longer lead there
    cost: int  # far, changed, unfair, and leading unevenly spread, weighted as above


@dataclass(frozen=True)
class Reason:
    """Why one person sits in a group."""

    person: int
    centre: bool
    leads: bool
    locked: bool
    brings: tuple[Rule, ...]  # of KINDERGARTEN and SCHOOL, what the municipality needs and the person knows
    alone: tuple[Rule, ...]  # those of PRACTICE, KINDERGARTEN and SCHOOL that the group would break without the person
    near: bool | None  # None: the person prefers no county
    load: int  # municipalities in this composition
    most: int
    elsewhere: int = 0  # municipalities in other running cohorts
    known: bool = False  # has held sessions there


Groups = Mapping[int, Mapping[int, bool]]  # by municipality: its people, and whether they lead


def grouped(
    municipalities: Iterable[MunicipalityProfile], people: Iterable[SupervisorProfile], seats: Iterable[Seat]
) -> Groups:
    """The seats by municipality. The same seat twice is one, and leads if either does.

    Raise ValueError for an unknown person or municipality.
    """
    known = {person.key for person in people}
    groups: dict[int, dict[int, bool]] = {municipality.key: {} for municipality in municipalities}
    for seat in sorted(seats):
        if seat.municipality not in groups or seat.person not in known:
            raise ValueError(f"{seat} is of a municipality or a person that the composer does not know")
        groups[seat.municipality][seat.person] = groups[seat.municipality].get(seat.person, False) or seat.leads
    return groups


def loads(groups: Groups) -> Counter[int]:
    """Municipalities by person."""
    return Counter(person for group in groups.values() for person in group)


def breaches(
    municipalities: Collection[MunicipalityProfile], people: Collection[SupervisorProfile], seats: Collection[Seat]
) -> list[Breach]:
    """The broken rules of any composition: by municipality, the weightiest first, then people's loads."""
    groups = grouped(municipalities, people, seats)
    by_key = {person.key: person for person in people}
    found: list[Breach] = []
    for municipality in sorted(municipalities, key=lambda one: one.key):
        group = groups[municipality.key]
        found += _leader(municipality, [by_key[key] for key, leads in group.items() if leads])
        found += _missing(municipality, [by_key[key] for key in group])
        if len(group) != municipality.size:
            found.append(Breach(Rule.SIZE, municipality.key, None, len(group), municipality.size))
        found += [
            Breach(Rule.BARRED, municipality.key, key, 1, 0)
            for key in sorted(group)
            if by_key[key].is_barred(municipality)
        ]
    return found + [
        Breach(Rule.LOAD, None, key, load, by_key[key].most)
        for key, load in sorted(loads(groups).items())
        if load > by_key[key].most
    ]


def _leader(municipality: MunicipalityProfile, leaders: list[SupervisorProfile]) -> Iterator[Breach]:
    if len(leaders) != 1:
        yield Breach(Rule.LEADER, municipality.key, None, len(leaders), 1)
    elif not leaders[0].centre:
        yield Breach(Rule.LEADER, municipality.key, leaders[0].key, 0, 1)


def _missing(municipality: MunicipalityProfile, group: Collection[SupervisorProfile]) -> Iterator[Breach]:
    for rule in needs(municipality):
        if not any(gives(person, rule) for person in group):
            yield Breach(rule, municipality.key, None, 0, 1)


def needs(municipality: MunicipalityProfile) -> list[Rule]:
    """What at least one of the group must give."""
    asked = {Rule.PRACTICE: True, Rule.KINDERGARTEN: municipality.kindergartens, Rule.SCHOOL: municipality.schools}
    return [rule for rule, needed in asked.items() if needed]


def gives(person: SupervisorProfile, rule: Rule) -> bool:
    return {
        Rule.PRACTICE: not person.centre,
        Rule.KINDERGARTEN: person.kindergarten,
        Rule.SCHOOL: person.school,
    }[rule]


def value(
    municipalities: Collection[MunicipalityProfile], people: Collection[SupervisorProfile], seats: Collection[Seat]
) -> Value:
    broken: Counter[Rule] = Counter()
    overruns = empty = 0
    for breach in breaches(municipalities, people, seats):
        broken[breach.rule] += 1
        if breach.rule in {Rule.SIZE, Rule.BARRED, Rule.LOAD}:
            overruns += max(0, breach.have - breach.need)
            empty += max(0, breach.need - breach.have)
    return Value(
        overruns=overruns,
        leaders=broken[Rule.LEADER],
        practice=broken[Rule.PRACTICE],
        knowledge=broken[Rule.KINDERGARTEN] + broken[Rule.SCHOOL],
        empty=empty,
        parted=_parted(municipalities, people, seats),
        cost=_cost(municipalities, people, seats),
    )


def _parted(
    municipalities: Collection[MunicipalityProfile], people: Collection[SupervisorProfile], seats: Collection[Seat]
) -> int:
    groups = grouped(municipalities, people, seats)
    may_lead = {person.key: person.centre for person in people}
    lost = sum(
        municipality.led_by == key and may_lead[key] and not groups[municipality.key].get(key, False)
        for municipality in municipalities
        for key in may_lead
    )
    return lost + sum(len(one.known & may_lead.keys() - groups[one.key].keys()) for one in municipalities)


def _cost(
    municipalities: Collection[MunicipalityProfile], people: Collection[SupervisorProfile], seats: Collection[Seat]
) -> int:
    groups = grouped(municipalities, people, seats)
    load = loads(groups)
    leads = Counter(key for group in groups.values() for key, leading in group.items() if leading)
    far = sum(
        not person.near(municipality)
        for municipality in municipalities
        for person in people
        if person.key in groups[municipality.key]
    )
    there = {person.key for person in people}
    gone = sum(len((one.members & there) - groups[one.key].keys()) for one in municipalities)
    return (
        far * FAR_WEIGHT
        + gone * STAY_WEIGHT
        + sum(
            idle_cost(person) * (load[person.key] == 0)
            + sum(load_step(person, nth) for nth in range(1, load[person.key] + 1))
            + sum(lead_step(person, nth) for nth in range(1, leads[person.key] + 1))
            for person in people
        )
    )


def idle_cost(person: SupervisorProfile) -> int:
    """Who guides in another cohort is not idle."""
    return IDLE_WEIGHT if person.most > 0 and not person.elsewhere else 0


def load_step(person: SupervisorProfile, nth: int) -> int:
    """What the nth municipality costs: each more than the one before. Those in other running cohorts are the first.

    They count on both sides, in what the person has and in what the person can carry: so no step costs more than
    2 * LOAD_WEIGHT within one's capacity.
    """
    return _step(LOAD_WEIGHT, person.most + person.elsewhere, nth + person.elsewhere)


def lead_step(person: SupervisorProfile, nth: int) -> int:
    return _step(LEAD_WEIGHT, person.most, nth)


def _step(weight: int, most: int, nth: int) -> int:
    """The difference between two squares, n² - (n - 1)², over what the person can carry."""
    return round(weight * (2 * nth - 1) / max(most, 1))


def reasons(
    municipalities: Collection[MunicipalityProfile],
    people: Collection[SupervisorProfile],
    seats: Collection[Seat],
    locked: Collection[Seat] = (),
) -> dict[int, list[Reason]]:
    """Why each person sits there, by municipality: the leader first, then by key."""
    groups = grouped(municipalities, people, seats)
    load = loads(groups)
    kept = {(seat.municipality, seat.person) for seat in locked}
    by_key = {person.key: person for person in people}
    found: dict[int, list[Reason]] = {}
    for municipality in sorted(municipalities, key=lambda one: one.key):
        group = groups[municipality.key]
        givers = {rule: [key for key in group if gives(by_key[key], rule)] for rule in needs(municipality)}
        found[municipality.key] = [
            Reason(
                person=key,
                centre=by_key[key].centre,
                leads=group[key],
                locked=(municipality.key, key) in kept,
                brings=tuple(rule for rule, who in givers.items() if key in who and rule != Rule.PRACTICE),
                alone=tuple(rule for rule, who in givers.items() if who == [key]),
                near=by_key[key].near(municipality) if by_key[key].counties else None,
                load=load[key],
                most=by_key[key].most,
                elsewhere=by_key[key].elsewhere,
                known=key in municipality.known,
            )
            for key in sorted(group, key=lambda key: (not group[key], key))
        ]
    return found
