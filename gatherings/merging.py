"""Two people at the gatherings turn out to be one: the one who goes gives all they have here to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import following, places
from gatherings.mails import calendar_entries, notices, readdressing
from gatherings.models import Answered, Attendance, Feed, LateRequest, Needs, Registration, Swap
from gatherings.registration import several_places
from gatherings.registration.registrar import places_of

# The better seat first.
STATES = (Registration.State.PLACED, Registration.State.OFFERED, Registration.State.WAITING)


@dataclass(frozen=True)
class MergedSeats:
    """What became of the registrations, in words."""

    moved: list[str]
    ended: list[str]


def merged(kept: User, gone: User, *, by: User, now: datetime) -> MergedSeats:
    """Needs `following.lock`. Where both are registered, the better seat is kept, and the other one passed on."""
    today = timezone.localdate(now)
    in_calendar = {each.pk for each in following.in_the_calendar(gone, today=today)}
    of = ("user", "gathering__cohort")
    own = kept.registrations.active().with_places().select_related(*of)
    theirs = {each.gathering_id: each for each in own}
    moved, ended, freed, moving = [], [], [], []
    for registration in gone.registrations.with_places().select_related(*of).order_by("pk"):
        if registration.pk in in_calendar:
            _take_out(registration, by=by, now=now)
        double = theirs.get(registration.gathering_id) if registration.is_active else None
        if double:
            stays, goes = _better(double, registration)
            _end(goes, stays, own=double, by=by, now=now)
            ended.append(_said(goes))
            freed.append(goes.gathering)
        if registration.is_active:
            moved.append(_said(registration))
        moving.append(registration)
    for registration in moving:
        registration.user = kept
        registration._history_user = by
        registration.save(update_fields=["user"])
    _put_in([each for each in moving if each.pk in in_calendar and each.is_active], now=now)
    for gathering in freed:
        notices.passed(places.pass_on(gathering, now=now), now=now)
    _merge_the_rest(kept, gone, by=by)
    return MergedSeats(moved, ended)


def _said(registration: Registration) -> str:
    state = str(registration.State(registration.state).label) if registration.is_active else _("meldes av")
    return f"{registration.gathering.title}, {registration.represents} ({state})"


def _better(own: Registration, other: Registration) -> tuple[Registration, Registration]:
    """The one who was there, then who has a place, then who is next in line; the person's own when that is equal."""

    def rank(registration: Registration) -> tuple[bool, int, int]:
        turn = registration.pk if registration.state == Registration.State.WAITING else 0
        return not registration.attendances.exists(), STATES.index(registration.state), turn

    return (other, own) if rank(other) < rank(own) else (own, other)


def _end(goes: Registration, stays: Registration, *, own: Registration, by: User, now: datetime) -> None:
    """One of two seats of the same person. What was noted on it is noted on the other; their own needs hold.

    The one that stays is for all that both came for.
    """
    for place in places_of(goes):
        several_places.add(stays, place, by=by, now=now)
    goes.cancelled_at, goes.cancelled_by = now, by
    goes._history_user = by
    goes.save(update_fields=["cancelled_at", "cancelled_by"])
    days = set(stays.attendances.values_list("day", flat=True))
    Attendance.objects.filter(registration=goes).exclude(day__in=days).update(registration=stays)
    said = own if Needs.objects.filter(registration=own).exists() else goes
    if said != stays and Needs.objects.filter(registration=said).exists():
        Needs.objects.filter(registration=stays).delete()
        Needs.objects.filter(registration=said).update(registration=stays)
    Needs.objects.filter(registration=goes).delete()
    for asked in LateRequest.objects.open().filter(registration=goes):
        asked.registration = stays
        asked._history_user = by
        asked.save(update_fields=["registration"])
    for participation, unit in [
        (goes.participation, goes.unit),
        *((also.participation, also.unit) for also in goes.also),
    ]:
        if not stays.comes_for(participation, unit):
            stays.also_for.create(participation=participation, unit=unit, added_at=now, added_by=by)
    if goes.travel_ordered_on and not stays.travel_ordered_on:
        stays.order_travel(on=goes.travel_ordered_on, by=by)


def _take_out(registration: Registration, *, by: User, now: datetime) -> None:
    """An entry is the person's own, by their key: the other one gets another."""
    registration.readdress(by=by)
    [sequence] = calendar_entries.sequences([registration]).values()
    readdressing.take_out(registration, address=registration.user.email, sequence=sequence, now=now)


def _put_in(registrations: Sequence[Registration], *, now: datetime) -> None:
    sequences = calendar_entries.sequences(registrations)
    for registration in registrations:
        readdressing.put_in(registration, sequence=sequences[registration.pk], now=now)


def _merge_the_rest(kept: User, gone: User, *, by: User) -> None:
    """What they asked after a deadline is answered to the one who is left, whose own address for a calendar holds."""
    for asked in LateRequest.objects.of(gone):
        asked.hand_over(to=kept, by=by)
    LateRequest.objects.filter(answered_to=gone).update(answered_to=kept)
    Swap.objects.filter(before=gone).update(before=kept)
    Swap.objects.filter(after=gone).update(after=kept)
    done = Answered.objects.filter(user=kept).values_list("gathering", flat=True)
    Answered.objects.filter(user=gone, gathering__in=list(done)).delete()
    Answered.objects.filter(user=gone).update(user=kept)
    if Feed.objects.filter(user=kept).exists():
        Feed.objects.filter(user=gone).delete()
    else:
        Feed.objects.filter(user=gone).update(user=kept)
