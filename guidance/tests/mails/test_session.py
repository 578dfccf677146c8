"""A session to come: who is told, when, and what becomes of it when it is changed, cancelled or handed over."""

import uuid
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from conftest import make_contact, make_supervisor, make_user, withdraw
from guidance.groups import replacing
from guidance.models import GroupMember, GuidanceSession, GuidanceSettings, SessionChange
from guidance.tests.conftest import FACTS
from guidance.tests.mails.conftest import ASKED, OSLO, at, calendar_of, entry, mails, move, newest, session, when
from outbox.models import Message
from participants.models import Contact, Municipality

DAY = date(2026, 11, 26)  # a Thursday
NAMES = ["hanne.styrer", "kari.kontakt", "vera.veileder"]
TOLD = [("session", name) for name in NAMES]
REMINDED = [("session_reminder", name) for name in NAMES]


@pytest.fixture
def planned(participation, supervisor, units, contact, head):
    return session(participation, supervisor, units[:1], on=DAY)


def test_supervisors_municipality_and_heads_are_told_at_once_and_reminded_three_days_before(planned):
    """S1: nobody was told until three days before."""
    assert when("session", start=at(9, 30)) == [
        *((name, "10-01 11:00+0200") for name in NAMES),
        *((name, "11-23 08:00+0100") for name in NAMES),
    ]
    [mail, *_rest] = mails("session", start=at(9, 30))
    assert mail.until == at(11, 26, 9)
    assert mail.scope == {"cohort:9", f"participation:{planned.group.participation_id}"}
    assert mail.why == "veiledningsmøte i Indre Fosen torsdag 26. november 2026"


@pytest.mark.parametrize(
    ("day", "reminded"),
    [
        ("2026-12-01", "11-27"),
        ("2026-12-08", "12-04"),
        ("2026-12-15", "12-11"),
        ("2026-12-29", "12-23"),
        ("2027-01-05", "12-30"),
    ],
)
def test_reminders_land_on_working_days(participation, supervisor, day, reminded):
    """S1: they stood on Saturdays, and one would stand on the second day of Christmas."""
    session(participation, supervisor, [], on=date.fromisoformat(day))
    assert when("session_reminder") == [("vera.veileder", f"{reminded} 08:00+0100")]


def test_the_cohort_chooses_how_long_before(planned, cohort):
    GuidanceSettings.objects.create(cohort=cohort, remind_days_before=10)
    assert {moment for _to, moment in when("session_reminder")} == {"11-16 08:00+0100"}


def test_each_is_told_once_and_reminded_once(planned, send):
    assert send(ASKED) == TOLD
    assert send(ASKED) == send(at(11, 23, 7, 59)) == []
    assert send(at(11, 23)) == REMINDED
    assert send(at(11, 23)) == send(at(11, 25)) == send(at(11, 26, 9)) == []


def test_the_plan_shows_what_has_gone_as_it_was_planned(planned, send):
    before = when("session", start=at(9, 30))
    send(ASKED)
    assert when("session", start=at(9, 30)) == before


def test_ppt_is_told_when_it_takes_part(planned, participation, staff, send):
    make_contact(participation, make_user("ppt@example.no", "Ppt"), Contact.Function.PPT, by=staff)
    for ppt, told in (("", TOLD), ("no", []), ("yes", [("session", "ppt")])):
        participation.ppt = ppt
        participation.save()
        assert send(ASKED) == told


def test_a_missed_run_catches_up_until_it_begins_and_reminds_nobody_of_what_they_just_heard(planned, send):
    assert send(at(11, 26, 8, 59)) == TOLD
    assert send(at(11, 26, 8, 59)) == []


def test_what_has_begun_is_not_announced(planned, send):
    assert [mail for mail in send(at(11, 26, 9)) if mail[0].startswith("session")] == []


def test_planned_for_an_hour_that_has_passed_nobody_is_told(participation, supervisor, contact, send, clock):
    """S1: the page said "får beskjed", and no mail went."""
    clock.move_to(at(11, 26, 14))
    session(participation, supervisor, [], on=DAY)
    assert send(at(11, 26, 14)) == []


def test_a_session_without_an_hour_is_to_come_all_its_day(participation, supervisor, units):
    session(participation, supervisor, [], on=DAY, starts_at=None)
    assert mails("session", start=at(9, 30))[0].until == at(11, 27, 0)


def test_the_heads_of_other_units_are_not_told(participation, supervisor, units, head):
    session(participation, supervisor, units[1:], on=DAY)
    assert {to for to, _moment in when("session", start=at(9, 30))} == {"vera.veileder"}


