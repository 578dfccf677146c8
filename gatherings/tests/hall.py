"""A gathering that is held: moved to its days, with people in it."""

from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from gatherings import places
from gatherings.day import attendance
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry


def signed_in(user: User) -> Client:
    """Staff have used their second factor."""
    client = Client()
    client.force_login(user)
    if user.is_staff:
        session = client.session
        second_factor.remember(session, user, kind="totp")
        session.save()
    return client


def move(gathering: Gathering, *, starts_on: date, days: int = 2) -> Gathering:
    """Registration stays open until the first day, so that people can still be put in."""
    gathering.starts_on, gathering.ends_on = starts_on, starts_on + timedelta(days=days - 1)
    gathering.closes_on = gathering.travel_closes_on = max(starts_on, gathering.opens_on)
    gathering.save()
    return gathering


def put_in(gathering: Gathering, *people: dict, participation, by: User) -> list[Registration]:
    """Registered for every day unless `days` says otherwise, whatever day it is."""
    entries = [entry(number, **{"gathering": gathering} | facts) for number, facts in enumerate(people, start=50)]
    return places.register(gathering, entries, participation=participation, by=by, now=timezone.now(), late=True)


def mark(registration: Registration, *, day: date, by: User) -> bool:
    registration = Registration.objects.get(pk=registration.pk)  # with its gathering as it is now
    return attendance.mark_arrival(registration, day=day, by=by, now=timezone.now(), today=day)
