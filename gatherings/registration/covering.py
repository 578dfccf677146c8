"""Which municipalities and units a gathering has an answer from: somebody comes for them, or they said nobody does."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import QuerySet

from gatherings.models import AlsoFor, NobodyComes, Registration
from participants.models import Contact

# (participation, unit), by key; the municipality as such where the unit is None.
Covered = dict[int, set[tuple[int, int | None]]]


def covered(gatherings: Collection[int], *, participations: Collection[int] | None = None) -> Covered:
    """What is answered for at each of these gatherings, by key; of these participations alone, if any are given.

    One query.
    """
    nobody = NobodyComes.objects.standing().filter(gathering__in=gatherings)
    rows = nobody.filter(**_of(participations)).order_by().values_list("gathering", "participation", "unit")
    return _gathered(_coming(gatherings, participations).union(rows))


def coming(gatherings: Collection[int], *, without: Registration | None = None) -> Covered:
    """What somebody comes for at each of these gatherings, by key; as if one of them did not. One query."""
    return _gathered(_coming(gatherings, None, without=without))


def _coming(
    gatherings: Collection[int], participations: Collection[int] | None, *, without: Registration | None = None
) -> QuerySet:
    """A head who is registered covers every unit they lead, whichever of them they were registered for."""
    of = _of(participations)
    active = Registration.objects.active().filter(gathering__in=gatherings).order_by()
    if without:
        active = active.exclude(pk=without.pk)
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


def _gathered(rows: QuerySet) -> Covered:
    found: Covered = defaultdict(set)
    for gathering, participation, unit in rows:
        found[gathering].add((participation, unit))
    return found
