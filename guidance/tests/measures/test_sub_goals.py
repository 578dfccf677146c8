"""The six sub-goals over two years: a unit's, a municipality's and a supervisor's."""

from datetime import date, datetime, time

import pytest
from django.urls import reverse
from django.utils import timezone

from guidance.measures.sub_goal_plan import last_day
from guidance.tests.conftest import a_measure, held_session, sign_in, text_of
from parts.tests.reading import table_in

pytestmark = pytest.mark.usefixtures("noon")


def cells(answer, goal: int, plan: int = 0) -> list[list[str]]:
    """What is said of a sub-goal, a list for each semester."""
    [row] = [found for number, _name, found in answer.context["plans"][plan].rows if number == goal]
    return [[text for text, _address in cell.lines] for cell in row]


def sheet(answer) -> list[list]:
    return [list(row) for row in table_in(answer)]


@pytest.fixture
def autumn(cohort) -> date:
    """In the cohort's first semester."""
    return date(cohort.first_year, 10, 1)


@pytest.fixture
def long(units, head, autumn):
    """From the first semester into the second."""
    ends_on = date(autumn.year + 1, 2, 1)
    return a_measure(units[0], head, what="Lekegrupper", sub_goal=4, starts_on=autumn, ends_on=ends_on)


def test_a_unit_sees_each_measure_in_the_semesters_it_lasts(client, long, units, head):
    answer = sign_in(client, head).get(reverse("guidance:unit_sub_goals", args=[units[0].pk]))
    assert cells(answer, 4) == [["Lekegrupper (ikke begynt)"], ["Lekegrupper (ikke begynt)"], [], []]
    assert cells(answer, 1) == [[], [], [], []]
    assert len(answer.context["plans"][0].rows) == 6
    assert "1. semester" in text_of(answer)


def test_one_that_has_ended_lasts_until_it_did(long, head, autumn, today):
    ended = timezone.make_aware(datetime.combine(autumn, time(12)))
    long.report(state="stopped", progress="", by=head, now=ended)
    assert last_day(long) == autumn


def test_a_withdrawn_one_counts_nowhere(client, long, units, head):
    long.withdraw(why="mistake", by=head, now=timezone.now())
    answer = sign_in(client, head).get(reverse("guidance:unit_sub_goals", args=[units[0].pk]))
    assert cells(answer, 4) == [[], [], [], []]


def test_a_municipality_sees_how_many_each_unit_has(client, long, units, contact, participation, autumn):
    a_measure(units[1], contact, sub_goal=4, starts_on=autumn, ends_on=autumn)
    a_measure(units[1], contact, sub_goal=4, starts_on=autumn, ends_on=autumn)
    answer = sign_in(client, contact).get(reverse("guidance:municipality_sub_goals", args=[participation.pk]))
    assert cells(answer, 4)[0] == ["Fembøringen barnehage: 1 tiltak", "Leksvik barnehage: 2 tiltak"]


def test_a_supervisor_sees_their_municipalities(client, long, supervisor, other_supervisor, participation):
    answer = sign_in(client, supervisor).get(reverse("guidance:supervisor_sub_goals"))
    assert cells(answer, 4)[0] == [f"{participation.municipality}: 1 tiltak"]
    answer = sign_in(client, other_supervisor).get(reverse("guidance:supervisor_sub_goals"))
    assert cells(answer, 4) == [[], [], [], []]


def test_who_supervises_nobody_has_no_such_page(client, stranger):
    assert sign_in(client, stranger).get(reverse("guidance:supervisor_sub_goals")).status_code == 404


def test_a_session_counts_for_the_sub_goals_it_was_about(
    client, participation, supervisor, units, contact, head, autumn
):
    held_session(participation, supervisor, units=units[:1], held_on=autumn, sub_goals=[2, 4])
    answer = sign_in(client, contact).get(reverse("guidance:municipality_sub_goals", args=[participation.pk]))
    assert cells(answer, 2) == [["1 møte"], [], [], []]
    assert cells(answer, 4)[0] == ["1 møte"]
    answer = sign_in(client, head).get(reverse("guidance:unit_sub_goals", args=[units[0].pk]))
    assert cells(answer, 2)[0] == ["1 møte"]


def test_a_supervisor_sees_how_many_sessions_each_municipality_has_had(client, participation, supervisor, autumn):
    held_session(participation, supervisor, units=[], held_on=autumn, sub_goals=[2])
    answer = sign_in(client, supervisor).get(reverse("guidance:supervisor_sub_goals"))
    assert cells(answer, 2) == [[f"{participation.municipality}: 1 møte"], [], [], []]


def test_the_spreadsheet_has_a_row_for_each_semester(client, long, units, head):
    answer = sign_in(client, head).get(reverse("guidance:unit_sub_goals", args=[units[0].pk]) + "?fil=xlsx")
    heading, *rows = sheet(answer)
    assert heading[:2] == ["Delmål", "Semester"]
    assert [(row[1], row[3], row[4], row[5]) for row in rows] == [
        (1, "Fembøringen barnehage", "Lekegrupper", "ikke begynt"),
        (2, "Fembøringen barnehage", "Lekegrupper", "ikke begynt"),
    ]


def test_the_list_as_a_spreadsheet_is_narrowed_as_on_the_page(client, long, units, contact, participation, head):
    said = {"stop_reason": "For mye på en gang."}
    stopped = a_measure(units[1], contact, what="=1+1", sub_goal=5)
    stopped.report(state="stopped", progress="Vi er i gang.", said=said, by=contact, now=timezone.now())
    url = reverse("guidance:municipality_measures", args=[participation.pk])
    heading, *rows = sheet(sign_in(client, contact).get(url + "?fil=xlsx"))
    assert len(rows) == 2
    [row] = sheet(client.get(url + "?status=stopped&fil=xlsx"))[1:]
    told = dict(zip(heading, row, strict=True))
    assert told["Hvorfor det ble stoppet"] == "For mye på en gang."
    assert told["Hvordan det går"] in {"", None}
    assert told["Bygger på"] == "kartlegging eller undersøkelse"
