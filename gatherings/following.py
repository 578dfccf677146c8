"""What follows here from a change that touches several apps: lmp/changes calls each app by these names."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from gatherings.mails import readdressing
from gatherings.models import Gathering, Registration
from participants.models import Municipality


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
