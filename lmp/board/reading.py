"""What the board shows, read in a fixed number of queries however many municipalities there are."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from gatherings.models import Gathering
from gatherings.registration import covering
from guidance.follow_up.continuity import held_in
from guidance.follow_up.semesters import CohortSemester, current_semester, semesters_of
from guidance.models import Composition, GroupMember, GuidanceSession, GuidanceSettings, Measure
from guidance.models.measure import GOING_ON
from guidance.models.session import HELD
from lmp.board.composed import Composed
from lmp.board.milestones import Answers, CohortFacts, MunicipalityFacts
from participants import states
from participants.models import Cohort, Contact, County, Municipality, Participation, ProjectGroupMember, Unit

GATHERING = [field.attname for field in Gathering._meta.concrete_fields]
# What is read of a municipality, by the names of the facts.
READ = {
    "key": "pk",
    "name": "municipality__name",
    "number": "municipality__number",
    "organisation_number": "municipality__organisation_number",
    "county": "municipality__county__name",
    "county_key": "municipality__county",
    "ppt": "ppt",
    "political_on": "political_informed_on",
    "due_on": "due_on",
    "nominated_on": "nominated_at",
    "accepted_on": "accepted_at",
    "welcomed_on": "welcomed_at",
    "answered_on": "answered_at",
    "state": "state_place",
}
MOMENTS = ("nominated_on", "accepted_on", "welcomed_on", "answered_on")

# By participation.
Units = Mapping[int, Collection[int]]
AnswersByGathering = dict[int, dict[int, Answers]]


@dataclass(frozen=True)
class BoardFacts:
    """`rows` are the municipalities that take part. Those that have withdrawn or declined are only named."""

    cohort: CohortFacts
    rows: list[MunicipalityFacts]
    withdrawn: list[Participation]
    declined: list[Participation]


def read(cohort: Cohort, governors: Collection[int] | None, *, today: date) -> BoardFacts:
    """A cohort of `access.followed`; of these county governors' municipalities alone, unless that is None."""
    found = [
        _of_participation(facts)
        for governor, *facts in _participations(cohort.pk, today).rows()
        if governors is None or governor in governors
    ]
    gatherings = [Gathering.from_db(None, GATHERING, row) for row in _gatherings(cohort.pk).rows()]
    for gathering in gatherings:
        gathering.cohort = cohort
    units, without_group = _units_by_participation(cohort.pk, today=today)
    answers, counted = _answers(gatherings, units, today=today)
    of_cohort = CohortFacts(
        cohort,
        GuidanceSettings.objects.of(cohort),
        today,
        groups_are_published=bool(_published(cohort.pk).rows()),
        gatherings=gatherings,
        counted=counted,
    )
    guidance = _Guidance(cohort, today=today)
    unreached = Counter(participation for participation, _person in _unreached(cohort.pk).rows())
    rows = [
        MunicipalityFacts(
            **facts,
            **guidance.of(facts["key"]),
            unreached=unreached[facts["key"]],
            units=len(units.get(facts["key"], ())),
            without_group=without_group[facts["key"]],
            answers=answers[facts["key"]],
        )
        for facts in found
        if facts["state"] not in states.OUT
    ]
    out = {state: [_named(facts) for facts in found if facts["state"] == state] for state in states.OUT}
    return BoardFacts(of_cohort, rows, **out)


def _of_participation(row: tuple[Any, ...]) -> dict[str, Any]:
    facts, zone = dict(zip(READ, row, strict=True)), timezone.get_current_timezone()
    for name in MOMENTS:
        facts[name] = facts[name] and facts[name].astimezone(zone).date()
    return facts | {"state": states.at(facts["state"])}


def _named(facts: Mapping[str, Any]) -> Participation:
    municipality = Municipality(name=facts["name"], county=County(name=facts["county"]))
    return Participation(pk=facts["key"], municipality=municipality)


class _Guidance:
    """The groups, the sessions and the measures of a cohort, by participation."""

    def __init__(self, cohort: Cohort, *, today: date) -> None:
        self._supervisors: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self._since: dict[int, date] = {}
        for participation, supervisor, name, started_on in _members(cohort.pk).rows():
            self._supervisors[participation].append((supervisor, name))
            self._since[participation] = min(started_on, self._since.get(participation, started_on))
        semester = current_semester(semesters_of(cohort), today=today)
        self._held = {participation: rest for participation, *rest in _held(cohort.pk, semester).rows()}
        self._next: dict[int, date] = {}
        self._unlogged: dict[int, list[tuple[int, date]]] = defaultdict(list)
        for participation, pk, held_on in _planned(cohort.pk).rows():
            if held_on < today:
                self._unlogged[participation].append((pk, held_on))
            else:
                self._next.setdefault(participation, held_on)
        self._measures = {participation: rest for participation, *rest in _measures(cohort.pk, today).rows()}

    def of(self, participation: int) -> dict[str, Any]:
        last, held = self._held.get(participation, (None, 0))
        measures, over = self._measures.get(participation, (0, 0))
        return {
            "supervisors": tuple(self._supervisors.get(participation, ())),
            "guided_since": last or self._since.get(participation),
            "next_session": self._next.get(participation),
            "held": held,
            "unlogged": tuple(self._unlogged.get(participation, ())),
            "measures": measures,
            "measures_over": over,
        }


