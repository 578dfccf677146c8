"""Composes the guidance groups of a cohort: the best proposal there is, around what is locked."""

from collections.abc import Collection
from dataclasses import dataclass

from guidance.composition_rules import (
    Breach,
    Municipality,
    Person,
    Reason,
    Rule,
    Seat,
    Value,
)

__all__ = [
    "Breach",
    "Municipality",
    "Person",
    "Proposal",
    "Reason",
    "Rule",
    "Seat",
    "Value",
    "breaches",
    "compose",
    "reasons",
    "value",
]


@dataclass(frozen=True)
class Proposal:
    seats: tuple[Seat, ...]  # sorted
    breaches: tuple[Breach, ...]  # what could not be met
    value: Value
    proven: bool  # nothing better exists; else the search was stopped at its limit


def breaches(
    municipalities: Collection[Municipality], people: Collection[Person], seats: Collection[Seat]
) -> list[Breach]:
    raise NotImplementedError


def value(municipalities: Collection[Municipality], people: Collection[Person], seats: Collection[Seat]) -> Value:
    raise NotImplementedError


def reasons(
    municipalities: Collection[Municipality],
    people: Collection[Person],
    seats: Collection[Seat],
    locked: Collection[Seat] = (),
) -> dict[int, list[Reason]]:
    """Per municipality, in the order of its seats: the leader first."""
    raise NotImplementedError


def compose(
    municipalities: Collection[Municipality], people: Collection[Person], *, locked: Collection[Seat] = ()
) -> Proposal:
    """A locked seat is kept, and so is its lead; a locked seat without it may be given it. ValueError for a lock on
    somebody or some place unknown."""
    raise NotImplementedError
