"""Why a rule is not met in a municipality, and what would help: found by giving way in one thing at a time.

It looks at the composition as it is, so it explains a proposal and what was chosen by hand alike.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from guidance.groups import rules
from guidance.groups.rules import Breach, Groups, MunicipalityProfile, Rule, Seat, SupervisorProfile

# The rules that somebody else in the group could meet. The others are broken by a choice by hand alone.
EXPLAINED = {Rule.LEADER, Rule.PRACTICE, Rule.KINDERGARTEN, Rule.SCHOOL, Rule.SIZE}


class Way(StrEnum):
    """What to give way in, the least first."""

    CHOOSE = "choose"  # nothing: the person has room and can sit there
    UNLOCK = "unlock"  # somebody locked makes way
    CAPACITY = "capacity"  # the person takes one municipality more than agreed
    SIZE = "size"  # the group gets one more than it is to have
    BAR = "bar"  # the person is not barred from the municipality after all


ORDER = list(Way)


@dataclass(frozen=True)
class Help:
    """Who would meet the rule, and in what one gives way."""

    way: Way
    person: int
    load: int
    most: int


@dataclass(frozen=True)
class Obstacle:
    """Of those who could meet the rule and are not in the group: how many there are, and what stands in their way."""

    breach: Breach
    givers: int
    barred: int
    full: int  # have as many municipalities as agreed, and are not barred
    free: int
    others_free: int  # have room and may be there, but do not meet the rule
    help: Help | None


def obstacles(
    municipalities: Collection[MunicipalityProfile],
    people: Collection[SupervisorProfile],
    seats: Collection[Seat],
    locked: Collection[Seat] = (),
) -> list[Obstacle]:
    """One for each broken rule that somebody else could meet, in the order of `rules.breaches`."""
    groups = rules.grouped(municipalities, people, seats)
    kept = rules.grouped(municipalities, people, locked)
    load = rules.loads(groups)
    by_key = {one.key: one for one in municipalities}
    ranked = sorted(people, key=lambda one: one.key)
    return [
        _obstacle(breach, by_key[breach.municipality], ranked, groups=groups, kept=kept, load=load)
        for breach in rules.breaches(municipalities, people, seats)
        if breach.municipality is not None and breach.rule in EXPLAINED and breach.have < breach.need
    ]


def meets(person: SupervisorProfile, rule: Rule) -> bool:
    """Whether the person in the group would do."""
    if rule == Rule.SIZE:
        return True
    return person.centre if rule == Rule.LEADER else rules.gives(person, rule)


def _obstacle(
    breach: Breach,
    municipality: MunicipalityProfile,
    people: list[SupervisorProfile],
    *,
    groups: Groups,
    kept: Groups,
    load: dict[int, int],
) -> Obstacle:
    group = [one for one in people if one.key in groups[municipality.key]]
    outside = [one for one in people if one.key not in groups[municipality.key]]
    givers = [one for one in outside if meets(one, breach.rule)]
    barred = [one for one in givers if one.is_barred(municipality)]
    full = [one for one in givers if not one.is_barred(municipality) and load[one.key] >= one.most]
    others = [one for one in outside if not meets(one, breach.rule)]
    found = (
        Help(way, one.key, load[one.key], one.most)
        for one in sorted(givers, key=lambda one: one.fitness(municipality, load=load[one.key]))
        for way in _ways(one, municipality, group, set(kept[municipality.key]), load=load[one.key])
    )
    return Obstacle(
        breach=breach,
        givers=len(givers),
        barred=len(barred),
        full=len(full),
        free=len(givers) - len(barred) - len(full),
        others_free=sum(one.may_guide(municipality, load=load[one.key]) for one in others),
        help=min(found, key=lambda help: ORDER.index(help.way), default=None),
    )


def _ways(
    person: SupervisorProfile,
    municipality: MunicipalityProfile,
    group: list[SupervisorProfile],
    kept: set[int],
    *,
    load: int,
) -> Iterator[Way]:
    """In what alone to give way so that the person can be there and breaks nothing new."""
    needed = [Way.BAR] * person.is_barred(municipality) + [Way.CAPACITY] * (load >= person.most)
    needed += _room(person, municipality, group, kept)
    if len(needed) < 2:
        yield needed[0] if needed else Way.CHOOSE


def _room(
    person: SupervisorProfile, municipality: MunicipalityProfile, group: list[SupervisorProfile], kept: set[int]
) -> list[Way]:
    """What it takes to make room in the group: nothing, unlocking it, or one more."""
    before = _broken(municipality, group)
    if len(group) < municipality.size:
        return []
    instead = [
        one for one in group if _broken(municipality, [person, *(other for other in group if other != one)]) < before
    ]
    if any(one.key not in kept for one in instead):
        return []
    return [Way.UNLOCK] if instead else [Way.SIZE]


def _broken(municipality: MunicipalityProfile, group: list[SupervisorProfile]) -> set[Rule]:
    """Whoever of them can, leads."""
    leader = next((one.key for one in group if one.centre), None)
    seats = [Seat(municipality.key, one.key, leads=one.key == leader) for one in group]
    found = rules.breaches([municipality], group, seats)
    return {breach.rule for breach in found} - {Rule.LOAD, Rule.BARRED, Rule.SIZE}
