"""The national load of one pulje: 60 municipalities with 300 units, at every stage of the first weeks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction

from accounts.models import User
from gatherings.models import Gathering
from lmp.demo.data import cast, composing, current, people, posted, units
from lmp.demo.data.current import Stage
from lmp.demo.days import Days
from participants.models import Cohort, Contact, Municipality, Participation, Unit

MUNICIPALITIES, UNITS, LARGEST = 60, 300, 30
Function = Contact.Function
FOR_ALL = [*Contact.EDITORS, Function.PPT]

# The first municipality waits for an answer: it is the large one, whose confirmation is timed.
STAGES: list[tuple[Callable[[Stage], None], int]] = [
    (current.waiting, 16),
    (current.half_typed, 4),
    (current.overdue, 6),
    (current.confirmed, 14),
    (current.confirmed_with_changes, 4),
    (current.confirmed_without_ppt, 2),
    (current.second_round, 2),
    (current.withdrawn, 2),
    (current.accepted, 6),
    (current.nominated, 4),
]


@dataclass(frozen=True)
class Load:
    cohort: Cohort
    large: Participation
    contact: User
    staff: User


@transaction.atomic
def load(*, now: datetime) -> Load:
    days, drawer, numbers = Days(now), people.Drawer(), units.organisation_numbers()
    players = cast.load(since=days.day(-400))
    starts_on = days.school_start
    cohort = Cohort.objects.create(number=9, first_year=starts_on.year, starts_on=starts_on, confirm_by=days.day(14))
    Gathering.objects.create(cohort=cohort, kind="kick_off")
    for semester in (1, 2, 3, 4):
        Gathering.objects.create(cohort=cohort, semester=semester)
    participations, groups = [], {}
    municipalities = islice(Municipality.objects.select_related("county__governor").order_by("number"), MUNICIPALITIES)
    stages = [stage for stage, count in STAGES for _turn in range(count)]
    for municipality, size, stage in zip(municipalities, sizes(), stages, strict=True):
        participation = Participation.objects.create(cohort=cohort, municipality=municipality)
        kinds = {"kindergartens": size - size // 2, "schools": size // 2, "sfo": 0}
        added = units.add_units(participation, numbers, **kinds, read_on=days.day(-50))
        contacts = list(_contacts(participation, added, drawer, by=players.staff))
        stage(Stage(participation, added, contacts, days, drawer, players))
        groups[participation] = cast.enough(players.supervisors, units=size)
        participations.append(participation)
    composing.publish(cohort, groups, by=players.leader, now=days.at(-5))
    posted.load(days)
    large = participations[0]
    return Load(cohort=cohort, large=large, contact=large.editors()[0].user, staff=players.staff)


def sizes() -> list[int]:
    """Units of each municipality: one large one, and the rest shared evenly."""
    others = MUNICIPALITIES - 1
    each, left = divmod(UNITS - LARGEST, others)
    return [LARGEST, *(each + (turn < left) for turn in range(others))]


def _contacts(participation: Participation, added: list[Unit], drawer: people.Drawer, *, by: User):
    for function in (
        Function.OWNER,
        Function.AUTHORITY,
        Function.KINDERGARTEN_LEAD,
        Function.SCHOOL_LEAD,
        Function.PPT,
    ):
        yield people.contact(participation, drawer.next(), function, by=by)
    for unit in added:
        yield people.contact(participation, drawer.next(), Function.HEAD, unit=unit, by=by)
