"""The gatherings of the national load: one open for registration, and four that thousands are registered at."""

from datetime import datetime, time
from itertools import cycle, islice

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from bench.national import Load
from gatherings.models import Gathering, Registration
from lmp.demo.days import Days
from participants.models import Contact, Participation, Unit

Function = Contact.Function
TRAVEL = (Registration.Travel.ORDERS, Registration.Travel.ORDERS, Registration.Travel.OWN_CAR)


@transaction.atomic
def open_kick_off(load: Load, *, now: datetime) -> Gathering:
    """All 60 have been welcomed by then. Every other unit has somebody registered, the large municipality nobody."""
    all_of_them = Participation.objects.filter(cohort=load.cohort)
    for gone in all_of_them.withdrawn():
        gone.come_back(returned_on=timezone.localdate(now), reason="-", by=load.staff, now=now)
    all_of_them.filter(welcomed_at__isnull=True).update(welcomed_at=now, welcomed_by=load.staff)
    days = Days(now)
    gathering = Gathering.objects.get(cohort=load.cohort, kind=Gathering.Kind.KICK_OFF)
    gathering.audience = [Function.AUTHORITY, Function.OWNER, Function.HEAD]
    gathering.opens_on, gathering.closes_on = days.day(-3), days.day(21)
    gathering.capacity, gathering.capacity_a_unit = 1000, 2
    _settle(gathering, days, starts=45)
    heads = Contact.objects.current().filter(participation__cohort=load.cohort, unit__isnull=False)
    others = heads.exclude(participation=load.large).order_by("pk").select_related("unit", "user")
    Registration.objects.bulk_create(
        _registration(gathering, contact.unit, contact.user, turn=turn, now=now)
        for turn, contact in enumerate(others[::2])
        if contact.unit
    )
    return gathering


@transaction.atomic
def fill(load: Load, *, first: int, altogether: int, now: datetime) -> Gathering:
    """So many at the first gathering, and the rest shared by the three after it. Return the first one."""
    days, units = Days(now), list(Unit.objects.filter(participation__cohort=load.cohort).order_by("pk"))
    each, left = divmod(altogether - first - Registration.objects.count(), 3)
    counts = [first, each + left, each, each]
    people = User.objects.bulk_create(
        User(email=f"deltaker.{number}@example.no", name=f"Deltaker {number}", password="!")  # noqa: S106 – none
        for number in range(max(counts))
    )
    gatherings = list(Gathering.objects.filter(cohort=load.cohort, semester__isnull=False).order_by("semester"))
    for turn, (gathering, count) in enumerate(zip(gatherings, counts, strict=True)):
        gathering.opens_on, gathering.closes_on = days.day(-20), days.day(-2)
        _settle(gathering, days, starts=60 + 120 * turn)
        Registration.objects.bulk_create(
            (
                _registration(gathering, unit, user, turn=number, now=now)
                for number, (unit, user) in enumerate(islice(zip(cycle(units), people, strict=False), count))
            ),
            batch_size=1000,
        )
    return gatherings[0]


def _settle(gathering: Gathering, days: Days, *, starts: int) -> None:
    """A date and a place, and a journey to order."""
    gathering.settled = Gathering.Settled.FIXED
    gathering.starts_on = gathering.ends_on = days.day(starts)
    gathering.starts_at, gathering.ends_at = time(10), time(15, 30)
    gathering.venue, gathering.address = "Hotell Eksempel", "Eksempelveien 1, Gardermoen"
    gathering.travel_closes_on = days.day(28)
    gathering.procedure = gathering.programme = "Kl. 10.00: Velkommen\nKl. 12.00: Lunsj"
    gathering.save()


def _registration(gathering: Gathering, unit: Unit, user: User, *, turn: int, now: datetime) -> Registration:
    """Some come by car, some have ordered their journey, and where registration has closed some still wait in line."""
    open_yet = gathering.is_open(today=timezone.localdate(now))
    cancelled, waits = turn % 25 == 24, turn % 10 == 9 and not open_yet
    return Registration(
        gathering=gathering,
        participation_id=unit.participation_id,
        unit=unit,
        user=user,
        name=user.name,
        function=Function.HEAD,
        days=[day.isoformat() for day in gathering.days],
        nights=[night.isoformat() for night in gathering.nights],
        travel=TRAVEL[turn % 3],
        travel_ordered_on=gathering.opens_on if turn % 6 == 0 else None,
        registered_at=now,
        registered_by=user,
        placed_at=None if waits else now,
        cancelled_at=now if cancelled else None,
        cancelled_by=user if cancelled else None,
    )
