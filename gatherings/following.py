"""What follows in this app when something else changes."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.todos import Holding, keys_of
from gatherings import places
from gatherings.mails import notices, readdressing
from gatherings.models import AlsoFor, Gathering, LateRequest, Registration
from gatherings.registration import several_places
from gatherings.registration.registrar import Place
from participants.models import Contact, Municipality, Unit
from parts.order import alphabetical

REGISTRATION, LATE_REQUEST = "gatherings.registration", "gatherings.late_request"


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
    found = placed.with_places().select_related("user", "gathering__cohort").order_by("gathering__starts_on", "pk")
    return [registration for registration in found if not registration.gathering.is_past(today=today)]


def places_elsewhere(person: User, *, than: Municipality, today: date) -> list[str]:
    """The other municipalities that the person comes for to gatherings that are not over."""
    mine = Registration.objects.active().filter(user=person).with_places().select_related("gathering")
    coming = [each for each in mine.order_by("pk") if not each.gathering.is_past(today=today)]
    found = [each.participation for each in coming] + [also.participation for each in coming for also in each.also]
    return sorted({str(each.municipality) for each in found if each.municipality != than}, key=alphabetical)


def holdings(contact: Contact, *, now: datetime) -> list[Holding]:
    """The person's places, offers and turns at gatherings to come, for what they stand for in this function."""
    found = [_seat(registration) for registration in registrations(contact, now=now)]
    found += [
        Holding(
            f"{LATE_REQUEST}:{asked.pk}",
            _("Spørsmål som venter på svar: %(gathering)s") % {"gathering": asked.gathering.title},
        )
        for asked in _late_requests(contact)
    ]
    return found


def _seat(registration: Registration) -> Holding:
    """A seat for several places is one: it is handed over with all of them, or stays with all of them."""
    said = {"gathering": registration.gathering.title, "state": registration.state.label}
    note = _("Bestilt reise, og det personen har skrevet om mat og tilrettelegging, følger ikke med.")
    key = f"{REGISTRATION}:{registration.pk}"
    if not registration.also:
        return Holding(key, _("%(gathering)s: %(state)s") % said, note)
    said["places"] = registration.represents
    one_seat = _(
        "Dette er én plass, og hele plassen går over: den nye kommer for alle disse, og %(name)s kommer ikke. "
        "Lar du den stå, kommer %(name)s fortsatt, for alle."
    ) % {"name": registration.name}
    return Holding(key, _("%(gathering)s: %(state)s for %(places)s") % said, f"{one_seat} {note}", is_ticked=False)


def registrations(contact: Contact, *, now: datetime) -> list[Registration]:
    """Active, at gatherings that are not over, for the function's unit or municipality, be it beside another.

    One who has two functions in the same place comes in one of them.
    """
    today = timezone.localdate(now)
    others = Contact.objects.current().filter(user=contact.user_id, participation=contact.participation_id)
    others = others.filter(unit=contact.unit_id).exclude(pk=contact.pk).exclude(function=contact.function)
    place = {"participation": contact.participation_id, "unit": contact.unit_id}
    also = AlsoFor.objects.current().filter(**place, registration__user=contact.user_id)
    rows = (
        Registration.objects.active()
        .filter(Q(**place) | Q(pk__in=also.values("registration")), user=contact.user_id)
        .exclude(function__in=others.values("function"))
        .exclude(gathering__settled=Gathering.Settled.CANCELLED)
        .with_places()
        .select_related("gathering__cohort")
        .order_by("gathering__starts_on", "pk")
    )
    return [row for row in rows if not row.gathering.is_past(today=today)]


def _late_requests(contact: Contact) -> QuerySet[LateRequest]:
    asked = LateRequest.objects.open().of(contact.user).filter(participation=contact.participation_id)
    if contact.unit_id:
        asked = asked.filter(Q(registration__unit=contact.unit_id) | Q(registration__isnull=True))
    return asked.select_related("gathering__cohort")


def succeeded(
    contact: Contact, successor: Contact, *, chosen: Collection[str], by: User, now: datetime
) -> dict[str, str]:
    """Hand over what was chosen. Return the keys of what could not be, with the reason where there is one to give."""
    keys = frozenset(chosen)
    lost = {}
    seats = {str(each.pk): each for each in registrations(contact, now=now)}
    for key in keys_of(REGISTRATION, keys):
        if key not in seats:
            lost[f"{REGISTRATION}:{key}"] = ""
        elif (reason := _hand_over(seats[key], successor, by=by, now=now)) is not None:
            lost[f"{REGISTRATION}:{key}"] = reason
    asked = {str(each.pk): each for each in _late_requests(contact)}
    for key in keys_of(LATE_REQUEST, keys):
        if key in asked:
            asked[key].hand_over(to=successor.user, by=by)
        else:
            lost[f"{LATE_REQUEST}:{key}"] = ""
    return lost


def _hand_over(registration: Registration, successor: Contact, *, by: User, now: datetime) -> str | None:
    """None when it is done, else why the seat stays."""
    person = {"name": successor.name, "email": successor.user.email, "function": registration.function}
    try:
        done = places.swap(registration, **person, by=by, now=now)
    except ValidationError as error:
        return _why_it_stays(registration, successor) if error.code == "taken" else error.messages[0]
    if done is None:
        return ""
    kept, swap = done
    notices.swapped(kept, swap, by=by, now=now)
    return None


def _why_it_stays(registration: Registration, successor: Contact) -> str:
    return _(
        "%(new)s er påmeldt fra før, og beholder sin egen plass. %(old)s er fortsatt påmeldt. "
        "Skal %(old)s ikke komme, melder du av %(old)s, så går plassen til den neste."
    ) % {"new": successor.name, "old": registration.name}


def kept(user: User, *, now: datetime) -> list[str]:
    """The gatherings that a person is registered for and that are not over, each in words."""
    today = timezone.localdate(now)
    rows = Registration.objects.active().filter(user=user).exclude(gathering__settled=Gathering.Settled.CANCELLED)
    rows = rows.select_related("gathering__cohort", "unit", "participation__municipality__county").order_by("pk")
    return [
        _("%(gathering)s, for %(represents)s")
        % {"gathering": registration.gathering.title, "represents": registration.represents}
        for registration in rows
        if not registration.gathering.is_past(today=today)
    ]
