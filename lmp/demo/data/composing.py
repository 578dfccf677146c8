"""The groups of a pulje, published; and a composition of the current one that waits, with what is there locked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from simple_history.utils import bulk_create_with_history

from accounts.models import User
from guidance.groups import seating
from guidance.models import Capacity, Composition, ProposedSeat, Supervisor
from lmp.demo.data import cast
from lmp.demo.days import Days
from participants.models import Cohort, Participation

CAPACITY = 5
Groups = Mapping[Participation, Sequence[Supervisor]]


def load(cohort: Cohort, days: Days, players: cast.Cast) -> None:
    add_capacities(cohort, players, most=CAPACITY)
    waiting = Composition.objects.open_for(cohort, by=players.leader, now=days.at(-2, 10))
    seating.propose(cohort, waiting, by=players.leader, now=days.at(-2, 10, 15))


def publish(cohort: Cohort, groups: Groups, *, by: User, now: datetime) -> None:
    """The first supervisor of each group leads it."""
    made = Composition.objects.create(cohort=cohort, made_at=now, made_by=by, proposed_at=now)
    for participation, supervisors in groups.items():
        for turn, supervisor in enumerate(supervisors):
            ProposedSeat.objects.create(
                composition=made, participation=participation, supervisor=supervisor, leads=turn == 0
            )
    made.publish(by=by, now=now)


def add_capacities(cohort: Cohort, players: cast.Cast, *, most: int) -> None:
    capacities = [Capacity(supervisor=supervisor, cohort=cohort, most=most) for supervisor in players.supervisors]
    bulk_create_with_history(capacities, Capacity)