@pytest.mark.parametrize(("hour", "reminded"), [(7, True), (9, False)])
def test_nobody_is_reminded_within_a_day_of_being_told(participation, supervisor, send, clock, hour, reminded):
    told_at = at(11, 22, hour)  # a Sunday: what happens at once may go at any hour
    clock.move_to(told_at)
    session(participation, supervisor, [], on=DAY)
    assert send(told_at) == [("session", "vera.veileder")]
    assert bool(send(at(11, 23, 8))) == reminded


def test_what_it_says(planned, supervisor, send):
    supervisor.supervisor.phone = "00 00 12 34"
    supervisor.supervisor.save()
    facts = {"place": "Rådhuset, møterom 2", "minutes": 150}
    GuidanceSession.objects.filter(pk=planned.pk).update(**facts)
    send(ASKED)
    mail = newest("kari")
    assert mail.subject == "Veiledningsmøte: Indre Fosen, torsdag 26. november 2026"
    for line in (
        "Dere er innkalt til veiledningsmøte i Indre Fosen:",
        "- Tid: torsdag 26. november 2026 kl. 09.00–11.30",
        "- Varighet: 2 timer og 30 minutter",
        "- Møteform: Besøk",
        "- Sted: Rådhuset, møterom 2",
        "- Enheter: Fembøringen barnehage",
        "- Veiledere: Vera Veileder",
        "- Vera Veileder, vera.veileder@example.no, tlf. +47 00 00 12 34 (leder gruppa)",
        f"/veiledning/moter/{planned.pk}/\n",
    ):
        assert line in mail.body, mail.body
    assert "Grunn:" not in mail.body


def test_it_leads_to_what_was_agreed_the_last_time(planned, supervisor, units, send):
    """Annoying 8: nobody was told that there is something agreed to read. What it is stays on the page."""
    held = session(planned.group.participation, supervisor, units[:1], on=date(2026, 9, 10))
    people = {"units": units[:1], "supervisors": [supervisor.supervisor], "by": supervisor, "now": timezone.now()}
    held.submit(token=uuid.uuid4(), facts=FACTS | {"agreed": "HEMMELIG"}, **people)
    send(ASKED)
    assert "Les hva dere ble enige om sist, på siden til møtet:\nhttp" in newest("kari").body
    assert newest("kari").body.split("\n\nVennlig hilsen\n")[0].endswith(f"/veiledning/moter/{planned.pk}/#sist")
    assert "HEMMELIG" not in newest("kari").body


@pytest.mark.parametrize(("number", "name"), [("1818", "Herøy (Nordland)"), ("5054", "Indre Fosen")])
def test_two_municipalities_of_one_name_are_told_apart(planned, send, number, name):
    """Annoying 6: the two Herøy."""
    planned.group.participation.municipality = Municipality.objects.get(number=number)
    planned.group.participation.save()
    send(ASKED)
    assert newest("kari").subject == f"Veiledningsmøte: {name}, torsdag 26. november 2026"
    event, _method = calendar_of(newest("kari"))
    assert event["summary"] == f"Veiledningsmøte i Læringsmiljøprosjektet, {name}"


def test_the_calendar_entry(planned, send):
    """S12: always sixty minutes, no place, nobody to ask."""
    facts = {"minutes": 150, "place": "Rådhuset; møterom 2, 2. etasje"}
    GuidanceSession.objects.filter(pk=planned.pk).update(**facts)
    send(ASKED)
    event, method = calendar_of(newest("kari"))
    assert (method, int(event["sequence"])) == ("REQUEST", 0)
    assert event["uid"].startswith(f"veiledning-{planned.pk}@")
    assert event["dtstart"].dt == datetime(2026, 11, 26, 9, tzinfo=OSLO)
    assert event["dtend"].dt == datetime(2026, 11, 26, 11, 30, tzinfo=OSLO)
    assert event["attendee"] == "mailto:kari.kontakt@example.no"
    assert event["location"] == "Rådhuset; møterom 2, 2. etasje"
    assert event["contact"] == "Vera Veileder, vera.veileder@example.no (leder gruppa)"
    assert event["organizer"].params["CN"] == "Veiledergruppa i Indre Fosen"
    assert "Enheter: Fembøringen barnehage" in event["description"]
    [file] = newest("kari").attachments.all()
    assert b"BEGIN:VTIMEZONE" in bytes(file.content)


