"""How far each running cohort has come, in numbers."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.utils.functional import Promise

from gatherings.models import Gathering
from participants import states
from participants.models import Cohort, Participation, Unit, UnitFigures

Counted: TypeAlias = dict[int, Counter[str]]


@dataclass(frozen=True)
class Standing:
    """A cohort in numbers. The units and their children are those of the municipalities that take part."""

    cohort: Cohort
    counts: list[tuple[str, str | Promise, int]]  # state, its label, municipalities; those states that any is in
    municipalities: int  # that take part
    figures: UnitFigures
    next_gathering: Gathering | None

    @property
    def out(self) -> int:
        """The municipalities that do not take part: they withdrew, or said no."""
        return sum(count for _state, _label, count in self.counts) - self.municipalities


def running(*, today: date) -> list[Standing]:
    """The cohorts that are not over, the newest first. Four queries, however many."""
    return of(list(Cohort.objects.going_on(today=today)), today=today)


def of(cohorts: Sequence[Cohort], *, today: date) -> list[Standing]:
    counted, units, coming = _states(cohorts, today=today), _units(cohorts), _coming(cohorts, today=today)
    return [_standing(cohort, counted[cohort.pk], units[cohort.pk], coming.get(cohort.pk), today) for cohort in cohorts]


def _states(cohorts: Sequence[Cohort], *, today: date) -> Counted:
    rows = states.with_state(Participation.objects.filter(cohort__in=cohorts), today=today).order_by()
    found: Counted = defaultdict(Counter)
    for row in rows.only("cohort"):
        found[row.cohort_id][states.state(row)] += 1
    return found


def _units(cohorts: Sequence[Cohort]) -> dict[int, list[Unit]]:
    rows = Unit.objects.filter(
        participation__in=Participation.objects.taking_part().filter(cohort__in=cohorts)
    ).order_by()
    asked = ("participation__cohort", "closed_on", "merged_into", "children", "counted_on")
    found: dict[int, list[Unit]] = defaultdict(list)
    for row in rows.select_related("participation").only(*asked):
        found[row.participation.cohort_id].append(row)
    return found


def _coming(cohorts: Sequence[Cohort], *, today: date) -> dict[int, Gathering]:
    """The next gathering of each."""
    rows = Gathering.objects.upcoming(today=today).filter(cohort__in=cohorts).select_related("cohort")
    return {row.cohort_id: row for row in rows.order_by("-starts_on", "-pk")}


def _standing(
    cohort: Cohort, counted: Counter[str], units: list[Unit], coming: Gathering | None, today: date
) -> Standing:
    return Standing(
        cohort=cohort,
        counts=[(state, label, counted[state]) for state, label in states.STATES if counted[state]],
        municipalities=sum(count for state, count in counted.items() if state not in states.OUT),
        figures=UnitFigures.of(units, on=today),
        next_gathering=coming,
    )
