"""What waits for a person, of all apps, and what my page shows besides that comes of the same queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.models import User
from accounts.todos import Todo, most_urgent_first
from gatherings import todos as gatherings_todos
from gatherings.models import Gathering, NobodyComes
from gatherings.registration import cards
from guidance import todos as guidance_todos
from guidance.models import Measure
from lmp.changes.succession import waiting as successions_waiting
from lmp.governor import todos as governor_todos
from lmp.overview import guidance
from participants import todos as participants_todos
from participants.functions import Functions, functions
from participants.models import Unit

if TYPE_CHECKING:
    from gatherings.registration.reimbursement import WithReimbursement


@dataclass(frozen=True)
class Waiting:
    """What waits for a person, the most urgent first, and what was asked for it.

    `units` are those the person answers for, `led` those they lead, `own` their registrations, `coming` the gatherings
    of their cohorts. `participations`: those they have a function in, or lead a unit of.
    """

    todos: list[Todo]
    units: list[Unit]
    led: list[Unit]
    own: "list[WithReimbursement]"
    coming: list[Gathering]
    nobody_comes: list[NobodyComes]
    measures: list[Measure]
    supervises: bool
    leads_guidance: bool
    participations: frozenset[int]


def of(user: User, now: datetime) -> list[Todo]:
    """The list alone, for a mail: settings.TODOS."""
    return found(user, now, mine=functions(user)).todos


def found(user: User, now: datetime, *, mine: Functions) -> Waiting:
    """What waits for this person in every app."""
    today = timezone.localdate(now)
    units = participants_todos.units(mine, now)
    waiting = participants_todos.todos(user, now, mine=mine, units=units)
    led = _led(mine, units)
    participations = mine.participations | {unit.participation_id for unit in led}
    coming = cards.coming(participations, mine.governs, today=today)
    about_gatherings, own = gatherings_todos.todos(user, now, units=units, coming=coming)
    seats = successions_waiting.todos(mine, today=today)
    office = governor_todos.of_office(mine, today=today)
    measures = guidance.measures(mine, today=today)
    about_guidance, supervises, leads = guidance_todos.todos(user, now, mine=mine, measures=measures)
    return Waiting(
        todos=most_urgent_first([*waiting, *about_gatherings, *about_guidance, *seats, *office]),
        units=units,
        led=led,
        own=own,
        coming=coming,
        nobody_comes=gatherings_todos.nobody_comes(units, today=today),
        measures=measures,
        supervises=supervises,
        leads_guidance=leads or user.is_staff,
        participations=participations,
    )


def _led(mine: Functions, units: list[Unit]) -> list[Unit]:
    """Also those in which nothing waits, since the unit has closed or the municipality is not welcomed or has left."""
    led = [unit for unit in units if unit.pk in mine.leads]
    if len(led) == len(mine.leads):
        return led
    rows = Unit.objects.filter(pk__in=mine.leads)
    return list(rows.select_related("participation__municipality__county", "participation__cohort"))
