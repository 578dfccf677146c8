"""The municipalities that a county governor follows, a row each: how far they have come, and how the guidance goes.

Dates, counts and short answers, of what the office may see in each municipality: nothing that is written in a log.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise

from guidance.follow_up import involvement_wording
from guidance.follow_up.continuity import Continuity, continuity_among
from guidance.follow_up.involvement import Involvement, involvement_of
from guidance.models import GuidanceSettings, Measure
from participants import states
from participants.models import Cohort, CountyGovernor, Participation
from parts.dates import day_in_words, through

if TYPE_CHECKING:
    from participants.states import WithState


@dataclass(frozen=True)
class Followed:
    """`continuity` is None until the municipality has accepted, and once it has withdrawn."""

    participation: "WithState"
    continuity: Continuity | None
    involvement: Involvement
    overdue: int  # measures

    @property
    def state(self) -> str:
        return states.state(self.participation)

    @property
    def day(self) -> date | None:
        """The day that goes with the state: its deadline, else when it happened."""
        row = self.participation
        days = {"waiting": row.due_on, "overdue": row.due_on, "accepted": row.accepted_on, "declined": row.declined_on}
        if day := days.get(self.state):
            return day
        moments = {"nominated": row.nominated_at, "accepted": row.accepted_at, "confirmed": row.answered_at}
        moment = moments.get(self.state, row.withdrawn_at)
        return timezone.localdate(moment) if moment else None

    @property
    def when(self) -> str:
        """The same in words."""
        if self.state in ("waiting", "overdue"):
            return through(self.day)
        return day_in_words(self.day) if self.day else ""

    @property
    def has_begun(self) -> bool:
        """Whether sessions have been held, or should have been by now."""
        one = self.continuity
        return one is not None and bool(one.total or one.due or one.is_silent)

    @property
    def involved(self) -> list[tuple[str, str]]:
        """Children, parents and PPT: each with the short answer. Nothing is asked before the guidance has begun."""
        if not self.has_begun:
            return []
        return [(one.label, involvement_wording.status(one)) for one in self.involvement.stakeholders.values()]

    @property
    def missing(self) -> list[str]:
        """Of which of the three nothing is known, though sessions have been held."""
        if self.continuity is None or not self.continuity.total:
            return []
        return [who for who, one in self.involvement.stakeholders.items() if not one.involved]


def followed(governors: Collection[CountyGovernor], *, today: date) -> list[Followed]:
    """All of the offices' municipalities in cohorts that are not over. The number of queries is fixed."""
    participations = Participation.objects.filter(
        municipality__county__governor__in=governors, cohort__in=Cohort.objects.going_on(today=today)
    )
    found = list(
        states.with_state(
            participations.select_related("municipality__county", "cohort__guidance_settings"), today=today
        ).order_by("-cohort__number", "municipality__name", "pk")
    )
    cohorts = {row.cohort: GuidanceSettings.objects.of(row.cohort) for row in found}
    taking_part = [row for row in found if row.accepted_at and row.withdrawn_at is None]
    continuity = {one.participation.pk: one for one in continuity_among(taking_part, cohorts, today=today)}
    involvement = involvement_of(found, today=today)
    late = Measure.objects.overdue(today=today).filter(unit__participation__in=[row.pk for row in found])
    overdue = dict(late.order_by().values_list("unit__participation").annotate(count=Count("pk")))
    return [Followed(row, continuity.get(row.pk), involvement[row.pk], overdue.get(row.pk, 0)) for row in found]


@dataclass(frozen=True)
class CohortFigures:
    """One cohort beside the others: how many are in each state, and what is to be followed up."""

    cohort: Cohort
    total: int
    states: list[tuple[str, str | Promise, int]]
    silent: int
    behind: int
    uninvolved: int
    overdue: int


def by_cohort(rows: Iterable[Followed]) -> list[CohortFigures]:
    """The newest cohort first."""
    of: dict[Cohort, list[Followed]] = {}
    for row in rows:
        of.setdefault(row.participation.cohort, []).append(row)
    return [_figures(cohort, mine) for cohort, mine in of.items()]


def _figures(cohort: Cohort, rows: list[Followed]) -> CohortFigures:
    counted = Counter(row.state for row in rows)
    return CohortFigures(
        cohort,
        total=len(rows),
        states=[(state, label, counted[state]) for state, label in states.STATES if counted[state]],
        silent=sum(bool(row.continuity and row.continuity.is_silent) for row in rows),
        behind=sum(bool(row.continuity and row.continuity.is_behind) for row in rows),
        uninvolved=sum(bool(row.missing) for row in rows),
        overdue=sum(row.overdue > 0 for row in rows),
    )
