"""The six sub-goals over a cohort's four semesters: which measures and which sessions touched each, and when."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from guidance.follow_up.semesters import CohortSemester, semesters_of
from guidance.models import GuidanceSession, Measure
from guidance.sub_goals import SUB_GOALS
from participants.lists import keys
from participants.models import Cohort, Participation, Unit
from parts.order import alphabetical
from parts.sheets.cells import Cell, Column

Line = tuple[str, str]  # what is said, and where it leads; nowhere when it is empty
Told = Callable[[Sequence[Measure], Sequence[GuidanceSession], int], Iterable[Line]]


@dataclass
class SubGoalCell:
    """What touched a sub-goal in a semester."""

    measures: list[Measure] = field(default_factory=list)
    sessions: list[GuidanceSession] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass
class SubGoalPlan:
    cohort: Cohort
    semesters: list[CohortSemester]
    # For each sub-goal its number, its name, and a cell a semester
    rows: list[tuple[int, str, list[SubGoalCell]]]

    @classmethod
    def of(
        cls, cohort: Cohort, measures: Iterable[Measure], sessions: Iterable[GuidanceSession], *, told: Told
    ) -> "SubGoalPlan":
        semesters = semesters_of(cohort)
        cells = {(number, each.number): SubGoalCell() for number, _name in SUB_GOALS for each in semesters}
        for measure in measures:
            for semester in semesters:
                if measure.starts_on <= semester.last and last_day(measure) >= semester.first:
                    cells[measure.sub_goal, semester.number].measures.append(measure)
        for session in sessions:
            for semester in semesters:
                for number in session.sub_goals if semester.holds(session.held_on) else ():
                    cells[number, semester.number].sessions.append(session)
        for (number, _semester), cell in cells.items():
            cell.lines = list(told(cell.measures, cell.sessions, number))
        rows = [(number, str(name), [cells[number, each.number] for each in semesters]) for number, name in SUB_GOALS]
        return cls(cohort, semesters, rows)


def last_day(measure: Measure) -> date:
    """The last day that it was worked with; to come, as long as it goes on."""
    ended = measure.finished_at or measure.stopped_at
    return max(timezone.localdate(ended), measure.starts_on) if ended else measure.ends_on


def of_unit(unit: Unit, user: User, *, today: date) -> SubGoalPlan:
    """Each measure by itself."""
    sessions_page = reverse("guidance:sessions", args=[unit.participation_id])

    def told(measures: Sequence[Measure], sessions: Sequence[GuidanceSession], _number: int) -> Iterator[Line]:
        for measure in measures:
            yield f"{measure} ({measure.state.label})", measure.get_absolute_url()
        if sessions:
            yield sessions_in_words(len(sessions)), sessions_page

    measures = Measure.objects.standing().filter(unit=unit).order_by("starts_on", "pk")
    sessions = _sessions(user, Q(units=unit), today=today)
    return SubGoalPlan.of(unit.participation.cohort, measures, sessions, told=told)


def of_municipality(participation: Participation, user: User, *, today: date) -> SubGoalPlan:
    """How many measures each unit has."""
    sessions_page = reverse("guidance:sessions", args=[participation.pk])

    def told(measures: Sequence[Measure], sessions: Sequence[GuidanceSession], number: int) -> Iterator[Line]:
        for unit, count in Counter(measure.unit for measure in measures).items():
            address = reverse("guidance:measures", args=[unit.pk]) + f"?delmal={number}"
            yield f"{unit}: {measures_in_words(count)}", address
        if sessions:
            yield sessions_in_words(len(sessions)), sessions_page

    return SubGoalPlan.of(
        participation.cohort,
        _measures([participation]),
        _sessions(user, Q(group__participation=participation), today=today),
        told=told,
    )


def of_supervisor(participations: Sequence[Participation], user: User, *, today: date) -> list[SubGoalPlan]:
    """How many measures and sessions each municipality has, one plan for each cohort."""
    names = {each.pk: str(each.municipality) for each in participations}

    def told(measures: Sequence[Measure], sessions: Sequence[GuidanceSession], number: int) -> Iterator[Line]:
        counts = Counter(measure.unit.participation_id for measure in measures)
        met = Counter(session.group.participation_id for session in sessions)
        for key in sorted({*counts, *met}, key=lambda key: alphabetical(names[key])):
            said = [measures_in_words(counts[key])] if counts[key] else []
            said += [sessions_in_words(met[key])] if met[key] else []
            address = reverse("guidance:municipality_measures", args=[key]) + f"?delmal={number}"
            yield f"{names[key]}: {', '.join(said)}", address

    cohorts = {each.cohort_id: each.cohort for each in participations}
    measures = list(_measures(participations))
    found = list(_sessions(user, Q(group__participation__in=participations), today=today))
    return [
        SubGoalPlan.of(
            cohort,
            [each for each in measures if each.unit.participation.cohort_id == key],
            [each for each in found if each.group.participation.cohort_id == key],
            told=told,
        )
        for key, cohort in sorted(cohorts.items(), key=lambda item: item[1].number)
    ]


def _measures(participations: Sequence[Participation]) -> Iterable[Measure]:
    rows = Measure.objects.standing().filter(unit__participation__in=participations)
    return rows.select_related("unit__participation__municipality__county", "unit__participation__cohort").order_by(
        "unit__name", "unit", "starts_on", "pk"
    )


def _sessions(user: User, which: Q, *, today: date) -> Iterable[GuidanceSession]:
    """Those that were held and that this person may know of."""
    known = GuidanceSession.objects.visible_to(user, today=today).held().filter(which).values("pk")
    rows = GuidanceSession.objects.filter(pk__in=known).select_related(
        "group__participation__municipality__county", "group__participation__cohort"
    )
    return rows.order_by("held_on", "pk")


def measures_in_words(count: int) -> str:
    return ngettext("%(n)s tiltak", "%(n)s tiltak", count) % {"n": count}


def sessions_in_words(count: int) -> str:
    return ngettext("%(n)s møte", "%(n)s møter", count) % {"n": count}


def columns() -> list[Column]:
    return [
        Column(_("Delmål"), 40),
        Column(_("Semester"), 12),
        Column(_("Kommune"), 24),
        Column(_("Enhet"), 30),
        Column(_("Hva"), 50),
        Column(_("Status"), 18),
        Column(_("Fra"), 14),
        Column(_("Til"), 14),
        *keys.columns(units=True),
    ]


def rows(plans: Sequence[SubGoalPlan]) -> Iterator[list[Cell]]:
    """A row for each measure and each session in each semester."""
    for plan in plans:
        for _number, name, cells in plan.rows:
            for semester, cell in zip(plan.semesters, cells, strict=True):
                for measure in cell.measures:
                    participation = measure.unit.participation
                    place, numbers = str(participation.municipality), keys.of_unit(participation, measure.unit)
                    what, state = str(measure), str(measure.state.label)
                    dates: list[Cell] = [measure.starts_on, last_day(measure)]
                    yield [name, semester.number, place, measure.unit.name, what, state, *dates, *numbers]
                for session in cell.sessions:
                    participation, held_on = session.group.participation, session.held_on
                    place, numbers = str(participation.municipality), keys.of_unit(participation, None)
                    what = _("Veiledningsmøte")
                    yield [name, semester.number, place, "", what, "", held_on, held_on, *numbers]
