"""Which municipalities and units a gathering has an answer from: somebody comes for them, or they said nobody does."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, QuerySet

from gatherings.models import AlsoFor, Attendance, Gathering, NobodyComes, Registration
from participants.models import Contact

# (participation, unit), by key; the municipality as such where the unit is None.
Place = tuple[int, int | None]
Covered = dict[int, set[Place]]


def covered(gatherings: Collection[int], *, participations: Collection[int] | None = None) -> Covered:
    """What is answered for at each of these gatherings, by key; of these participations alone, if any are given.

    One query.
    """
    rows = nobody_comes_to(gatherings).filter(**_of(participations))
    return gathered(coming_to(gatherings, participations).union(rows))


def coming(gatherings: Collection[int], *, without: Registration | None = None) -> Covered:
    """What somebody comes for at each of these gatherings, by key; as if one of them did not. One query."""
    return gathered(coming_to(gatherings, None, without=without))


def unanswered(gathering: Gathering, units: Iterable[tuple[int, int]], covered: Collection[Place]) -> set[int]:
    """The units, each given as (participation, unit), that nobody has answered for.

    Where a gathering is not for those who work in the units, one answer of the municipality is an answer for all.
    """
    if gathering.invites([Contact.Function.HEAD, Gathering.STAFF]):
        answered = {unit for _participation, unit in covered}
        return {unit for _participation, unit in units if unit not in answered}
    municipalities = {participation for participation, _unit in covered}
    return {unit for participation, unit in units if participation not in municipalities}


def nobody_comes_to(gatherings: Collection[int]) -> QuerySet:
    """Whom somebody has said that nobody comes for, as (gathering, participation, unit)."""
    nobody = NobodyComes.objects.standing().filter(gathering__in=gatherings)
    return nobody.order_by().values_list("gathering", "participation", "unit")


def coming_to(
    gatherings: Collection[int], participations: Collection[int] | None = None, *, without: Registration | None = None
) -> QuerySet:
    """Whom somebody comes for, as (gathering, participation, unit)."""
    active = Registration.objects.active().filter(gathering__in=gatherings).order_by()
    if without:
        active = active.exclude(pk=without.pk)
    return _represented(active, participations)


def been_at(gatherings: Collection[int]) -> QuerySet:
    """Whom somebody was there for on one day or more, as (gathering, participation, unit)."""
    marked = Attendance.objects.filter(registration=OuterRef("pk"))
    return _represented(Registration.objects.filter(Exists(marked), gathering__in=gatherings).order_by(), None)


def _represented(active: QuerySet[Registration], participations: Collection[int] | None) -> QuerySet:
    """A head who is registered covers every unit they lead, whichever of them they were registered for."""
    of = _of(participations)
    also = AlsoFor.objects.current().filter(registration__in=active, **of).order_by()
    heads = Contact.objects.current().filter(function=Contact.Function.HEAD, **of)
    led = heads.filter(user__registrations__in=active).order_by()
    return (
        active.filter(**of)
        .values_list("gathering", "participation", "unit")
        .union(
            also.values_list("registration__gathering", "participation", "unit"),
            led.values_list("user__registrations__gathering", "participation", "unit"),
        )
    )


def _of(participations: Collection[int] | None) -> dict[str, Collection[int]]:
    return {} if participations is None else {"participation__in": participations}


def gathered(rows: Iterable[tuple[int, int, int | None]]) -> Covered:
    """What each gathering has, of rows as (gathering, participation, unit)."""
    found: Covered = defaultdict(set)
    for gathering, participation, unit in rows:
        found[gathering].add((participation, unit))
    return found