@pytest.mark.parametrize(("format", "minutes"), [("visit", 120), ("video", 60), ("phone", 30)])
def test_a_session_whose_length_nobody_chose_has_the_usual_one(participation, supervisor, send, format, minutes):
    made = session(participation, supervisor, [], on=DAY)
    GuidanceSession.objects.filter(pk=made.pk).update(format=format)
    send(ASKED)
    event, _method = calendar_of(newest("vera"))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=minutes)


def test_a_video_session_has_its_link_where_calendars_look_for_it(participation, supervisor, send):
    made = session(participation, supervisor, [], on=DAY)
    GuidanceSession.objects.filter(pk=made.pk).update(format="video", video_link="https://example.no/mote/1")
    send(ASKED)
    event, _method = calendar_of(newest("vera"))
    assert event["location"] == "https://example.no/mote/1"
    assert "- Lenke til videomøtet: https://example.no/mote/1" in newest("vera").body


def test_the_calendar_entry_of_a_whole_day(participation, supervisor, contact, send):
    session(participation, supervisor, [], on=DAY, starts_at=None)
    send(ASKED)
    event, _method = calendar_of(newest("kari"))
    assert (event["dtstart"].dt, event["dtend"].dt) == (DAY, DAY + timedelta(days=1))


def test_moved_before_anybody_is_told_it_is_told_once_for_its_new_day(planned, supervisor, send):
    move(planned, supervisor, on=date(2026, 12, 10))
    assert send(ASKED) == TOLD
    assert newest("kari").subject.startswith("Veiledningsmøte: ")
    assert "før:" not in newest("kari").body
    assert send(at(12, 7)) == REMINDED


def test_moved_they_are_told_at_once_from_when_to_when_and_why(planned, supervisor, send, clock):
    """Annoying 11: the mail about a move did not tell the old time, nor why."""
    send(ASKED)
    clock.move_to(at(11, 21, 22))  # a Saturday evening
    move(planned, supervisor, on=date(2026, 12, 10), reason="To av oss er syke")
    assert send(at(11, 21, 22, 5)) == TOLD
    mail = newest("kari")
    assert mail.subject == "Ny dato for veiledningsmøtet: Indre Fosen, torsdag 10. desember 2026"
    was, now = "torsdag 26. november 2026 kl. 09.00–11.00", "torsdag 10. desember 2026 kl. 09.00–11.00"
    assert f"- Tid: {now} (før: {was})" in mail.body
    assert "Grunn: To av oss er syke." in mail.body
    event, method = calendar_of(mail)
    assert (method, int(event["sequence"]), event["dtstart"].dt.day) == ("REQUEST", 1, 10)
    assert send(at(12, 7)) == REMINDED
    assert send(at(12, 9)) == []


@pytest.mark.parametrize(
    ("what", "begins", "line"),
    [
        ({"starts_at": time(13)}, "Nytt klokkeslett for", "kl. 13.00–15.00 (før: torsdag 26. november 2026 kl. 09"),
        ({"format": "video"}, "Ny møteform for", "- Møteform: Video (før: Besøk)"),
        ({"place": "Biblioteket"}, "Nytt sted for", "- Sted: Biblioteket (før: Ikke oppgitt ennå)"),
        ({"minutes": 45}, "Ny varighet for", "- Varighet: 45 minutter (før: 2 timer)"),
        ({"video_link": "https://example.no/m"}, "Ny lenke til", "- Lenke til videomøtet: https://example.no/m (før:"),
    ],
)
def test_it_says_what_is_new(planned, supervisor, send, what, begins, line):
    send(ASKED)
    move(planned, supervisor, **what)
    assert send(at(11, 24))[: len(TOLD)] == TOLD
    assert newest("kari").subject.startswith(f"{begins} veiledningsmøtet: ")
    assert line in newest("kari").body


def test_who_comes_in_is_invited_who_goes_out_is_told_and_the_others_hear_of_both(
    planned, participation, supervisor, units, staff, send
):
    principal = make_user("rita.rektor@example.no", "Rita Rektor")
    make_contact(participation, principal, Contact.Function.HEAD, unit=units[2], by=staff)
    other = make_user("odd.veileder@example.no", "Odd Veileder")
    person = make_supervisor(participation, other).supervisor
    send(ASKED)
    people = {"units": [units[2]], "supervisors": [supervisor.supervisor, person]}
    SessionChange.objects.replan(planned, facts={}, **people, by=supervisor, now=timezone.now())
    assert send(at(10, 2)) == [
        ("released", "hanne.styrer"),
        ("session", "kari.kontakt"),
        ("session", "odd.veileder"),
        ("session", "rita.rektor"),
        ("session", "vera.veileder"),
    ]
    assert "- Enheter: Statsbygd skole (før: Fembøringen barnehage)" in newest("kari").body
    assert newest("rita").subject.startswith("Veiledningsmøte: ")
    assert [entry(who)[0] for who in ("hanne", "kari", "odd", "rita")] == ["CANCEL", "REQUEST", "REQUEST", "REQUEST"]
    assert send(at(10, 3)) == []


