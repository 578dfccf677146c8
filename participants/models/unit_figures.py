"""How many units and children there are on a day, so that figures before and after a closing can be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from participants.models.unit import Unit


@dataclass(frozen=True)
class UnitFigures:
    """Of some units, on one day. Each child is counted once.

    A unit that has been closed keeps its last count, which belongs to the days before. One that has become a part of
    another still counts until the other has been counted with its children: they have not left.
    """

    units: int
    children: int
    closed: int
    merged: int
    carried: tuple[Unit, ...]  # those that are merged, and whose last count still stands for their children

    @classmethod
    def of(cls, units: Iterable[Unit], *, on: date) -> "UnitFigures":
        """`units` are all that the municipality or the cohort has or had: a merged one may lead to any of them."""
        by_pk = {unit.pk: unit for unit in units}
        active = [unit for unit in by_pk.values() if unit.is_active(today=on)]
        gone = [unit for unit in by_pk.values() if not unit.is_active(today=on)]
        carried = tuple(unit for unit in gone if _still_stands(unit, by_pk, on=on))
        return cls(
            units=len(active),
            children=sum(unit.children or 0 for unit in (*active, *carried)),
            closed=sum(unit.merged_into_id is None for unit in gone),
            merged=sum(unit.merged_into_id is not None for unit in gone),
            carried=carried,
        )


def _still_stands(unit: Unit, units: dict[int, Unit], *, on: date) -> bool:
    """Whether the unit has become a part of an active one, and nobody has counted the children there since."""
    merged_on, seen = unit.closed_on, {unit.pk}
    other = units.get(unit.merged_into_id or 0)
    while other and merged_on and other.pk not in seen:
        if other.counted_on and other.counted_on >= merged_on:
            return False
        if other.is_active(today=on):
            return unit.children is not None
        seen.add(other.pk)
        other = units.get(other.merged_into_id or 0)
    return False
