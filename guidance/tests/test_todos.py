"""What waits for a person about the guidance: logs, measures, and groups to publish."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor, make_user, withdraw
from guidance import todos as guidance_todos
from guidance.models import Composition, GuidanceSettings, LogDraft
from guidance.tests.conftest import a_measure, held_session, planned_session
from participants.functions import functions
from participants.models import Unit

pytestmark = pytest.mark.usefixtures("noon")


def todos(user, now):
    return guidance_todos.todos(user, now, mine=functions(user))


def waiting(user):
    return todos(user, timezone.now())[0]


def titles(user) -> list[str]:
    return [todo.title for todo in waiting(user)]


def draft(user, group, session=None) -> LogDraft:
    return LogDraft.objects.create(user=user, group=group, session=session, data={}, saved_at=timezone.now())


def test_a_log_waits_from_the_day_after_the_session(participation, supervisor, units):
    session = planned_session(participation, supervisor, units[:1], days=-1)
    planned_session(participation, supervisor, units[:1], days=0)
    [todo] = waiting(supervisor)
    assert (todo.title, todo.button) == ("Skriv loggen fra møtet i Indre Fosen", "Skriv logg")
    assert todo.url == reverse("guidance:log_planned", args=[session.pk])
    assert todo.due_on == session.held_on + timedelta(days=3)


def test_the_cohort_says_when_it_is_due(participation, cohort, supervisor, units):
    GuidanceSettings.objects.create(cohort=cohort, log_missing_after_days=10)
    session = planned_session(participation, supervisor, units[:1], days=-1)
    assert waiting(supervisor)[0].due_on == session.held_on + timedelta(days=10)


def test_one_a_municipality_however_many_logs(participation, other_participation, supervisor, units):
    make_supervisor(other_participation, supervisor)
    oldest = planned_session(participation, supervisor, units[:1], days=-9)
    planned_session(participation, supervisor, units[:1], days=-2)
    planned_session(other_participation, supervisor, [], days=-1)
    assert sorted(titles(supervisor)) == [
        "Skriv 2 logger fra møter i Indre Fosen",
        "Skriv loggen fra møtet i Bergen",
    ]
    assert reverse("guidance:log_planned", args=[oldest.pk]) in [todo.url for todo in waiting(supervisor)]


def test_logged_and_cancelled_sessions_wait_for_nobody(participation, supervisor, units, staff):
    held_session(participation, supervisor, units[:1], days=-3)
    planned_session(participation, supervisor, units[:1], days=-2).cancel(by=staff, now=timezone.now())
    assert waiting(supervisor) == []


def test_a_log_that_was_begun_goes_on(participation, supervisor):
    begun = draft(supervisor, participation.guidance_group)
    [todo] = waiting(supervisor)
    assert (todo.title, todo.due_on) == ("Gjør ferdig loggen fra Indre Fosen", None)
    assert todo.url == reverse("guidance:log", args=[participation.pk]) + f"?utkast={begun.token}"


def test_a_log_begun_before_the_session_is_that_sessions(participation, supervisor, units):
    session = planned_session(participation, supervisor, units[:1], days=0)
    begun = draft(supervisor, participation.guidance_group, session)
    [todo] = waiting(supervisor)
    assert todo.url == reverse("guidance:log_planned", args=[session.pk]) + f"?utkast={begun.token}"


def test_a_log_that_is_missing_and_begun_waits_once(participation, supervisor, units):
    session = planned_session(participation, supervisor, units[:1], days=-1)
    draft(supervisor, participation.guidance_group, session)
    assert titles(supervisor) == ["Skriv loggen fra møtet i Indre Fosen"]


def test_what_is_begun_is_nobody_elses(participation, supervisor, units):
    colleague = make_user("kollega@example.no", "Kolla Kollega")
    make_supervisor(participation, colleague)
    draft(supervisor, participation.guidance_group)
    assert titles(colleague) == []


@pytest.mark.parametrize(
    "who", ["other_supervisor", "former_supervisor", "contact", "head", "leader", "officer", "staff"]
)
def test_a_missing_log_waits_for_no_one_outside_the_group(request, participation, supervisor, units, who):
    planned_session(participation, supervisor, units[:1], days=-1)
    assert titles(request.getfixturevalue(who)) == []


def test_nothing_waits_where_the_municipality_has_withdrawn(participation, supervisor, head, units, staff):
    planned_session(participation, supervisor, units[:1], days=-1)
    a_measure(units[0], head, ends_on=timezone.localdate() - timedelta(days=1))
    withdraw(participation, by=staff, now=timezone.now())
    assert titles(supervisor) == titles(head) == []


def test_measures_wait_once_a_unit(units, head):
    today = timezone.localdate()
    for days in (0, 7, 8):
        a_measure(units[0], head, ends_on=today + timedelta(days=days))
    [todo] = waiting(head)
    assert todo.title == "2 tiltak ved Fembøringen barnehage skal snart være ferdige"
    assert (todo.url, todo.due_on) == (reverse("guidance:measures", args=[units[0].pk]), today)


def test_overdue_measures_are_what_is_named(units, head):
    today = timezone.localdate()
    for days in (-1, -20, 3):
        a_measure(units[0], head, ends_on=today + timedelta(days=days))
    [todo] = waiting(head)
    assert todo.title == "2 tiltak ved Fembøringen barnehage er over fristen"
    assert todo.due_on == today - timedelta(days=20)


def test_the_cohort_says_how_soon(units, head, cohort):
    GuidanceSettings.objects.create(cohort=cohort, measure_due_days_before=30)
    a_measure(units[0], head, ends_on=timezone.localdate() + timedelta(days=30))
    assert titles(head) == ["1 tiltak ved Fembøringen barnehage skal snart være ferdig"]


@pytest.mark.parametrize("state", ["finished", "stopped"])
def test_measures_that_are_over_wait_for_nobody(units, head, state):
    a_measure(units[0], head, ends_on=timezone.localdate() - timedelta(days=1), state=state)
    assert titles(head) == []


@pytest.mark.parametrize("who", ["contact", "supervisor", "leader", "other_contact", "staff"])
def test_a_units_measures_wait_for_its_head_alone(request, units, head, who):
    a_measure(units[0], head, ends_on=timezone.localdate() - timedelta(days=1))
    assert titles(request.getfixturevalue(who)) == []


def test_a_closed_unit_has_nothing_left_to_do(units, head):
    a_measure(units[0], head, ends_on=timezone.localdate() - timedelta(days=1))
    Unit.objects.filter(pk=units[0].pk).update(closed_on=timezone.localdate())
    assert titles(head) == []


def composition(cohort, by) -> Composition:
    return Composition.objects.open_for(cohort, by=by, now=timezone.now())


def test_groups_wait_to_be_published(cohort, participation, leader):
    made = composition(cohort, leader)
    [todo] = waiting(leader)
    assert todo.title == "Publiser veiledergruppene i pulje 9"
    assert todo.url == reverse("guidance:composition", args=[cohort.pk])
    made.publish(by=leader, now=timezone.now())
    assert [todo.title for todo in waiting(leader)] == [
        "1 kommune i pulje 9 mangler veiledergruppe"
    ]  # nobody had a seat


@pytest.mark.parametrize("who", ["supervisor", "contact", "head", "staff", "stranger"])
def test_groups_wait_for_the_project_leader_alone(request, cohort, participation, leader, who):
    composition(cohort, leader)
    assert titles(request.getfixturevalue(who)) == []


def test_who_supervises_and_who_leads_is_known(supervisor, former_supervisor, leader, contact):
    now = timezone.now()
    assert [todos(user, now)[1:] for user in (supervisor, former_supervisor, leader, contact)] == [
        (True, False),
        (False, False),
        (False, True),
        (False, False),
    ]


@pytest.mark.parametrize("rows", [2, 20])
def test_as_many_queries_whatever_waits(participation, supervisor, units, head, rows):
    for number in range(rows):
        planned_session(participation, supervisor, units[:1], days=-1 - number)
        draft(supervisor, participation.guidance_group)
        a_measure(units[0], head, ends_on=timezone.localdate() - timedelta(days=number))
    for user, number in ((supervisor, 4), (head, 2)):
        mine = functions(user)
        with CaptureQueriesContext(connection) as queries:
            assert guidance_todos.todos(user, timezone.now(), mine=mine)[0]
        assert len(queries) == number


def test_nothing_more_is_asked_for_who_has_nothing_to_do_with_it(contact):
    mine = functions(contact)
    with CaptureQueriesContext(connection) as queries:
        assert guidance_todos.todos(contact, timezone.now(), mine=mine) == ([], False, False)
    assert len(queries) == 1
