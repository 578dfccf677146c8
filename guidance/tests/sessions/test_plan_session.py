"""Planning, moving and calling off a session."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import withdraw
from guidance.models import GuidanceSession
from guidance.tests.held_sessions import (
    as_sent,
    going_on,
    held,
    in_days,
    iso,
    planned,
)


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


@pytest.fixture
def plan(group) -> str:
    return reverse("guidance:plan_session", args=[group.participation_id])


def at(name, session) -> str:
    return reverse(f"guidance:{name}", args=[session.pk])


def facts(by, **fields) -> dict:
    usual = {"held_on": iso(9), "starts_at": "09:30", "format": "video", "supervisors": [by.supervisor.pk]}
    return usual | fields


def test_planned(client, supervisor, units, plan):
    client.force_login(supervisor)
    response = client.post(plan, facts(supervisor, units=[units[0].pk]))
    session = GuidanceSession.objects.get()
    assert response.url == session.get_absolute_url()
    assert (session.held_on, session.starts_at.isoformat(), session.format) == (in_days(9), "09:30:00", "video")
    assert (session.planned_by, list(session.units.all())) == (supervisor, [units[0]])
    assert "får beskjed på e-post" in client.get(response.url).content.decode()


def test_planned_twice_by_a_double_press(client, supervisor, plan):
    client.force_login(supervisor)
    assert client.post(plan, facts(supervisor)).url == client.post(plan, facts(supervisor)).url
    assert GuidanceSession.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("held_on", -1),
        ("held_on", 4000),
        ("held_on", "æ"),
        ("starts_at", "kl. 9"),
        ("format", ""),
        ("units", ["0"]),
        ("supervisors", []),
    ],
)
def test_bad_input_keeps_what_was_typed(client, supervisor, plan, field, value):
    client.force_login(supervisor)
    response = client.post(plan, facts(supervisor) | {field: as_sent(value)})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["starts_at"].value() == ("kl. 9" if field == "starts_at" else "09:30")
    assert not GuidanceSession.objects.exists()


def test_moved(client, supervisor, group):
    session = planned(group, supervisor, day=3)
    client.force_login(supervisor)
    response = client.post(at("move_session", session), facts(supervisor))
    session.refresh_from_db()
    assert response.url == session.get_absolute_url()
    assert "Møtet er flyttet." in client.get(response.url).content.decode()
    assert (session.held_on, session.format, session.calendar_version) == (in_days(9), "video", 1)
    assert client.post(at("move_session", session), facts(supervisor)).url == session.get_absolute_url()
    assert "Møtet er flyttet." not in client.get(response.url).content.decode()
    session.refresh_from_db()
    assert session.calendar_version == 1


def test_moved_to_the_past(client, supervisor, group):
    session = planned(group, supervisor, day=3)
    client.force_login(supervisor)
    assert client.post(at("move_session", session), facts(supervisor, held_on=iso(-1))).status_code == 422
    session.refresh_from_db()
    assert session.held_on == in_days(3)


def test_cancelled(client, supervisor, group):
    session = planned(group, supervisor, day=3)
    client.force_login(supervisor)
    assert client.get(at("cancel_session", session)).status_code == 200
    session.refresh_from_db()
    assert session.cancelled_at is None
    for _press in range(2):
        response = client.post(at("cancel_session", session))
        assert response.url == session.get_absolute_url()
    assert client.get(response.url).content.decode().count("Møtet er avlyst.") == 1
    session.refresh_from_db()
    assert (session.cancelled_by, session.calendar_version) == (supervisor, 1)


@pytest.mark.parametrize("name", ["move_session", "cancel_session"])
def test_a_logged_session_stays(client, supervisor, group, name):
    session = held(group, supervisor)
    client.force_login(supervisor)
    for response in (client.get(at(name, session)), client.post(at(name, session), facts(supervisor))):
        assert response.url == session.get_absolute_url()
    assert "kan ikke flyttes eller avlyses" in client.get(session.get_absolute_url()).content.decode()
    session.refresh_from_db()
    assert (session.cancelled_at, session.held_on) == (None, in_days(-7))


def test_withdrawn_plans_and_moves_nothing(client, supervisor, staff, group, plan):
    session = planned(group, supervisor, day=3)
    withdraw(group.participation, by=staff, now=timezone.now())
    client.force_login(supervisor)
    assert client.get(plan).status_code == client.post(plan, facts(supervisor)).status_code == 404
    assert client.post(at("move_session", session), facts(supervisor)).status_code == 404
    assert client.post(at("cancel_session", session)).status_code == 302
    assert GuidanceSession.objects.get().cancelled_at


@pytest.mark.parametrize("person", ["other_supervisor", "former_supervisor", "leader", "contact", "stranger"])
def test_others_plan_move_and_cancel_nothing(request, client, supervisor, group, plan, person):
    session = planned(group, supervisor, day=3)
    client.force_login(request.getfixturevalue(person))
    for url in (plan, at("move_session", session), at("cancel_session", session)):
        assert client.get(url).status_code == client.post(url, facts(supervisor)).status_code == 404
    session.refresh_from_db()
    assert (GuidanceSession.objects.count(), session.cancelled_at, session.held_on) == (1, None, in_days(3))


def test_not_signed_in(client, supervisor, plan):
    assert client.post(plan, facts(supervisor)).url.startswith(reverse("account_login"))
