"""Where guidance is given as planned, and where it is silent. Dates and counts: nothing of what is in the logs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import floor

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from guidance.follow_up.semesters import CohortSemester, current_semester, semesters_of
from guidance.models import Capacity, GroupMember, GuidanceSession, GuidanceSettings, Supervisor
from guidance.models.session import COUNTED
from guidance.staffing.leaves import away
from participants.models import Cohort, Participation
from parts.order import alphabetical

PLANNED = Q(submitted_at__isnull=True, cancelled_at__isnull=True)


@dataclass(frozen=True)
class Continuity:
    """How guidance goes in a municipality. `held` is a number for each of the four semesters."""

    participation: Participation
    held: tuple[int, ...]
    expected: tuple[int | None, ...]  # None: the semester has not begun
    due: int  # how many should have been held by now
    last_on: date | None
    next_on: date | None
    missing: int
    cancelled: int
    since: date | None  # the last session, else when the group began; None: no group
    leader: Supervisor | None
    quiet_days: int
    is_silent: bool

    @property
    def total(self) -> int:
        return sum(self.held)

    @property
    def is_behind(self) -> bool:
        return self.total < self.due

    @property
    def semesters(self) -> list[tuple[int, int | None]]:
        return list(zip(self.held, self.expected, strict=True))


def continuity_of(cohort: Cohort, settings: GuidanceSettings, *, today: date) -> list[Continuity]:
    """Every municipality that takes part, in three queries. After the cohort's last day nothing more is expected."""
    participations = cohort.participations.taking_part().filter(accepted_at__isnull=False)
    rows = participations.select_related("municipality__county").order_by("municipality__name", "pk")
    return continuity_among(rows, {cohort: settings}, today=today)


def continuity_among(
    participations: Iterable[Participation], cohorts: Mapping[Cohort, GuidanceSettings], *, today: date
) -> list[Continuity]:
    """These municipalities, of these cohorts, each with its settings: in two queries, however many."""
    participations = list(participations)
    keys = [participation.pk for participation in participations]
    counts = {row["group__participation"]: row for row in _counted(keys, cohorts, today=today)}
    members: dict[int, list[GroupMember]] = {}
    for member in _members(keys):
        members.setdefault(member.group.participation_id, []).append(member)
    until = {cohort.pk: min(today, cohort.ends_on) for cohort in cohorts}
    settings_of = {cohort.pk: settings for cohort, settings in cohorts.items()}
    shares = {
        cohort.pk: expected_in(semesters_of(cohort), each=settings.sessions_per_semester, today=until[cohort.pk])
        for cohort, settings in cohorts.items()
    }
    found = []
    for participation in participations:
        settings, day = settings_of[participation.cohort_id], until[participation.cohort_id]
        expected, due = shares[participation.cohort_id]
        row, group = counts.get(participation.pk, {}), members.get(participation.pk, [])
        last_on, next_on = row.get("last_on"), row.get("next_on")
        since = last_on or min((member.started_on for member in group), default=None)
        quiet = max(0, (day - since).days) if since else 0
        is_quiet = bool(group) and next_on is None and quiet >= settings.silent_after_days
        found.append(
            Continuity(
                participation=participation,
                held=tuple(row.get(f"held_{number}", 0) for number in range(1, len(expected) + 1)),
                expected=expected,
                due=due,
                last_on=last_on,
                next_on=next_on,
                missing=row.get("missing", 0),
                cancelled=row.get("cancelled", 0),
                since=since,
                leader=next((member.supervisor for member in group if member.leads), None),
                quiet_days=quiet,
                is_silent=is_quiet and day == today,
            )
        )
    return found


def withdrawn_from(cohort: Cohort) -> list[Participation]:
    """The municipalities that have withdrawn, which a page names, so that its figures before and after compare."""
    return list(
        cohort.participations.withdrawn().select_related("municipality__county").order_by("municipality__name", "pk")
    )


def _counted(participations: Iterable[int], cohorts: Iterable[Cohort], *, today: date) -> QuerySet:
    """Counts by municipality."""
    by_semester: dict[str, Q] = defaultdict(Q)
    coming = Q()
    for cohort in cohorts:
        of_cohort, spans = Q(group__participation__cohort=cohort), semesters_of(cohort)
        for span in spans:
            by_semester[f"held_{span.number}"] |= of_cohort & _days_of(span)
        coming |= of_cohort & Q(held_on__gte=min(today, cohort.ends_on))
    return (
        GuidanceSession.objects.filter(group__participation__in=participations)
        .values("group__participation")
        .annotate(
            last_on=Max("held_on", filter=COUNTED),
            next_on=Min("held_on", filter=PLANNED & coming),
            missing=Count("pk", filter=PLANNED & ~coming),
            cancelled=Count("pk", filter=Q(cancelled_at__isnull=False, withdrawal__isnull=True)),
            **{name: Count("pk", filter=COUNTED & within) for name, within in by_semester.items()},
        )
        .order_by()
    )


