"""The composer of guidance groups: one proposal for a national cohort, made here without the database."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bench.national import Load
from bench.timing import milliseconds, table, timed
from guidance.groups import composer
from guidance.groups.composer import Proposal
from guidance.groups.rules import MunicipalityProfile, SupervisorProfile

MUNICIPALITIES, PEOPLE, RUNS = 60, 90, 3
UNITS = [1, 2, 3, 4, 5, 6, 7, 8, 2, 12]  # of ten municipalities in turn: 300 in all
COUNTIES = ["03", "11", "15", "18", "31", "32", "33", "34", "39", "40", "42", "46", "50", "55", "56"]
KNOWLEDGE = [(True, False), (False, True), (True, True)]  # kindergarten, school


def cohort() -> tuple[list[MunicipalityProfile], list[SupervisorProfile]]:
    """A third of the people are from the centre, a fourth prefer no county, and each can carry one to four."""
    chance = random.Random(1)  # noqa: S311 – the same each time is what is wanted
    groups = [
        MunicipalityProfile(
            key=key,
            number=f"{1000 + key}",
            county=chance.choice(COUNTIES),
            size=2 if units <= 4 else 3 if units <= 8 else 4,
            kindergartens=chance.random() < 0.9,
            schools=chance.random() < 0.9,
        )
        for key, units in enumerate(UNITS * (MUNICIPALITIES // len(UNITS)), start=1)
    ]
    return groups, [_person(key, chance, groups) for key in range(1, PEOPLE + 1)]


def _person(key: int, chance: random.Random, groups: list[MunicipalityProfile]) -> SupervisorProfile:
    centre = key % 3 == 0
    kindergarten, school = chance.choice(KNOWLEDGE)
    return SupervisorProfile(
        key=key,
        centre=centre,
        kindergarten=kindergarten,
        school=school,
        counties=frozenset(chance.sample(COUNTIES, chance.choice([0, 1, 2, 4]))),
        barred=frozenset() if centre else frozenset({chance.choice(groups).number}),
        most=chance.randint(1, 4),
    )


def report(_load: Load, *, quick: bool) -> str:
    groups, people = cohort()
    fewer = people[: PEOPLE * 2 // 3]
    first = composer.compose(groups, people)
    proposals = {
        "the first proposal": partial(composer.compose, groups, people),
        "around a third locked": partial(composer.compose, groups, people, locked=first.seats[::3]),
        "with a third of the people gone": partial(composer.compose, groups, fewer),
        "and nobody with two kinds of knowledge": partial(composer.compose, groups, _narrow(fewer)),
    }
    rounds = 1 if quick else RUNS
    rows = [_row(name, propose, rounds) for name, propose in proposals.items()]
    title = f"Composing {MUNICIPALITIES} municipalities, {PEOPLE} supervisors: the median of {rounds}\n"
    return title + table(["what", "ms", "processor ms", "seats", "not met", "proven best"], rows)


def _narrow(people: list[SupervisorProfile]) -> list[SupervisorProfile]:
    return [replace(person, school=person.school and not person.kindergarten) for person in people]


def _row(name: str, propose: Callable[[], Proposal], rounds: int) -> list[str]:
    proposal = propose()
    ms = milliseconds([timed(propose) for _round in range(rounds)])
    counted = [str(len(proposal.seats)), str(len(proposal.breaches)), "yes" if proposal.proven else "no"]
    return [name, f"{ms.passed:.0f}", f"{ms.worked:.0f}", *counted]