def _units_by_participation(cohort: int, *, today: date) -> tuple[Units, Mapping[int, int]]:
    """The units of each municipality, and how many of them have no project group."""
    units: dict[int, list[int]] = defaultdict(list)
    without: dict[int, int] = defaultdict(int)
    for participation, unit, has_group in _units(cohort, today).rows():
        units[participation].append(unit)
        without[participation] += not has_group
    return units, without


def _answers(
    gatherings: Iterable[Gathering], units: Units, *, today: date
) -> tuple[AnswersByGathering, frozenset[int]]:
    """Of the settled ones; and in which of those that are over somebody was marked as there."""
    found: AnswersByGathering = defaultdict(dict)
    settled = [gathering for gathering in gatherings if gathering.is_settled]
    past = tuple(gathering.pk for gathering in settled if gathering.is_past(today=today))
    been = covering.gathered(_been(past).rows()) if past else {}
    for gathering, places in been.items():
        for participation in {participation for participation, _unit in places}:
            found[participation][gathering] = Answers(has_been=True)
    coming = [gathering for gathering in settled if gathering.pk not in past]
    keys = tuple(gathering.pk for gathering in coming)
    represented = covering.gathered(_coming(keys).rows()) if keys else {}
    nobody = covering.gathered(_nobody(keys).rows()) if keys else {}
    all_units = [(participation, unit) for participation, of in units.items() for unit in of]
    for each in coming:
        places = represented.get(each.pk, set())
        missing = covering.unanswered(each, all_units, places | nobody.get(each.pk, set()))
        come = {participation for participation, _unit in places}
        for participation, of in units.items():
            found[participation][each.pk] = Answers(sum(unit in missing for unit in of), participation in come)
    return found, frozenset(been)


@lru_cache(maxsize=64)
def _participations(cohort: int, today: date) -> Composed:
    participations = states.with_state(Participation.objects.filter(cohort=cohort), today=today)
    return Composed(participations.values_list("municipality__county__governor", *READ.values()))


@lru_cache(maxsize=64)
def _unreached(cohort: int) -> Composed:
    """By municipality: each person with a function there whose mail comes back."""
    contacts = Contact.objects.unreached().filter(participation__cohort=cohort).order_by()
    return Composed(contacts.values_list("participation", "user").distinct())


@lru_cache(maxsize=64)
def _gatherings(cohort: int) -> Composed:
    return Composed(Gathering.objects.filter(cohort=cohort).values_list(*GATHERING))


@lru_cache(maxsize=64)
def _published(cohort: int) -> Composed:
    published = Composition.objects.filter(cohort=cohort, published_at__isnull=False)
    return Composed(published.order_by().values_list("pk")[:1])


@lru_cache(maxsize=64)
def _units(cohort: int, today: date) -> Composed:
    members = ProjectGroupMember.objects.filter(group__unit=OuterRef("pk"))
    units = Unit.objects.active(today=today).filter(participation__cohort=cohort).order_by()
    return Composed(units.values_list("participation", "pk", Exists(members)))


@lru_cache(maxsize=64)
def _members(cohort: int) -> Composed:
    members = GroupMember.objects.current().filter(group__participation__cohort=cohort)
    return Composed(members.values_list("group__participation", "supervisor", "supervisor__name", "started_on"))


@lru_cache(maxsize=64)
def _held(cohort: int, semester: CohortSemester) -> Composed:
    """By municipality: when the last one was, and how many count in this semester."""
    sessions = GuidanceSession.objects.filter(group__participation__cohort=cohort).order_by()
    held = sessions.values("group__participation").annotate(last=Max("held_on", filter=HELD), held=held_in(semester))
    return Composed(held.values_list("group__participation", "last", "held"))


@lru_cache(maxsize=64)
def _planned(cohort: int) -> Composed:
    planned = GuidanceSession.objects.planned().filter(group__participation__cohort=cohort)
    return Composed(planned.order_by("held_on", "pk").values_list("group__participation", "pk", "held_on"))


@lru_cache(maxsize=64)
def _measures(cohort: int, today: date) -> Composed:
    """By municipality: how many there are, and how many of them are over their last day."""
    over = Count("pk", filter=GOING_ON & Q(ends_on__lt=today))
    measures = Measure.objects.standing().filter(unit__participation__cohort=cohort).order_by()
    counted = measures.values("unit__participation").annotate(count=Count("pk"), over=over)
    return Composed(counted.values_list("unit__participation", "count", "over"))


@lru_cache(maxsize=64)
def _coming(gatherings: tuple[int, ...]) -> Composed:
    return Composed(covering.coming_to(gatherings))


@lru_cache(maxsize=64)
def _nobody(gatherings: tuple[int, ...]) -> Composed:
    return Composed(covering.nobody_comes_to(gatherings))


@lru_cache(maxsize=64)
def _been(gatherings: tuple[int, ...]) -> Composed:
    return Composed(covering.been_at(gatherings))
