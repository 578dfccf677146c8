"""What follows in this app when something else changes."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from django.utils import timezone

from accounts.models import User
from gatherings import places
from gatherings.mails import notices, readdressing
from gatherings.models import AlsoFor, Gathering, Registration
from gatherings.registration import several_places
from gatherings.registration.registrar import Place
from participants.models import Municipality, Unit


def lock_coming(unit: Unit, *, since: date) -> None:
    """Lock the gatherings from that day on that somebody of the unit is registered for, before anything else."""
    coming = Gathering.objects.filter(pk__in=_coming(unit, since=since).values("gathering"))
    list(coming.select_for_update(of=("self",)).order_by("pk"))


def unit_closed(unit: Unit, *, since: date, by: User, now: datetime) -> list[Registration]:
    """Cancel what its people are registered for from that day on, and pass the places on. Each gets a mail.

    Whoever comes for another place too, or leads another unit, keeps the seat for that one.
    """
    cancelled = []
    for registration in _coming(unit, since=since):
        for led in _also_led(registration, unit, since=since):
            several_places.add(registration, Place(led.participation, led), by=by, now=now)
        if several_places.leave(registration, Place(unit.participation, unit), by=by, now=now):
            notices.changed(registration, by=by, now=now)
        elif done := places.cancel(registration, by=by, now=now):
            row, passed = done
            notices.cancelled(row, by=by, now=now)
            notices.passed(passed, now=now)
            cancelled.append(row)
    return cancelled


def _also_led(registration: Registration, unit: Unit, *, since: date) -> models.QuerySet[Unit]:
    """The other units of the cohort that a person leads: a registered head comes for all of them."""
    led = Unit.objects.led_by(registration.user).active(today=since).exclude(pk=unit.pk)
    taking_part = led.filter(participation__cohort=registration.gathering.cohort_id)
    return taking_part.filter(participation__withdrawn_at__isnull=True).select_related("participation")


def unit_merged(unit: Unit, into: Unit, *, since: date, by: User, now: datetime) -> list[Registration]:
    """Let its people come for the other unit, at each gathering from that day on. Each keeps place and turn."""
    moved = list(_coming(unit, since=since))
    for registration in moved:
        several_places.exchange(registration, unit, into, by=by, now=now)
    return moved


def _coming(unit: Unit, *, since: date) -> models.QuerySet[Registration]:
    undecided = models.Q(gathering__starts_on__isnull=True)
    also = AlsoFor.objects.current().filter(unit=unit)
    return (
        Registration.objects.active()
        .filter(models.Q(gathering__starts_on__gte=since) | undecided)
        .filter(models.Q(unit=unit) | models.Q(pk__in=also.values("registration")))
        .with_places()
        .select_related("gathering__cohort", "user")
        .order_by("gathering", "pk")
    )


def lock(people: Iterable[User]) -> None:
    """Nobody else gives or frees a place at their gatherings until this transaction ends.

    Comes before any lock on the people themselves: who registers them locks the gathering first.
    """
    theirs = Registration.objects.filter(user__in=list(people)).values("gathering")
    list(Gathering.objects.select_for_update(of=("self",)).filter(pk__in=theirs).order_by("pk"))


def moved(person: User, *, before: str, by: User, now: datetime) -> list[Registration]:
    """Their address is another. Take the gatherings to come out of the old one's calendar, and put them in the new.

    Return the registrations that have followed. Needs `lock`.
    """
    followed = in_the_calendar(person, today=timezone.localdate(now))
    for registration in followed:
        registration.readdress(by=by)
        readdressing.readdressed(registration, before=before, now=now)
    return followed


def in_the_calendar(person: User, *, today: date) -> list[Registration]:
    """The person's places at gatherings to come that a calendar entry has gone out for."""
    placed = Registration.objects.placed().filter(user=person, gathering__settled=Gathering.Settled.FIXED)
    told = ("user", "gathering__cohort", "unit", "participation__municipality", "participation__cohort")
    found = placed.select_related(*told).order_by("gathering__starts_on", "pk")
    return [registration for registration in found if not registration.gathering.is_past(today=today)]


def places_elsewhere(person: User, *, than: Municipality, today: date) -> list[str]:
    """The other municipalities that the person comes for to gatherings that are not over."""
    others = (
        Registration.objects.active()
        .filter(user=person)
        .exclude(participation__municipality=than)
        .select_related("gathering", "participation__municipality")
        .order_by("participation__municipality__name")
    )
    return [str(one.participation.municipality) for one in others if not one.gathering.is_past(today=today)]