def test_moved_twice_between_runs_it_is_told_once(planned, supervisor, send):
    send(ASKED)
    move(planned, supervisor, on=date(2026, 12, 1), reason="Den første grunnen.")
    move(planned, supervisor, on=date(2026, 12, 2), reason="Den andre grunnen.")
    assert send(at(10, 2)) == TOLD
    assert int(calendar_of(newest("kari"))[0]["sequence"]) == 2
    assert "(før: torsdag 26. november 2026" in newest("kari").body
    assert "Grunn: Den første grunnen. Den andre grunnen." in newest("kari").body


def test_moved_there_and_back_between_runs_nobody_is_told_of_nothing(planned, supervisor, send):
    send(ASKED)
    move(planned, supervisor, on=date(2026, 12, 1))
    move(planned, supervisor, on=DAY)
    assert send(at(10, 2)) == []
    assert send(at(11, 23)) == REMINDED


def test_who_came_since_is_told_of_it_as_it_is(planned, participation, supervisor, send, staff):
    send(ASKED)
    make_contact(participation, make_user("ny@example.no", "Ny"), Contact.Function.SCHOOL_LEAD, by=staff)
    assert send(at(10, 2)) == [("session", "ny")]
    assert newest("ny").subject.startswith("Veiledningsmøte: ")


def test_cancelled_after_they_were_told(planned, supervisor, send):
    """S1: heads had read of the session, and nobody was told that it was cancelled."""
    send(ASKED)
    planned.cancel(by=supervisor, now=timezone.now(), reason="Vi er syke")
    assert send(at(10, 2)) == [("called_off", name) for name in NAMES]
    assert newest("kari").subject == "Avlyst: veiledningsmøte i Indre Fosen torsdag 26. november 2026"
    assert "Grunn: Vi er syke." in newest("kari").body
    event, method = calendar_of(newest("kari"))
    assert (method, event["status"], int(event["sequence"])) == ("CANCEL", "CANCELLED", 1)
    assert event["uid"].startswith(f"veiledning-{planned.pk}@")
    assert send(at(11, 24)) == send(at(11, 30)) == []


def test_a_cancellation_that_was_a_mistake_is_taken_back(planned, supervisor, send):
    """Annoying 11: no undo. It may be cancelled for good later."""
    send(ASKED)
    planned.cancel(by=supervisor, now=timezone.now(), reason="Feil kommune")
    send(at(10, 2))
    SessionChange.objects.restore(planned, by=supervisor, now=timezone.now())
    assert send(at(10, 3)) == TOLD
    assert newest("kari").subject.startswith("Avlysningen gjelder ikke: Indre Fosen")
    assert "ble avlyst ved en feil. Det holdes likevel:" in newest("kari").body
    assert entry("kari") == ("REQUEST", 2)
    assert send(at(10, 4)) == []
    planned.cancel(by=supervisor, now=timezone.now(), reason="Nå er vi syke")
    assert send(at(10, 5)) == [("called_off", name) for name in NAMES]
    assert entry("kari") == ("CANCEL", 3)


def test_a_cancellation_taken_back_before_anybody_was_told_is_told_nobody(planned, supervisor, send):
    send(ASKED)
    planned.cancel(by=supervisor, now=timezone.now())
    SessionChange.objects.restore(planned, by=supervisor, now=timezone.now())
    assert send(at(10, 2)) == []


def test_cancelled_before_anybody_was_told_is_told_nobody(planned, supervisor, send):
    planned.cancel(by=supervisor, now=timezone.now())
    assert send(ASKED) == send(at(11, 26)) == []


def test_cancelled_is_told_to_who_left_meanwhile_and_has_it_in_the_calendar(planned, head, supervisor, staff, send):
    send(ASKED)
    Contact.objects.get(user=head).end(by=staff, now=timezone.now())
    planned.cancel(by=supervisor, now=timezone.now())
    assert send(at(10, 2)) == [("called_off", name) for name in NAMES]


def test_a_logged_session_sends_nothing(planned, supervisor, units, send):
    planned.submit(
        token=uuid.uuid4(),
        facts=FACTS,
        units=units[:1],
        supervisors=[supervisor.supervisor],
        by=supervisor,
        now=timezone.now(),
    )
    assert send(ASKED) == send(at(11, 23)) == send(at(12, 10)) == []