def held_in(span: CohortSemester) -> Count:
    """Of sessions, how many count in it."""
    return Count("pk", filter=COUNTED & _days_of(span))


def _days_of(span: CohortSemester) -> Q:
    """Of sessions, those of this semester. One before the first semester belongs to the first."""
    return Q(held_on__lte=span.last) if span.number == 1 else Q(held_on__range=(span.first, span.last))


def _sessions(cohort: Cohort) -> QuerySet[GuidanceSession]:
    return GuidanceSession.objects.filter(group__participation__cohort=cohort)


def _members(participations: Iterable[int] | QuerySet[Participation]) -> QuerySet[GroupMember]:
    """Those in the groups of these municipalities now, where they take part."""
    return (
        GroupMember.objects.current()
        .filter(group__participation__in=participations, group__participation__withdrawn_at__isnull=True)
        .select_related("supervisor", "group__participation__municipality__county")
        .order_by("group__participation__municipality__name", "pk")
    )


def expected_in(spans: Sequence[CohortSemester], *, each: int, today: date) -> tuple[tuple[int | None, ...], int]:
    """How many sessions each of these semesters is to have, and how many by now.

    Of the one that is going on that is its elapsed part, rounded down.
    """
    shares = [span.elapsed(today=today) for span in spans]
    return tuple(each if share > 0 else None for share in shares), sum(floor(each * share) for share in shares)


@dataclass
class Workload:
    """How much a supervisor has to do in a cohort."""

    supervisor: Supervisor
    most: int | None = None  # None: not set up in this cohort any more
    members: list[GroupMember] = field(default_factory=list)
    held: int = 0
    minutes: int = 0
    planned: int = 0
    missing: int = 0
    away: str = ""  # their leave in words

    @property
    def hours(self) -> float:
        return self.minutes / 60

    @property
    def is_over(self) -> bool:
        return self.most is not None and len(self.members) > self.most


def workloads_of(cohort: Cohort, *, today: date) -> list[Workload]:
    """Every supervisor with a capacity or a group in the cohort, in four queries.

    The sessions held and their hours are those of this semester. What several municipalities came to at the same hour
    is several sessions held, and its time counts once.
    """
    semester = current_semester(semesters_of(cohort), today=today)
    found: dict[int, Workload] = {}
    for capacity in Capacity.objects.filter(cohort=cohort).select_related("supervisor"):
        found[capacity.supervisor_id] = Workload(capacity.supervisor, most=capacity.most)
    for member in _members(cohort.participations.all()):
        found.setdefault(member.supervisor_id, Workload(member.supervisor)).members.append(member)
    held = COUNTED & Q(held_on__gte=semester.first, held_on__lte=semester.last)
    counted = (
        _sessions(cohort)
        .filter(supervisors__in=found)
        .values("supervisors", "held_on", "starts_at")
        .annotate(
            held_count=Count("pk", filter=held),
            minutes_sum=Sum("minutes", filter=held),
            minutes_max=Max("minutes", filter=held),
            planned_count=Count("pk", filter=PLANNED & Q(held_on__gte=today)),
            missing_count=Count("pk", filter=PLANNED & Q(held_on__lt=today)),
        )
        .order_by()
    )
    for row in counted:
        workload = found[row["supervisors"]]
        workload.held += row["held_count"]
        # Several municipalities at the same hour meet together: nobody is in two places.
        workload.minutes += row["minutes_max" if row["starts_at"] else "minutes_sum"] or 0
        workload.planned += row["planned_count"]
        workload.missing += row["missing_count"]
    for key, leave in away(today=today).items():
        if key in found:
            found[key].away = leave
    return sorted(found.values(), key=lambda workload: (alphabetical(workload.supervisor.name), workload.supervisor.pk))


@dataclass
class Content:
    """What a semester's sessions were about: what Udir may see of them."""

    semester: CohortSemester
    sessions: int = 0
    minutes: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    themes: Counter[str] = field(default_factory=Counter)
    sub_goals: Counter[int] = field(default_factory=Counter)


def content_of(cohort: Cohort) -> list[Content]:
    """One for each semester, in one query."""
    found = [Content(semester) for semester in semesters_of(cohort)]
    rows = _sessions(cohort).filter(COUNTED).values_list("held_on", "format", "minutes", "themes", "sub_goals")
    for held_on, format, minutes, themes, sub_goals in rows.order_by():
        one = next((each for each in found if held_on <= each.semester.last), found[-1])
        one.sessions += 1
        one.minutes += minutes or 0
        one.formats[format] += 1
        one.themes.update(set(themes))
        one.sub_goals.update(set(sub_goals))
    return found
