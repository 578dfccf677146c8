"""A log that is sent in is corrected with a trace."""

import pytest
from django.urls import reverse

from conftest import make_supervisor, make_user
from guidance.models import Correction, GuidanceSession
from guidance.tests.held_sessions import (
    as_sent,
    going_on,
    held,
    iso,
    log,
    planned,
)


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


@pytest.fixture
def session(group, supervisor, units) -> GuidanceSession:
    return held(group, supervisor, day=-3, units=units[:1], took_part={"head": 1}, sub_goals=[4], involved={})


@pytest.fixture
def url(session) -> str:
    return reverse("guidance:correct_log", args=[session.pk])


def as_it_is(session, by, **fields) -> dict:
    data = log(by, seen="0", held_on=iso(-3), units=[unit.pk for unit in session.units.all()], took_head="1")
    return data | {"sub_goals": ["4"], "worked_on": session.worked_on, "agreed": session.agreed} | fields


def test_a_correction_is_stored_with_what_was_before(client, supervisor, session, url, units):
    client.force_login(supervisor)
    data = as_it_is(session, supervisor, agreed="Nytt.", units=[units[1].pk], took_head="3", themes=["change"])
    assert client.post(url, data).url == session.get_absolute_url()
    assert "Loggen er rettet." in client.get(session.get_absolute_url()).content.decode()
    session.refresh_from_db()
    assert (session.agreed, session.took_part, list(session.units.all())) == ("Nytt.", {"head": 3}, [units[1]])
    correction = Correction.objects.get()
    assert correction.corrected_by == supervisor
    assert correction.before == {
        "agreed": "Flere vakter.",
        "took_part": {"head": 1},
        "themes": ["bullying"],
        "units": ["Fembøringen barnehage"],
    }


def test_form_shows_the_log_as_it_is(client, supervisor, session, url):
    client.force_login(supervisor)
    form = client.get(url).context["form"]
    assert (form["agreed"].value(), form["took_head"].value(), form["minutes"].value()) == ("Flere vakter.", 1, "60")
    assert "next_on" not in form.fields


def test_nothing_new_leaves_no_trace(client, supervisor, session, url):
    client.force_login(supervisor)
    assert client.post(url, as_it_is(session, supervisor)).url == session.get_absolute_url()
    assert "Loggen er rettet." not in client.get(session.get_absolute_url()).content.decode()
    assert not Correction.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("worked_on", ""), ("held_on", 1), ("themes", [])])
def test_bad_input_keeps_what_was_typed(client, supervisor, session, url, field, value):
    client.force_login(supervisor)
    response = client.post(url, as_it_is(session, supervisor, agreed="Typed") | {field: as_sent(value)})
    assert response.status_code == 422
    assert response.context["form"]["agreed"].value() == "Typed"
    assert not Correction.objects.exists()


def test_a_child_named_is_asked_about_here_too(client, supervisor, session, url):
    client.force_login(supervisor)
    response = client.post(url, as_it_is(session, supervisor, agreed="Eleven Leander følges."))
    assert list(response.context["form"].errors) == ["no_children"]


def test_a_tab_from_before_another_correction(client, supervisor, session, group, url):
    colleague = make_user("kollega@example.no", "Kolle Ga")
    make_supervisor(group.participation, colleague)
    client.force_login(colleague)
    client.post(url, as_it_is(session, supervisor, agreed="Kollegaens tekst."))
    client.force_login(supervisor)
    response = client.post(url, as_it_is(session, supervisor, agreed="Min tekst."))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Kolle Ga, hva dere ble enige om: Flere vakter. → Kollegaens tekst." in page
    assert response.context["form"]["agreed"].value() == "Min tekst."
    session.refresh_from_db()
    assert session.agreed == "Kollegaens tekst."
    client.post(url, as_it_is(session, supervisor, agreed="Min tekst.", seen=response.context["seen"]))
    session.refresh_from_db()
    assert session.agreed == "Min tekst."
    assert Correction.objects.count() == 2


@pytest.mark.parametrize("seen", ["", "x", "9" * 40, "-1", "æ", "²"])
def test_a_page_that_is_not_ours(client, supervisor, session, url, seen):
    client.force_login(supervisor)
    assert client.post(url, as_it_is(session, supervisor, agreed="Nytt.", seen=seen)).status_code == 302


def test_a_unit_that_closed_and_a_supervisor_who_left_stay_in_the_log(client, supervisor, session, units, url):
    left = make_user("borte@example.no", "Borte Vekk")
    member = make_supervisor(session.group.participation, left)
    session.supervisors.add(left.supervisor)
    member.ended_on = units[0].closed_on = session.held_on
    member.save()
    units[0].save()
    client.force_login(supervisor)
    supervisors = [supervisor.supervisor.pk, left.supervisor.pk]
    client.post(url, as_it_is(session, supervisor, supervisors=supervisors, agreed="Nytt."))
    assert Correction.objects.get().before == {"agreed": "Flere vakter."}


def test_a_session_without_a_log(client, supervisor, group):
    client.force_login(supervisor)
    address = reverse("guidance:correct_log", args=[planned(group, supervisor).pk])
    assert client.get(address).status_code == client.post(address, log(supervisor)).status_code == 404


@pytest.mark.parametrize(
    "person", ["other_supervisor", "former_supervisor", "leader", "contact", "head", "officer", "stranger"]
)
def test_others_correct_no_log(request, client, supervisor, session, url, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(url).status_code == 404
    assert client.post(url, as_it_is(session, supervisor, agreed="Nytt.")).status_code == 404
    assert not Correction.objects.exists()


def test_not_signed_in(client, supervisor, session, url):
    assert client.post(url, as_it_is(session, supervisor)).url.startswith(reverse("account_login"))
