"""What each milestone says of a municipality, from facts alone: no database is asked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gatherings.models import Gathering
from guidance.models import GuidanceSettings
from lmp.board import milestones
from lmp.board.milestones import Answers, BoardCell, CohortFacts, MunicipalityFacts
from participants.models import Cohort

TODAY = date(2026, 10, 1)
LONG_AGO, YESTERDAY, TOMORROW = date(2026, 5, 1), TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ROW = MunicipalityFacts(key=1, accepted_on=LONG_AGO, welcomed_on=LONG_AGO, units=5)
TWO = ((1, "Vera"), (2, "Ola"))


def cohort(*, today: date = TODAY, starts_on: date = date(2026, 9, 1), published: bool = True, **facts) -> CohortFacts:
    made = Cohort(number=9, first_year=2026, starts_on=starts_on, confirm_by=date(2026, 6, 15))
    settings = GuidanceSettings(cohort=made, **facts)
    return CohortFacts(made, settings, today, groups_are_published=published)


@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        ({"state": "nominated"}, date(2026, 8, 31), ("waiting", "nominated")),
        ({"state": "nominated"}, date(2026, 9, 1), ("late", "nominated")),
        ({"state": "accepted"}, TODAY, ("done", "accepted")),
        ({"state": "overdue"}, TODAY, ("done", "accepted")),
    ],
)
def test_accepted(facts, today, expected):
    assert milestones.accepted(replace(ROW, **facts), cohort(today=today))[:2] == expected


@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        ({}, TODAY, ("done", "sent")),
        ({"welcomed_on": None}, date(2026, 6, 15), ("waiting", "not_sent")),
        ({"welcomed_on": None}, date(2026, 6, 16), ("late", "not_sent")),
        ({"welcomed_on": None, "state": "nominated"}, TODAY, ("nothing", "not_sent")),
    ],
)
def test_letter(facts, today, expected):
    assert milestones.letter(replace(ROW, **facts), cohort(today=today))[:2] == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"state": "accepted"}, BoardCell("nothing", "not_asked")),
        ({"state": "waiting", "due_on": TOMORROW}, BoardCell("waiting", "waiting", day=TOMORROW, when="due")),
        ({"state": "overdue", "due_on": YESTERDAY}, BoardCell("late", "overdue", day=YESTERDAY, when="due")),
        ({"state": "confirmed", "answered_on": YESTERDAY}, BoardCell("done", "confirmed", day=YESTERDAY)),
    ],
)
def test_confirmed(facts, expected):
    assert milestones.confirmed(replace(ROW, **facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"ppt": "yes"}, ("done", "ppt_yes")),
        ({"ppt": "no"}, ("nothing", "ppt_no")),
        ({}, ("waiting", "ppt_undecided")),
        ({"welcomed_on": None}, ("nothing", "ppt_undecided")),
    ],
)
def test_ppt(facts, expected):
    assert milestones.ppt(replace(ROW, **facts))[:2] == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"political_on": YESTERDAY}, BoardCell("done", "informed", day=YESTERDAY)),
        ({}, BoardCell("waiting", "not_informed")),
        ({"welcomed_on": None}, BoardCell("nothing", "not_informed")),
    ],
)
def test_political(facts, expected):
    assert milestones.political(replace(ROW, **facts)) == expected


@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        ({}, TODAY, ("done", "all_units", 0, 5)),
        ({"units": 0}, TODAY, ("waiting", "no_units", 0, 0)),
        ({"without_group": 2}, date(2026, 9, 1), ("waiting", "units_missing", 2, 5)),
        ({"without_group": 2}, date(2026, 9, 2), ("late", "units_missing", 2, 5)),
        ({"without_group": 2, "welcomed_on": date(2026, 9, 1)}, TODAY, ("waiting", "units_missing", 2, 5)),
        ({"without_group": 5, "welcomed_on": None}, TODAY, ("nothing", "units_missing", 5, 5)),
    ],
)
def test_project_groups(facts, today, expected):
    assert milestones.project_groups(replace(ROW, **facts), cohort(today=today))[:4] == expected


@pytest.mark.parametrize(
    ("facts", "of_cohort", "expected"),
    [
        ({"supervisors": TWO}, {}, ("waiting", "small")),
        ({"supervisors": TWO, "units": 4}, {}, ("done", "supervisors")),
        ({"supervisors": TWO}, {"published": False}, ("done", "supervisors")),
        ({}, {}, ("late", "without")),
        ({}, {"starts_on": TOMORROW}, ("waiting", "without")),
        ({}, {"published": False}, ("waiting", "no_supervisors")),
        ({}, {"published": False, "starts_on": TOMORROW}, ("nothing", "no_supervisors")),
        ({"accepted_on": None}, {}, ("nothing", "no_supervisors")),
    ],
)
def test_guidance_group(facts, of_cohort, expected):
    made, of = replace(ROW, **facts), cohort(**of_cohort)
    assert milestones.guidance_group(made, of, milestones.to_follow_up(made, of))[:2] == expected


def gathering(**facts) -> Gathering:
    days = {"starts_on": TODAY + timedelta(days=30), "opens_on": LONG_AGO, "closes_on": TOMORROW}
    return Gathering(**{"pk": 7, "semester": 1, "settled": "fixed"} | days | facts)


@pytest.mark.parametrize(
    ("of_gathering", "answers", "expected"),
    [
        ({"settled": "tentative"}, Answers(5), ("nothing", "tentative")),
        ({"settled": "cancelled"}, Answers(5), ("nothing", "cancelled")),
        ({"opens_on": None, "closes_on": None}, Answers(5), ("nothing", "not_open")),
        ({"opens_on": TOMORROW}, Answers(5), ("nothing", "opens")),
        ({}, Answers(2, is_coming=True), ("waiting", "units_missing")),
        ({"closes_on": TODAY}, Answers(5), ("waiting", "units_missing")),
        ({"closes_on": YESTERDAY}, Answers(5), ("late", "units_missing")),
        ({}, Answers(0, is_coming=True), ("done", "coming")),
        ({}, Answers(0), ("nothing", "nobody_comes")),
        ({"starts_on": YESTERDAY}, Answers(0, has_been=True), ("done", "came")),
        ({"starts_on": YESTERDAY}, Answers(5), ("nothing", "over")),
        ({"pk": 8, "starts_on": YESTERDAY}, Answers(5), ("nothing", "stayed_away")),
    ],
)
def test_registered(of_gathering, answers, expected):
    one = gathering(**of_gathering)
    facts = replace(cohort(), gatherings=[one], counted=frozenset({8}))
    assert milestones.registered(replace(ROW, answers={one.pk: answers}), one, facts)[:2] == expected


def test_nobody_is_invited_before_the_letter():
    row = replace(ROW, welcomed_on=None, answers={7: Answers(5)})
    assert milestones.registered(row, gathering(), cohort()) == BoardCell("nothing", "not_invited")


GUIDED = replace(ROW, units=4, supervisors=TWO, guided_since=YESTERDAY)


@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        ({"supervisors": ()}, TODAY, ("nothing", "not_guided", 0, 0)),
        ({}, TODAY, ("waiting", "held_of", 0, 3)),
        ({"held": 1}, TODAY, ("done", "held_of", 1, 3)),
        ({"held": 1}, date(2026, 12, 31), ("waiting", "held_of", 1, 3)),
        ({"guided_since": LONG_AGO}, TODAY, ("late", "silent", 0, 0)),
        ({"guided_since": LONG_AGO, "next_session": TOMORROW}, TODAY, ("waiting", "held_of", 0, 3)),
        ({"unlogged": ((3, LONG_AGO), (4, YESTERDAY))}, TODAY, ("late", "missing", 1, 0)),
        ({"held": 1, "unlogged": ((4, YESTERDAY),)}, TODAY, ("done", "held_of", 1, 3)),
        ({"guided_since": LONG_AGO}, date(2028, 8, 1), ("nothing", "held_of", 0, 3)),
    ],
)
def test_guided(facts, today, expected):
    made = replace(GUIDED, **({"guided_since": today} | facts))
    of = cohort(today=today)
    assert milestones.guided(made, of, milestones.to_follow_up(made, of))[:4] == expected


def test_nothing_is_followed_up_before_the_cohort_has_begun():
    row, of = replace(GUIDED, guided_since=LONG_AGO, unlogged=((3, LONG_AGO),)), cohort(starts_on=TOMORROW)
    assert not milestones.guided(row, of, milestones.to_follow_up(row, of)).is_late


def test_where_none_are_expected_those_held_are_counted():
    assert milestones.guided(GUIDED, cohort(sessions_per_semester=0), {})[:2] == ("nothing", "not_guided")
    assert milestones.guided(replace(GUIDED, held=2), cohort(sessions_per_semester=0), {})[:3] == ("done", "held", 2)


@pytest.mark.parametrize(
    ("facts", "starts_on", "expected"),
    [
        ({"measures": 4, "measures_over": 2}, YESTERDAY, ("late", "measures_over", 2)),
        ({"measures": 4}, YESTERDAY, ("done", "measures", 4)),
        ({}, YESTERDAY, ("waiting", "no_measures", 0)),
        ({}, TOMORROW, ("nothing", "no_measures", 0)),
        ({"supervisors": ()}, YESTERDAY, ("nothing", "no_measures", 0)),
    ],
)
def test_measures(facts, starts_on, expected):
    assert milestones.measures(replace(GUIDED, **facts), cohort(starts_on=starts_on))[:3] == expected


def test_a_row_has_a_cell_for_each_milestone():
    facts = replace(cohort(), gatherings=[gathering(), gathering(pk=8)])
    assert len(list(milestones.cells(ROW, facts))) == 9 + 2
