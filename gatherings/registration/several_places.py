"""One person who comes for several units or municipalities: one seat, one bed, one badge.

All of it needs the gathering's lock.
"""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from gatherings import places
from gatherings.models import AlsoFor, Registration
from gatherings.registration.registrar import Place, places_of
from participants.models import Unit


def add(registration: Registration, place: Place, *, by: User, now: datetime) -> bool:
    """Let the person come for this place too, and return whether that is new."""
    participation, unit = place.participation, place.unit
    if registration.comes_for(participation, unit):
        return False
    registration.also_for.create(participation=participation, unit=unit, added_at=now, added_by=by)
    _read_again(registration)
    places.somebody_comes(registration.gathering, participation=participation, unit=unit, by=by, now=now)
    return True


def leave(registration: Registration, place: Place, *, by: User, now: datetime) -> bool:
    """Let the person come for the rest alone, and return whether that changed anything: one with no other must cancel.

    When it is the first place that falls away, the seat is that of the one that was added first.
    """
    is_first = place == places_of(registration)[0]
    gone = next((each for each in registration.also if is_first or Place(each.participation, each.unit) == place), None)
    if gone is None:
        return False
    _remove([gone], by=by, now=now)
    _read_again(registration)
    if is_first:
        _comes_first_for(registration, gone, by=by)
    return True


def leave_all(registration: Registration, left: Iterable[Place], *, by: User, now: datetime) -> bool:
    """Leave each of these, and return whether the person still comes for another."""
    for place in left:
        if registration.comes_for(place.participation, place.unit) and not leave(registration, place, by=by, now=now):
            return False
    return True


def exchange(registration: Registration, old: Unit, new: Unit, *, by: User, now: datetime) -> None:
    """Let the person come for the other unit instead, with the same place, and for neither twice."""
    if registration.unit_id == old.pk:
        _remove([each for each in registration.also if each.unit_id == new.pk], by=by, now=now)
        registration.come_for(new, by=by)
    else:
        _remove([each for each in registration.also if each.unit_id == old.pk], by=by, now=now)
        _read_again(registration)
        add(registration, Place(new.participation, new), by=by, now=now)
    _read_again(registration)


def _comes_first_for(registration: Registration, also: AlsoFor, *, by: User) -> None:
    registration.participation, registration.unit = also.participation, also.unit
    registration._history_user = by
    registration.save(update_fields=["participation", "unit"])


def _remove(rows: Iterable[AlsoFor], *, by: User, now: datetime) -> None:
    for row in rows:
        row.removed_at, row.removed_by = now, by
        row.save(update_fields=["removed_at", "removed_by"])


def _read_again(registration: Registration) -> None:
    """What was read with the registration is not what is stored any more."""
    registration.refresh_from_db(fields=["also_for"])