def test_who_takes_over_is_told_and_who_left_nothing_more(planned, participation, supervisor, send, staff):
    send(ASKED)
    new = make_user("nye.veileder@example.no", "Nye Veileder")
    person = make_supervisor(participation, new).supervisor
    member = GroupMember.objects.get(supervisor=supervisor.supervisor)
    replacing.replace(member, successor=person, note="", by=staff, now=timezone.now())
    went = send(at(10, 2))
    assert ("session", "nye.veileder") in went
    assert ("released", "vera.veileder") in went  # out of the calendar, once
    assert send(at(10, 3)) == []
    move(planned, supervisor, on=date(2026, 12, 1))
    assert [to for kind, to in send(at(10, 4)) if kind == "session"] == [
        "hanne.styrer",
        "kari.kontakt",
        "nye.veileder",
    ]
    planned.refresh_from_db()
    planned.cancel(by=new, now=timezone.now())
    assert [to for _kind, to in send(at(10, 5))] == ["hanne.styrer", "kari.kontakt", "nye.veileder"]


def test_a_head_who_is_replaced_and_comes_back_has_it_out_and_in_again(
    planned, head, units, participation, staff, send
):
    send(ASKED)
    assert entry("hanne") == ("REQUEST", 0)
    Contact.objects.get(user=head).end(by=staff, now=timezone.now())
    assert send(at(10, 2)) == [("released", "hanne.styrer")]
    assert entry("hanne") == ("CANCEL", 1)
    assert "Du er ikke lenger blant dem" in newest("hanne").body
    make_contact(participation, head, Contact.Function.HEAD, unit=units[0], by=staff)
    assert send(at(10, 3)) == [("session", "hanne.styrer")]
    assert entry("hanne") == ("REQUEST", 2)
    planned.refresh_from_db()
    planned.cancel(by=staff, now=timezone.now())
    assert ("called_off", "hanne.styrer") in send(at(10, 4))
    assert entry("hanne") == ("CANCEL", 3)
    assert send(at(11, 24)) == []


def test_when_none_of_its_supervisors_are_left_the_leader_is_told(planned, participation, supervisor):
    GroupMember.objects.filter(supervisor=supervisor.supervisor).update(ended_on=date(2026, 10, 1))
    make_supervisor(participation, make_user("leder@example.no", "Leder"), leads=True)
    make_supervisor(participation, make_user("andre@example.no", "Andre"))
    told = {to for to, _moment in when("session", start=at(9, 30))}
    assert told == {"hanne.styrer", "kari.kontakt", "leder"}


def test_a_municipality_that_has_withdrawn_hears_only_what_is_called_off(planned, participation, staff, send):
    """It stands in the calendars of those who were told."""
    told = [to for _kind, to in send(ASKED)]
    withdraw(participation, by=staff, now=timezone.now())
    assert send(at(11, 24)) == []
    planned.cancel(by=staff, now=timezone.now(), withdrawal=participation.withdrawal)
    assert send(at(11, 25)) == [("called_off", to) for to in told]
    assert "Grunn: Kommunen har trukket seg fra prosjektet." in newest("kari").body
    assert send(at(11, 26)) == []


def test_a_municipality_that_withdrew_before_it_was_told_hears_nothing(planned, participation, staff, send):
    withdraw(participation, by=staff, now=timezone.now())
    planned.cancel(by=staff, now=timezone.now())
    assert send(ASKED) == send(at(11, 24)) == []


def test_nothing_to_who_cannot_sign_in(planned, contact, send):
    contact.is_active = False
    contact.save()
    assert ("session", "kari.kontakt") not in send(ASKED)


def test_nothing_in_a_cohort_that_is_over(planned, cohort, send):
    cohort.first_year = 2023
    cohort.save()
    assert send(ASKED) == send(at(11, 23)) == []


def test_a_person_with_several_functions_is_told_once(planned, participation, contact, units, staff, send):
    make_contact(participation, contact, Contact.Function.AUTHORITY, by=staff)
    make_contact(participation, contact, Contact.Function.HEAD, unit=units[0], by=staff)
    assert send(ASKED) == TOLD


def test_what_was_written_never_stands_in_a_mail(planned, supervisor, send):
    planned.worked_on, planned.agreed = "HEMMELIG NOTAT", "HEMMELIG AVTALE"
    planned.save()
    send(ASKED)
    send(at(11, 23))
    assert Message.objects.count() == 6
    for message in Message.objects.all():
        whole = message.body + message.html + b"".join(bytes(f.content) for f in message.attachments.all()).decode()
        assert "HEMMELIG" not in whole
