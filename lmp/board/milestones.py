"""How far a municipality has come at each milestone of its cohort: rules about what was read, which ask nothing more.

A cell says a word, and in which of four states that is. The words are those of the municipality's own pages; how they
read in each language is in `wording.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from gatherings.models import Gathering
from guidance.follow_up import lacks
from guidance.follow_up.continuity import expected_in
from guidance.follow_up.semesters import CohortSemester, current_semester, semesters_of
from guidance.models import FollowUp, GuidanceSettings
from participants.models import Cohort, Participation

# Late: it is missing, and its day has passed. Waiting: it is missing. Nothing: it isn't time, or nothing is wanted.
State = Literal["done", "late", "waiting", "nothing"]
LACKING = ("late", "waiting")
Kind = FollowUp.Kind
Found = dict[FollowUp.Kind, list[str]]
PPT = Participation.PPT


class BoardCell(NamedTuple):
    """`word` is a key of `wording.WORDS`, and `number` of `of` goes into it. `when` tells what the day is."""

    state: State
    word: str
    number: int = 0
    of: int = 0
    day: date | None = None
    when: Literal["on", "due", "next"] = "on"

    @property
    def is_lacking(self) -> bool:
        return self.state in LACKING

    @property
    def is_late(self) -> bool:
        return self.state == "late"


class Answers(NamedTuple):
    """What a municipality and its units have answered about a gathering: how many of them have not."""

    missing: int = 0
    is_coming: bool = False
    has_been: bool = False


@dataclass(frozen=True, slots=True)
class MunicipalityFacts:
    """A municipality in a cohort, as the rules need it. `state` is one of `participants.states`."""

    key: int
    name: str = ""
    number: str = ""
    organisation_number: str = ""
    county: str = ""
    county_key: int = 0
    state: str = "accepted"
    nominated_on: date | None = None
    accepted_on: date | None = None
    welcomed_on: date | None = None
    answered_on: date | None = None
    due_on: date | None = None
    ppt: str = ""
    political_on: date | None = None
    unreached: int = 0  # people with a function there whose mail comes back
    units: int = 0
    without_group: int = 0
    supervisors: tuple[tuple[int, str], ...] = ()
    guided_since: date | None = None  # the last session, else when the group began
    next_session: date | None = None
    held: int = 0  # in the semester that is going on
    unlogged: tuple[tuple[int, date], ...] = ()  # sessions by key and day
    measures: int = 0
    measures_over: int = 0
    answers: Mapping[int, Answers] = field(default_factory=dict)  # by gathering


@dataclass(frozen=True)
class CohortFacts:
    """What holds for all municipalities of a cohort on a day. `counted`: the gatherings where attendance was marked."""

    cohort: Cohort
    settings: GuidanceSettings
    today: date
    groups_are_published: bool = False
    gatherings: Sequence[Gathering] = ()
    counted: frozenset[int] = frozenset()
    semester: CohortSemester = field(init=False)
    expected: int | None = field(init=False)
    due: int = field(init=False)
    alike: Mapping[int, BoardCell] = field(init=False)  # by gathering, where every municipality has the same cell

    def __post_init__(self) -> None:
        semester = current_semester(semesters_of(self.cohort), today=self.today)
        each = self.settings.sessions_per_semester
        (expected,), due = expected_in([semester], each=each, today=min(self.today, self.cohort.ends_on))
        cells = {each.pk: cell for each in self.gatherings if (cell := nobodys_yet(each, today=self.today))}
        for name, value in (("semester", semester), ("expected", expected), ("due", due), ("alike", cells)):
            object.__setattr__(self, name, value)

    @property
    def has_begun(self) -> bool:
        return self.cohort.starts_on <= self.today

    @property
    def is_over(self) -> bool:
        return self.today > self.cohort.ends_on


def cells(row: MunicipalityFacts, cohort: CohortFacts) -> Iterator[BoardCell]:
    """One for each milestone, in the order of `wording.columns`."""
    yield accepted(row, cohort)
    yield letter(row, cohort)
    yield confirmed(row)
    yield ppt(row)
    yield political(row)
    yield project_groups(row, cohort)
    found = to_follow_up(row, cohort)
    yield guidance_group(row, cohort, found)
    for gathering in cohort.gatherings:
        yield cohort.alike.get(gathering.pk) or registered(row, gathering, cohort)
    yield guided(row, cohort, found)
    yield measures(row, cohort)


def accepted(row: MunicipalityFacts, cohort: CohortFacts) -> BoardCell:
    """Late from the day the cohort begins."""
    if row.state != "nominated":
        return BoardCell("done", "accepted", day=row.accepted_on)
    return BoardCell("late" if cohort.has_begun else "waiting", "nominated", day=row.nominated_on)


def letter(row: MunicipalityFacts, cohort: CohortFacts) -> BoardCell:
    """Late when the deadline to confirm, which it tells of, has passed."""
    if row.welcomed_on:
        return BoardCell("done", "sent", day=row.welcomed_on)
    if row.state == "nominated":
        return BoardCell("nothing", "not_sent")
    return BoardCell("late" if cohort.today > cohort.cohort.confirm_by else "waiting", "not_sent")


def confirmed(row: MunicipalityFacts) -> BoardCell:
    if row.state == "confirmed":
        return BoardCell("done", "confirmed", day=row.answered_on)
    if row.state == "overdue":
        return BoardCell("late", "overdue", day=row.due_on, when="due")
    if row.state == "waiting":
        return BoardCell("waiting", "waiting", day=row.due_on, when="due")
    return BoardCell("nothing", "not_asked")


def ppt(row: MunicipalityFacts) -> BoardCell:
    """Asked about from the letter on. It may be decided whenever that is, so it is never late."""
    if row.ppt == PPT.YES:
        return BoardCell("done", "ppt_yes")
    if row.ppt == PPT.NO:
        return BoardCell("nothing", "ppt_no")
    return BoardCell("waiting" if row.welcomed_on else "nothing", "ppt_undecided")


def political(row: MunicipalityFacts) -> BoardCell:
    if row.political_on:
        return BoardCell("done", "informed", day=row.political_on)
    return BoardCell("waiting" if row.welcomed_on else "nothing", "not_informed")


def project_groups(row: MunicipalityFacts, cohort: CohortFacts) -> BoardCell:
    """They are to be there when the cohort begins; who was welcomed later has no such day."""
    if not row.units:
        return BoardCell("waiting" if row.welcomed_on else "nothing", "no_units")
    if not row.without_group:
        return BoardCell("done", "all_units", of=row.units)
    starts_on = cohort.cohort.starts_on
    due = starts_on if row.welcomed_on and starts_on > row.welcomed_on else None
    state: State = "nothing" if not row.welcomed_on else "late" if due and cohort.today > due else "waiting"
    return BoardCell(state, "units_missing", row.without_group, row.units, day=due, when="due")


def guidance_group(row: MunicipalityFacts, cohort: CohortFacts, found: Found) -> BoardCell:
    """Once the groups are published, what a leader has to follow up; before that they are being put together."""
    size = len(row.supervisors)
    if Kind.WITHOUT in found:
        return BoardCell("late" if cohort.has_begun else "waiting", Kind.WITHOUT.value)
    if Kind.SMALL in found:
        return BoardCell("waiting", Kind.SMALL.value, size)
    if size:
        return BoardCell("done", "supervisors", size)
    return BoardCell("waiting" if cohort.has_begun and row.accepted_on else "nothing", "no_supervisors")


def nobodys_yet(gathering: Gathering, *, today: date) -> BoardCell | None:
    """The same for every municipality, while the gathering is not settled or registration has not opened."""
    first, opens, closes = gathering.starts_on, gathering.opens_on, gathering.closes_on
    if not gathering.is_settled or first is None:
        return BoardCell("nothing", gathering.settled, day=first)
    if not gathering.is_past(today=today) and (opens is None or closes is None or opens > today):
        return BoardCell("nothing", "opens" if opens and closes else "not_open", day=opens or first)
    return None


def registered(row: MunicipalityFacts, gathering: Gathering, cohort: CohortFacts) -> BoardCell:
    """What is missing is late when registration has closed. Once it is over nothing can be mended."""
    if cell := nobodys_yet(gathering, today=cohort.today):
        return cell
    first, today, closes = gathering.starts_on, cohort.today, gathering.closes_on
    answers = row.answers.get(gathering.pk, Answers())
    if gathering.is_past(today=today):
        absent = "stayed_away" if gathering.pk in cohort.counted else "over"
        return BoardCell("done", "came", day=first) if answers.has_been else BoardCell("nothing", absent, day=first)
    if not row.welcomed_on or not row.units:
        return BoardCell("nothing", "not_invited")
    if answers.missing:
        state: State = "late" if closes and today > closes else "waiting"
        return BoardCell(state, "units_missing", answers.missing, row.units, day=closes, when="due")
    return BoardCell("done", "coming") if answers.is_coming else BoardCell("nothing", "nobody_comes")


def guided(row: MunicipalityFacts, cohort: CohortFacts, found: Found) -> BoardCell:
    """The sessions of the semester that is going on, unless there is something to follow up."""
    day, goes_on = row.next_session, cohort.has_begun and not cohort.is_over
    if goes_on and Kind.SILENT in found:
        return BoardCell("late", Kind.SILENT.value, day=row.guided_since)
    if goes_on and Kind.MISSING in found:
        return BoardCell("late", Kind.MISSING.value, len(found[Kind.MISSING]))
    if not row.held and not (row.supervisors and cohort.expected):
        return BoardCell("nothing", "not_guided", day=day, when="next")
    if not cohort.expected:
        return BoardCell("done", "held", row.held, day=day, when="next")
    state: State = "waiting" if row.held < cohort.due and not cohort.is_over else "done" if row.held else "nothing"
    return BoardCell(state, "held_of", row.held, cohort.expected, day=day, when="next")


def measures(row: MunicipalityFacts, cohort: CohortFacts) -> BoardCell:
    """None is wanted before the cohort has begun, and the municipality has somebody to guide it."""
    if row.measures_over:
        return BoardCell("late", "measures_over", row.measures_over)
    if row.measures:
        return BoardCell("done", "measures", row.measures)
    return BoardCell("waiting" if cohort.has_begun and row.supervisors else "nothing", "no_measures")


def to_follow_up(row: MunicipalityFacts, cohort: CohortFacts) -> Found:
    """What a project leader has to see to. Nothing in a municipality that has not accepted."""
    if not row.accepted_on:
        return {}
    return lacks.kinds_of(
        cohort.settings,
        size=len(row.supervisors),
        units=row.units,
        is_published=cohort.groups_are_published,
        since=row.guided_since,
        is_coming=row.next_session is not None,
        has_begun=cohort.has_begun,
        unlogged=row.unlogged,
        today=cohort.today,
    )
