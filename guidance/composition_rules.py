"""What a composition of guidance groups is: who sits where, which rules that breaks, what it is worth, and why these.

Nothing here looks for a composition; it judges one, also one made by hand. guidance/composer.py looks for the best.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# The soft weights, in one place: whole numbers, so that two values are compared exactly.
# A full load costs LOAD a municipality the person could carry, half a load a quarter of that: the square of the
# load over `most` is least when all carry the same share of what they said they can.
LOAD_WEIGHT = 60  # divisible by 1-6, so that the usual loads are compared without rounding
# More than any first municipality costs: nobody gets a second one while somebody as near has none.
IDLE_WEIGHT = 60
# Near comes before fair: a far seat must spare two persons from having none, or as much, to be worth the journey.
FAR_WEIGHT = 120
# The lead is work too, but less than being in the group: it decides among proposals that are else as fair.
LEAD_WEIGHT = 12


@dataclass(frozen=True)
class Municipality:
    """What the composer needs to know of one participation."""

    key: int
    number: str  # kommunenummer, for Person.barred
    county: str  # fylkesnummer
    size: int  # how many supervisors its group is to have
    kindergartens: bool
    schools: bool  # schools or after-school programmes


@dataclass(frozen=True)
class Person:
    """What the composer needs to know of one supervisor."""

    key: int
    centre: bool  # from Læringsmiljøsenteret, else from practice
    kindergarten: bool
    school: bool
    counties: frozenset[str]  # preferred; with none, everywhere is equally near
    barred: frozenset[str]  # numbers of municipalities never to be in: the own employer
    most: int  # how many municipalities in this cohort

    def near(self, municipality: Municipality) -> bool:
        return not self.counties or municipality.county in self.counties


@dataclass(frozen=True, order=True)
class Seat:
    municipality: int
    person: int
    leads: bool = False


class Rule(StrEnum):
    """The hard rules; of those that not everybody can be given, the first matter most. LOAD and BARRED are never broken
    by the composer, only by hand."""

    LEADER = "leader"  # exactly one leads, and is from the centre
    PRACTICE = "practice"  # at least one from practice
    KINDERGARTEN = "kindergarten"
    SCHOOL = "school"
    SIZE = "size"
    BARRED = "barred"
    LOAD = "load"


@dataclass(frozen=True, order=True)
class Breach:
    """`have` and `need` count people, except that LOAD counts municipalities. LOAD is about a person alone, BARRED about
    a person in a municipality, LEADER names the person if one from practice leads alone."""

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
    cost: int  # far, unfair, and leading unevenly spread, weighted as above


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
