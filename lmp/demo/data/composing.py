"""A composition of the current pulje that waits to be published: what is there is locked, the rest is proposed."""

from simple_history.utils import bulk_create_with_history

from guidance.groups import seating
from guidance.models import Capacity, Composition
from lmp.demo.data import cast
from lmp.demo.data.days import Days
from participants.models import Cohort

CAPACITY = 5


def load(cohort: Cohort, days: Days, players: cast.Cast) -> None:
    add_capacities(cohort, players, most=CAPACITY)
    waiting = Composition.objects.open_for(cohort, by=players.leader, now=days.at(-2, 10))
    seating.propose(cohort, waiting, by=players.leader, now=days.at(-2, 10, 15))


def add_capacities(cohort: Cohort, players: cast.Cast, *, most: int) -> None:
    capacities = [Capacity(supervisor=supervisor, cohort=cohort, most=most) for supervisor in players.supervisors]
    bulk_create_with_history(capacities, Capacity)
