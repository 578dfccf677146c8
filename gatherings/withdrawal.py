"""What follows at the gatherings when a municipality withdraws, and what may be had back when it is with us again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from gatherings import places
from gatherings.mails import notices
from gatherings.models import AlsoFor, Attendance, Gathering, LateRequest, Registration
from gatherings.places import Entry
from gatherings.registration import several_places
from gatherings.registration.registrar import Place, places_of
from participants.models import Participation, Unit, Withdrawal

TOLD = ("user", "unit", "participation__municipality__county", "participation__cohort")


@dataclass(frozen=True)
class SignedOff:
    """Who no longer comes, who has been offered their places, and what somebody still waits to have answered."""

    registrations: list[Registration]
    offered: list[Registration]
    late_requests: list[LateRequest]


def lock(participations: Iterable[Participation]) -> None:
    """Nobody else gives or frees a place at their gatherings until this transaction ends.

    Comes before any lock on the participations themselves: whoever registers people locks the gathering first.
    """
    cohorts = {participation.cohort_id for participation in participations}
    list(Gathering.objects.select_for_update(of=("self",)).filter(cohort__in=cohorts).order_by("pk"))


def withdrawn(participation: Participation, *, by: User, now: datetime) -> SignedOff:
    """Sign off everybody from it at the gatherings to come, and pass on their places.

    Whoever comes for another municipality too keeps the seat for that one.
    A person who is marked as there stays: they came. Needs `lock`, and that every municipality that withdraws now has
    done so: none of them is offered another's place.
    """
    withdrawal = participation.withdrawal
    signed_off: list[Registration] = []
    offered: list[Registration] = []
    for gathering, registrations in _to_come(participation, today=timezone.localdate(now)).items():
        leaving = [each for each in registrations if not _comes_for_another(each, participation, by=by, now=now)]
        for registration in leaving:
            registration.sign_off(withdrawal, by=by, now=now)
            if gathering.settled != Gathering.Settled.CANCELLED:  # of that they have been told
                notices.signed_off(registration, now=now)
        passed = places.pass_on(gathering, now=now)
        notices.passed(passed, now=now)
        signed_off += leaving
        offered += passed.offered
    requests = LateRequest.objects.open().filter(participation=participation).select_related("gathering", "asked_by")
    return SignedOff(signed_off, offered, list(requests))


def _comes_for_another(registration: Registration, than: Participation, *, by: User, now: datetime) -> bool:
    """Let the person come for the other municipalities alone, and tell them; False where there is no other.

    A head who is registered comes for all the units they lead.
    """
    led = Unit.objects.led_by(registration.user).active(today=timezone.localdate(now))
    for unit in led.filter(participation__cohort=than.cohort_id, participation__withdrawn_at__isnull=True):
        several_places.add(registration, Place(unit.participation, unit), by=by, now=now)
    found = places_of(registration)
    theirs = [place for place in found if place.participation == than]
    if not any(place.participation.withdrawn_at is None for place in found if place not in theirs):
        return False
    several_places.leave_all(registration, theirs, by=by, now=now)
    notices.changed(registration, by=by, now=now)
    return True


def _to_come(participation: Participation, *, today: date) -> dict[Gathering, list[Registration]]:
    """Their registrations at gatherings that have not begun, or begin today, by gathering in the order of the keys."""
    there = Attendance.objects.filter(registration=OuterRef("pk"))
    also = AlsoFor.objects.current().filter(participation=participation)
    rows = (
        Registration.objects.active()
        .filter(Q(gathering__starts_on__isnull=True) | Q(gathering__starts_on__gte=today))
        .filter(Q(participation=participation) | Q(pk__in=also.values("registration")))
        .exclude(Exists(there))
        .with_places()
        .select_related(*TOLD, "gathering__cohort")
        .order_by("gathering", "pk")
    )
    found: dict[Gathering, list[Registration]] = {}
    for registration in rows:
        found.setdefault(registration.gathering, []).append(registration)
    return found


def may_come_again(withdrawal: Withdrawal, *, today: date) -> list[Registration]:
    """The people it signed off from gatherings still to come, who are not registered there again.

    Nobody comes for a unit that has closed meanwhile.
    """
    again = Registration.objects.active().filter(gathering=OuterRef("gathering"), user=OuterRef("user"))
    return list(
        withdrawal.signed_off.filter(gathering__in=Gathering.objects.upcoming(today=today))
        .filter(
            Q(unit__isnull=True) | Q(unit__in=Unit.objects.active(today=today)),
            gathering__settled=Gathering.Settled.FIXED,
        )
        .exclude(Exists(again))
        .with_places()
        .select_related(*TOLD, "gathering__cohort")
        .order_by("gathering__starts_on", "gathering", "pk")
    )


def returned(
    participation: Participation, *, again: Collection[Registration], by: User, now: datetime
) -> list[Registration]:
    """Register these people again, as before, each with a place while there is one, else last on the waiting list.

    Needs `lock`. Return the new rows. Raise ValidationError as `places.register` does.
    """
    made: list[Registration] = []
    by_gathering: dict[Gathering, list[Entry]] = {}
    for registration in again:
        by_gathering.setdefault(registration.gathering, []).append(_as_before(registration))
    for gathering, entries in by_gathering.items():
        new = places.register(gathering, entries, participation=participation, by=by, now=now, late=True)
        notices.registered(new, now=now)
        made += new
    return made


def _as_before(registration: Registration) -> Entry:
    """For the same days and nights, those that the gathering still has. A journey that was ordered is not any more."""
    gathering = registration.gathering
    days = [day.isoformat() for day in registration.dates if day in gathering.days]
    return Entry(
        name=registration.name,
        email=registration.user.email,
        function=registration.function,
        unit=registration.unit,
        days=days or [day.isoformat() for day in gathering.days],
        nights=[night.isoformat() for night in registration.night_dates],
        travel=registration.travel,
    )
