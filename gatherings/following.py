"""What follows in this app when something else changes."""

from datetime import date, datetime

from django.db import models

from accounts.models import User
from gatherings import places
from gatherings.mails import notices
from gatherings.models import Gathering, Registration
from participants.models import Unit


def lock_coming(unit: Unit, *, since: date) -> None:
    """Lock the gatherings from that day on that somebody of the unit is registered for, before anything else."""
    coming = Gathering.objects.filter(pk__in=_coming(unit, since=since).values("gathering"))
    list(coming.select_for_update(of=("self",)).order_by("pk"))


def unit_closed(unit: Unit, *, since: date, by: User, now: datetime) -> list[Registration]:
    """Cancel what its people are registered for from that day on, and pass the places on. Each gets a mail."""
    cancelled = []
    for registration in _coming(unit, since=since):
        if done := places.cancel(registration, by=by, now=now):
            row, passed = done
            notices.cancelled(row, by=by, now=now)
            notices.passed(passed, now=now)
            cancelled.append(row)
    return cancelled


def unit_merged(unit: Unit, into: Unit, *, since: date, by: User) -> list[Registration]:
    """Let its people come for the other unit, at each gathering from that day on. Each keeps place and turn."""
    moved = list(_coming(unit, since=since))
    for registration in moved:
        registration.come_for(into, by=by)
    return moved


def _coming(unit: Unit, *, since: date) -> models.QuerySet[Registration]:
    undecided = models.Q(gathering__starts_on__isnull=True)
    return (
        Registration.objects.active()
        .filter(models.Q(gathering__starts_on__gte=since) | undecided, unit=unit)
        .select_related("gathering__cohort", "user", "unit", "participation__municipality", "participation__cohort")
        .order_by("gathering", "pk")
    )
