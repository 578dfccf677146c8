"""Planning, changing, cancelling and restoring a session: what is shown before it is saved, and what is said after."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from conftest import make_contact, make_supervisor, make_user, withdraw
from guidance.models import GuidanceSession, SessionChange
from guidance.sessions.forms import latest_day
from guidance.tests.conftest import text_of
from guidance.tests.held_sessions import (
    as_sent,
    going_on,
    held,
    in_days,
    iso,
    planned,
)
from outbox import plan as mail_plan
from participants.models import Contact

OSLO = ZoneInfo("Europe/Oslo")
YES = {"_confirmed": "1"}


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


def change(session, by, **fields) -> dict:
    seen = {"version": session.calendar_version, "reason": "To er syke."}
    return facts(by) | seen | fields


def test_planned(client, supervisor, units, plan):
    client.force_login(supervisor)
    where = {"minutes": "90", "place": "Rådhuset", "video_link": "example.no/mote"}
    response = client.post(plan, facts(supervisor, units=[units[0].pk]) | where | YES)
    session = GuidanceSession.objects.get()
    assert response.url == session.get_absolute_url()
    assert (session.held_on, session.starts_at.isoformat(), session.format) == (in_days(9), "09:30:00", "video")
    assert (session.minutes, session.place, session.video_link) == (90, "Rådhuset", "https://example.no/mote")
    assert (session.planned_by, list(session.units.all())) == (supervisor, [units[0]])


def test_what_planning_does_is_shown_and_not_yet_done(client, supervisor, plan, units, contact, head):
    client.force_login(supervisor)
    response = client.post(plan, facts(supervisor, units=[units[0].pk], place="Rådhuset"))
    page = text_of(response)
    assert not GuidanceSession.objects.exists()
    assert "kl. 09.30–10.30" in page
    assert "Sted: Rådhuset" in page
    assert "1 veileder, 1 styrer og 1 kontaktperson får e-post om få minutter." in page
    told = page.split("E-poster som går med en gang")[1].split("Planlagte e-poster")[0]
    assert all(name in told for name in ("Kari Kontakt", "Hanne Styrer", "Vera Veileder"))
    assert told.count("(om få minutter):") == 1  # the plan's next run posts them
    assert ("place", "Rådhuset") in response.context["carried"]
    back = client.post(plan, facts(supervisor, place="Rådhuset") | {"_back": "1"})
    assert back.context["form"]["place"].value() == "Rådhuset"


@pytest.mark.parametrize(("format", "minutes"), [("visit", 120), ("video", 60), ("phone", 30)])
def test_a_length_that_nobody_chose_is_the_usual_one(client, supervisor, plan, format, minutes):
    client.force_login(supervisor)
    client.post(plan, facts(supervisor, format=format) | YES)
    assert GuidanceSession.objects.get().minutes == minutes


def test_who_is_told_is_said_as_it_is(client, supervisor, staff, plan, units, contact, head, participation):
    """S1, and receipts that say what the database holds: heads by their kind, and PPT when it takes part."""
    make_contact(participation, make_user("r@example.no", "R"), Contact.Function.HEAD, by=staff, unit=units[2])
    make_contact(participation, make_user("p@example.no", "P"), Contact.Function.PPT, by=staff)
    make_contact(participation, make_user("s@example.no", "S"), Contact.Function.SCHOOL_LEAD, by=staff)
    participation.ppt = "yes"
    participation.save()
    client.force_login(supervisor)
    response = client.post(plan, facts(supervisor, units=[units[0].pk, units[2].pk]) | YES)
    told = "1 veileder, 1 styrer, 1 rektor, 2 kontaktpersoner og 1 fra PP-tjenesten får e-post om få minutter."
    assert f"Møtet er planlagt. {told}" in text_of(client.get(response.url))
    session = GuidanceSession.objects.get()
    mail_plan.send_due(timezone.now())
    response = client.post(at("move_session", session), change(session, supervisor, units=[units[0].pk]) | YES)
    told = "1 veileder, 1 styrer, 2 kontaktpersoner, 1 fra PP-tjenesten og 1 som ikke skal være med lenger"
    assert f"Møtet er endret. {told} får e-post om få minutter." in text_of(client.get(response.url))


def test_an_hour_that_has_passed_is_said_and_tells_nobody(client, supervisor, plan, contact):
    """S1: the page said "får beskjed", no mail went."""
    with time_machine.travel(datetime.combine(timezone.localdate(), time(14), tzinfo=OSLO)):
        client.force_login(supervisor)
        asked = client.post(plan, facts(supervisor, held_on=iso(0), starts_at="09:00"))
        assert "Tidspunktet er passert, så ingen får e-post om møtet." in text_of(asked)
        response = client.post(plan, facts(supervisor, held_on=iso(0), starts_at="09:00") | YES)
        page = text_of(client.get(response.url))
    assert "Møtet er planlagt. Tidspunktet for møtet er passert, så ingen får e-post om det." in page


def test_all_units_are_chosen_at_first(client, supervisor, plan, units):
    """No unit was ticked, nothing said so, and no head was invited though the page said it."""
    client.force_login(supervisor)
    response = client.get(plan)
    assert set(response.context["form"]["units"].value()) == {unit.pk for unit in units}
    assert "Alle enhetene er først krysset av, som et forslag." in text_of(response)


def test_that_no_unit_is_chosen_is_said(client, supervisor, plan, units, group):
    client.force_login(supervisor)
    said = "Ingen enheter er valgt: ingen styrere og rektorer får innkalling."
    assert said in text_of(client.post(plan, facts(supervisor))).split("Stemmer dette?")[1]
    assert said not in text_of(client.post(plan, facts(supervisor, units=[units[0].pk])))
    session = planned(group, supervisor, day=9, units=[units[0]])
    assert said in text_of(client.post(at("move_session", session), change(session, supervisor)))
    bare = planned(group, supervisor, day=9)
    assert said not in text_of(client.post(at("move_session", bare), change(bare, supervisor, held_on=iso(10))))


def test_a_day_off_and_a_day_with_a_session_are_asked_about(client, supervisor, plan, group, units):
    """Annoying 14: a Saturday, or a day with a session, passed unasked."""
    client.force_login(supervisor)
    days = {day: in_days(day) for day in range(7, 40)}
    saturday = next(day for day, on in days.items() if on.weekday() == 5)
    working = next(day for day, on in days.items() if on.weekday() == 1 and on > days[saturday])
    page = text_of(client.post(plan, facts(supervisor, held_on=iso(saturday))))
    assert "er ikke en arbeidsdag." in page.split("Stemmer dette?")[1]
    planned(group, supervisor, day=saturday, starts_at=time(12))
    page = text_of(client.post(plan, facts(supervisor, held_on=iso(saturday))))
    assert "Det er allerede et møte denne dagen: lørdag" in page
    assert "kl. 12.00–14.00." in page
    if date.fromisoformat(iso(working)).month not in (5, 12):  # public holidays
        sent = facts(supervisor, held_on=iso(working), units=[units[0].pk])
        assert "Stemmer dette?" not in text_of(client.post(plan, sent))


def test_planned_twice_by_a_double_press(client, supervisor, plan):
    client.force_login(supervisor)
    assert client.post(plan, facts(supervisor) | YES).url == client.post(plan, facts(supervisor) | YES).url
    assert GuidanceSession.objects.count() == 1


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("held_on", -1),
        ("held_on", 4000),
        ("held_on", "æ"),
        ("starts_at", "kl. ni"),
        ("format", ""),
        ("minutes", "7"),
        ("place", "x" * 201),
        ("video_link", "ikke en lenke"),
        ("video_link", "javascript:alert(1)"),
        ("units", ["0"]),
        ("supervisors", []),
    ],
)
def test_bad_input_keeps_what_was_typed(client, supervisor, plan, field, value):
    client.force_login(supervisor)
    response = client.post(plan, facts(supervisor) | {field: as_sent(value)} | YES)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["starts_at"].value() == ("kl. ni" if field == "starts_at" else "09:30")
    assert not GuidanceSession.objects.exists()


@pytest.mark.parametrize(
    ("today", "last"), [(date(2028, 2, 2), date(2028, 7, 31)), (date(2028, 2, 3), date(2028, 8, 1))]
)
def test_the_last_day_is_the_puljes_or_half_a_year_from_now(group, today, last):
    group.participation.cohort.first_year = 2026
    assert latest_day(group, today=today) == last


def test_everything_planned_can_be_changed(client, supervisor, group, units):
    """S12: "Flytt" changed neither units, supervisors nor length."""
    session = planned(group, supervisor, day=3, units=units[:1])
    other = make_supervisor(group.participation, make_user("o@example.no", "Odd Odd")).supervisor
    client.force_login(supervisor)
    assert client.get(at("move_session", session)).context["form"]["units"].value() == [units[0].pk]
    sent = change(session, supervisor, minutes="45", place="Biblioteket", units=[units[1].pk], supervisors=[other.pk])
    page = text_of(client.post(at("move_session", session), sent))
    session.refresh_from_db()
    assert session.held_on == in_days(3)
    for line in ("Varighet: 45 minutter (før: 2 timer)", "Enheter: Leksvik barnehage (før: Fembøringen barnehage)"):
        assert line in page
    response = client.post(at("move_session", session), sent | YES)
    session.refresh_from_db()
    assert response.url == session.get_absolute_url()
    assert "Møtet er endret." in text_of(client.get(response.url))
    assert (session.held_on, session.format, session.minutes, session.place) == (
        in_days(9),
        "video",
        45,
        "Biblioteket",
    )
    assert (list(session.units.all()), list(session.supervisors.all())) == ([units[1]], [other])
    stored = session.changes.get()
    assert (stored.reason, stored.before["held_on"], stored.changed_by) == ("To er syke.", iso(3), supervisor)
    assert client.post(at("move_session", session), sent | YES).url == session.get_absolute_url()
    session.refresh_from_db()
    assert session.calendar_version == 1


@pytest.mark.parametrize(("fields", "status"), [({"held_on": 9}, 422), ({"starts_at": "12:00"}, 422), ({}, 302)])
def test_a_move_says_why_and_a_new_place_need_not(client, supervisor, group, fields, status):
    session = planned(group, supervisor, day=3, starts_at=time(9, 30), format="video")
    client.force_login(supervisor)
    sent = change(session, supervisor, held_on=iso(3), reason="", place="Biblioteket")
    fields = {name: as_sent(value) for name, value in fields.items()}
    response = client.post(at("move_session", session), sent | fields | YES)
    assert response.status_code == status
    if status == 422:
        assert list(response.context["form"].errors) == ["reason"]
        assert response.context["form"]["place"].value() == "Biblioteket"


@pytest.mark.parametrize("name", ["move_session", "cancel_session"])
def test_a_reason_that_may_name_a_child_is_asked_about(client, supervisor, group, name):
    session = planned(group, supervisor, day=3)
    client.force_login(supervisor)
    sent = change(session, supervisor, reason="Moren til Liam er syk") | YES
    response = client.post(at(name, session), sent)
    assert list(response.context["form"].errors) == ["no_children"]
    assert client.post(at(name, session), sent | {"no_children": "Liam"}).status_code == 302


def test_two_who_change_it_at_once(client, supervisor, group):
    session = planned(group, supervisor, day=3)
    other = make_supervisor(group.participation, make_user("o@example.no", "Odd Odd")).supervisor
    both = [supervisor.supervisor.pk, other.pk]
    sent = change(session, supervisor, place="Biblioteket", supervisors=both)
    SessionChange.objects.replan(session, facts={"place": "Rådhuset"}, by=supervisor, now=timezone.now())
    client.force_login(supervisor)
    response = client.post(at("move_session", session), sent | YES)
    assert response.status_code == 409
    assert "Sted: Rådhuset" in text_of(response)
    form = response.context["form"]
    assert form["place"].value() == "Biblioteket"
    assert form["supervisors"].value() == [str(key) for key in both]
    again = client.post(at("move_session", session), sent | YES | {"version": form["version"].value()})
    assert again.url == session.get_absolute_url()
    session.refresh_from_db()
    assert session.place == "Biblioteket"


def test_moved_to_the_past(client, supervisor, group):
    session = planned(group, supervisor, day=3)
    client.force_login(supervisor)
    sent = change(session, supervisor, held_on=iso(-1)) | YES
    assert client.post(at("move_session", session), sent).status_code == 422
    session.refresh_from_db()
    assert session.held_on == in_days(3)


def test_cancelled(client, supervisor, group, contact):
    session = planned(group, supervisor, day=3)
    mail_plan.send_due(timezone.now())
    client.force_login(supervisor)
    assert client.get(at("cancel_session", session)).status_code == 200
    assert client.post(at("cancel_session", session), YES).status_code == 422
    why = {"reason": "Vi er syke."}
    page = text_of(client.post(at("cancel_session", session), why))
    assert "Kari Kontakt" in page.split("E-poster som går med en gang")[1]
    session.refresh_from_db()
    assert session.cancelled_at is None
    for _press in range(2):
        response = client.post(at("cancel_session", session), why | YES)
        assert response.url == session.get_absolute_url()
    page = text_of(client.get(response.url))
    assert page.count("Møtet er avlyst. 1 veileder og 1 kontaktperson får e-post om få minutter.") == 1
    assert "Grunn: Vi er syke." in page
    session.refresh_from_db()
    assert (session.cancelled_by, session.calendar_version) == (supervisor, 1)


def test_a_mail_that_waits_for_the_next_run_has_no_moment_that_is_past(client, supervisor, group, contact):
    """It said the minute of the page, as if it went then."""
    session = planned(group, supervisor, day=3)
    client.force_login(supervisor)
    page = text_of(client.post(at("cancel_session", session), {"reason": "Vi er syke."}))
    waits = page.partition("Planlagte e-poster")[2]
    assert "Sendes om få minutter" in waits
    assert "Faller bort" in waits
    assert f"kl. {date_format(timezone.localtime(), 'H.i')}" not in waits


def test_a_cancellation_is_taken_back(client, supervisor, group, contact):
    """Annoying 11: no undo."""
    session = planned(group, supervisor, day=3)
    mail_plan.send_due(timezone.now())
    session.cancel(by=supervisor, now=timezone.now(), reason="Vi er syke.")
    mail_plan.send_due(timezone.now())
    client.force_login(supervisor)
    assert at("restore_session", session) in client.get(session.get_absolute_url()).content.decode()
    page = text_of(client.get(at("restore_session", session)))
    assert "Kari Kontakt" in page.split("E-poster som går med en gang")[1]
    response = client.post(at("restore_session", session), YES)
    session.refresh_from_db()
    assert (session.cancelled_at, session.cancelled_by, session.calendar_version) == (None, None, 2)
    page = text_of(client.get(response.url))
    assert "Avlysningen er tatt tilbake. 1 veileder og 1 kontaktperson får e-post om få minutter." in page
    client.post(at("restore_session", session), YES)
    assert "Møtet er ikke avlyst." in text_of(client.get(response.url))


def test_what_a_withdrawal_cancelled_is_not_taken_back_here(client, supervisor, staff, group):
    session = planned(group, supervisor, day=3)
    withdraw(group.participation, by=staff, now=timezone.now())
    session.cancel(by=staff, now=timezone.now(), withdrawal=group.participation.withdrawal)
    client.force_login(supervisor)
    assert client.post(at("restore_session", session), YES).status_code == 404
    session.refresh_from_db()
    assert session.cancelled_at


@pytest.mark.parametrize("name", ["move_session", "cancel_session"])
def test_a_logged_session_stays(client, supervisor, group, name):
    session = held(group, supervisor)
    client.force_login(supervisor)
    for response in (client.get(at(name, session)), client.post(at(name, session), facts(supervisor) | YES)):
        assert response.url == session.get_absolute_url()
    assert "kan ikke endres eller avlyses" in client.get(session.get_absolute_url()).content.decode()
    session.refresh_from_db()
    assert (session.cancelled_at, session.held_on) == (None, in_days(-7))


def test_withdrawn_plans_and_moves_nothing(client, supervisor, staff, group, plan):
    session = planned(group, supervisor, day=3)
    withdraw(group.participation, by=staff, now=timezone.now())
    client.force_login(supervisor)
    assert client.get(plan).status_code == client.post(plan, facts(supervisor) | YES).status_code == 404
    assert client.post(at("move_session", session), facts(supervisor) | YES).status_code == 404
    assert client.post(at("cancel_session", session), {"reason": "Trukket"} | YES).status_code == 302
    assert GuidanceSession.objects.get().cancelled_at


@pytest.mark.parametrize("person", ["other_supervisor", "former_supervisor", "leader", "contact", "stranger"])
def test_others_plan_change_and_cancel_nothing(request, client, supervisor, group, plan, person):
    session = planned(group, supervisor, day=3)
    client.force_login(request.getfixturevalue(person))
    names = ("move_session", "cancel_session", "restore_session")
    for url in (plan, *(at(name, session) for name in names)):
        assert client.get(url).status_code == client.post(url, facts(supervisor) | YES).status_code == 404
    session.refresh_from_db()
    assert (GuidanceSession.objects.count(), session.cancelled_at, session.held_on) == (1, None, in_days(3))


def test_not_signed_in(client, supervisor, plan):
    assert client.post(plan, facts(supervisor)).url.startswith(reverse("account_login"))
