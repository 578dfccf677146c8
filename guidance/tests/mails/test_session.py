"""A session to come: who is told, when, and what becomes of it when it is moved, cancelled or handed over."""

import uuid
from datetime import date, datetime, time, timedelta

import icalendar
import pytest
from django.utils import timezone

from conftest import make_contact, make_supervisor, make_user, withdraw
from guidance.groups import replacing
from guidance.models import GroupMember, GuidanceSettings
from guidance.tests.conftest import FACTS
from guidance.tests.mails.conftest import OSLO, at, mails, move, newest, session, when
from outbox.models import Message
from participants.models import Contact

DAY = date(2026, 11, 26)  # a Thursday
TOLD = [("session", "hanne.styrer"), ("session", "kari.kontakt"), ("session", "vera.veileder")]


@pytest.fixture
def planned(participation, supervisor, units, contact, head):
    return session(participation, supervisor, units[:1], on=DAY)


def calendar_of(message: Message) -> tuple[icalendar.Event, str]:
    [file] = message.attachments.all()
    whole = icalendar.Calendar.from_ical(bytes(file.content))
    [event] = whole.events
    assert file.content_type == f"text/calendar; method={whole['method']}"
    return event, str(whole["method"])


def test_supervisors_municipality_and_heads_are_told_three_days_before(planned):
    assert when("session") == [(name, "11-23 08:00+0100") for _kind, name in TOLD]
    [mail, *_rest] = mails("session")
    assert mail.until == at(11, 26, 9)
    assert mail.scope == {"cohort:9"}
    assert mail.why == "veiledningsmøte i Indre Fosen torsdag 26. november 2026"


def test_the_cohort_chooses_how_long_before(planned, cohort):
    GuidanceSettings.objects.create(cohort=cohort, remind_days_before=10)
    assert {moment for _to, moment in when("session")} == {"11-16 08:00+0100"}


def test_each_is_told_once(planned, send):
    assert send(at(11, 23, 7, 59)) == []
    assert send(at(11, 23)) == TOLD
    assert send(at(11, 23)) == send(at(11, 25)) == send(at(11, 26, 9)) == []


def test_the_plan_shows_what_has_gone_as_it_was_planned(planned, send):
    before = when("session")
    send(at(11, 23))
    assert when("session") == before


def test_a_missed_run_catches_up_until_it_begins(planned, send):
    assert send(at(11, 26, 8, 59)) == TOLD


def test_what_has_begun_is_not_announced(planned, send):
    assert [mail for mail in send(at(11, 26, 9)) if mail[0] == "session"] == []


def test_a_session_without_an_hour_is_to_come_all_its_day(participation, supervisor, units):
    session(participation, supervisor, [], on=DAY, starts_at=None)
    assert mails("session")[0].until == at(11, 27, 0)


def test_the_heads_of_other_units_are_not_told(participation, supervisor, units, head):
    session(participation, supervisor, units[1:], on=DAY)
    assert [to for to, _moment in when("session")] == ["vera.veileder"]


def test_planned_late_it_goes_at_once(participation, supervisor, units, contact, send, clock):
    clock.move_to(at(11, 25, 14))
    session(participation, supervisor, units[:1], on=DAY)
    assert when("session") == [(name, "11-25 14:00+0100") for name in ("kari.kontakt", "vera.veileder")]
    assert len(send(at(11, 25, 14, 5))) == 2


def test_what_it_says(planned, send):
    send(at(11, 23))
    mail = newest("kari")
    assert mail.subject == "Veiledningsmøte: Indre Fosen, torsdag 26. november 2026"
    for line in (
        "Tid: torsdag 26. november 2026 kl. 09.00",
        "Møteform: Besøk",
        "Enheter: Fembøringen barnehage",
        "Veiledere: Vera Veileder",
        f"/veiledning/moter/{planned.pk}/",
    ):
        assert line in mail.body


def test_the_calendar_entry(planned, send):
    send(at(11, 23))
    event, method = calendar_of(newest("kari"))
    assert (method, int(event["sequence"])) == ("REQUEST", 0)
    assert event["uid"].startswith(f"veiledning-{planned.pk}@")
    assert event["dtstart"].dt == datetime(2026, 11, 26, 9, tzinfo=OSLO)
    assert event["dtend"].dt == datetime(2026, 11, 26, 10, tzinfo=OSLO)
    assert event["attendee"] == "mailto:kari.kontakt@example.no"
    [file] = newest("kari").attachments.all()
    assert b"BEGIN:VTIMEZONE" in bytes(file.content)


def test_the_calendar_entry_of_a_whole_day_and_of_a_known_length(participation, supervisor, contact, send):
    session(participation, supervisor, [], on=DAY, starts_at=None)
    send(at(11, 23))
    event, _method = calendar_of(newest("kari"))
    assert (event["dtstart"].dt, event["dtend"].dt) == (DAY, DAY + timedelta(days=1))
    longer = session(participation, supervisor, [], on=date(2026, 12, 10))
    longer.minutes = 90
    longer.save()
    send(at(12, 7))
    event, _method = calendar_of(newest("kari"))
    assert event["dtend"].dt == datetime(2026, 12, 10, 10, 30, tzinfo=OSLO)


def test_moved_before_anybody_is_told_it_is_told_once_for_its_new_day(planned, supervisor, send):
    move(planned, supervisor, on=date(2026, 12, 10))
    assert send(at(11, 23)) == []
    assert send(at(12, 7)) == TOLD
    assert newest("kari").subject.startswith("Veiledningsmøte: ")


def test_moved_after_they_were_told_they_are_told_at_once(planned, supervisor, send, clock):
    send(at(11, 23))
    clock.move_to(at(11, 24, 10))
    move(planned, supervisor, on=date(2026, 12, 10))
    assert send(at(11, 24, 10, 5)) == TOLD
    assert newest("kari").subject == "Ny dato for veiledningsmøtet: Indre Fosen, torsdag 10. desember 2026"
    event, method = calendar_of(newest("kari"))
    assert (method, int(event["sequence"]), event["dtstart"].dt.day) == ("REQUEST", 1, 10)
    assert send(at(12, 7)) == send(at(12, 9)) == []


@pytest.mark.parametrize(
    ("what", "begins"), [({"starts_at": time(13)}, "Nytt klokkeslett"), ({"format": "video"}, "Ny møteform")]
)
def test_it_says_what_is_new(planned, supervisor, send, what, begins):
    send(at(11, 23))
    move(planned, supervisor, **what)
    send(at(11, 24))
    assert newest("kari").subject.startswith(f"{begins} for veiledningsmøtet: ")


def test_moved_twice_between_runs_it_is_told_once(planned, supervisor, send):
    send(at(11, 23))
    move(planned, supervisor, on=date(2026, 12, 1))
    move(planned, supervisor, on=date(2026, 12, 2))
    assert send(at(11, 23, 9)) == TOLD
    assert int(calendar_of(newest("kari"))[0]["sequence"]) == 2


def test_who_came_since_is_told_of_it_as_it_is(planned, participation, supervisor, send, staff):
    send(at(11, 23))
    make_contact(participation, make_user("ny@example.no", "Ny"), Contact.Function.SCHOOL_LEAD, by=staff)
    assert send(at(11, 23, 9)) == [("session", "ny")]
    assert newest("ny").subject.startswith("Veiledningsmøte: ")


def test_cancelled_after_they_were_told(planned, supervisor, send):
    send(at(11, 23))
    planned.cancel(by=supervisor, now=timezone.now())
    assert send(at(11, 23, 9)) == [("called_off", name) for _kind, name in TOLD]
    assert newest("kari").subject == "Avlyst: veiledningsmøte i Indre Fosen torsdag 26. november 2026"
    event, method = calendar_of(newest("kari"))
    assert (method, event["status"], int(event["sequence"])) == ("CANCEL", "CANCELLED", 1)
    assert event["uid"].startswith(f"veiledning-{planned.pk}@")
    assert send(at(11, 24)) == send(at(11, 30)) == []


def test_cancelled_before_anybody_was_told_is_told_nobody(planned, supervisor, send):
    planned.cancel(by=supervisor, now=timezone.now())
    assert send(at(11, 23)) == send(at(11, 26)) == []


def test_a_logged_session_sends_nothing(planned, supervisor, units, send):
    planned.submit(
        token=uuid.uuid4(),
        facts=FACTS,
        units=units[:1],
        supervisors=[supervisor.supervisor],
        by=supervisor,
        now=timezone.now(),
    )
    assert send(at(11, 23)) == send(at(12, 10)) == []


def test_who_takes_over_is_told_and_who_left_nothing_more(planned, participation, supervisor, send, staff):
    send(at(11, 23))
    new = make_user("nye.veileder@example.no", "Nye Veileder")
    person = make_supervisor(participation, new).supervisor
    member = GroupMember.objects.get(supervisor=supervisor.supervisor)
    replacing.replace(member, successor=person, note="", by=staff, now=timezone.now())
    went = send(at(11, 23, 9))
    assert ("session", "nye.veileder") in went
    assert ("released", "vera.veileder") in went  # out of the calendar, once
    assert send(at(11, 23, 10)) == []
    move(planned, supervisor, on=date(2026, 12, 1))
    assert [to for kind, to in send(at(11, 24)) if kind == "session"] == [
        "hanne.styrer",
        "kari.kontakt",
        "nye.veileder",
    ]
    planned.refresh_from_db()
    planned.cancel(by=new, now=timezone.now())
    assert [to for _kind, to in send(at(11, 25))] == ["hanne.styrer", "kari.kontakt", "nye.veileder"]


def entry(to: str) -> tuple[str, int]:
    """What the newest mail does to the calendar."""
    [file] = newest(to).attachments.all()
    calendar = icalendar.Calendar.from_ical(bytes(file.content))
    return str(calendar["method"]), int(calendar.events[0]["sequence"])


def test_a_head_who_is_replaced_and_comes_back_has_it_out_and_in_again(
    planned, head, units, participation, staff, send
):
    send(at(11, 23))
    assert entry("hanne") == ("REQUEST", 0)
    Contact.objects.get(user=head).end(by=staff, now=timezone.now())
    assert send(at(11, 23, 9)) == [("released", "hanne.styrer")]
    assert entry("hanne") == ("CANCEL", 1)
    assert "Du er ikke lenger blant dem" in newest("hanne").body
    make_contact(participation, head, Contact.Function.HEAD, unit=units[0], by=staff)
    assert send(at(11, 23, 10)) == [("session", "hanne.styrer")]
    assert entry("hanne") == ("REQUEST", 2)
    planned.refresh_from_db()
    planned.cancel(by=staff, now=timezone.now())
    assert ("called_off", "hanne.styrer") in send(at(11, 23, 11))
    assert entry("hanne") == ("CANCEL", 3)
    assert send(at(11, 24)) == []


def test_when_none_of_its_supervisors_are_left_the_leader_is_told(planned, participation, supervisor):
    GroupMember.objects.filter(supervisor=supervisor.supervisor).update(ended_on=date(2026, 10, 1))
    make_supervisor(participation, make_user("leder@example.no", "Leder"), leads=True)
    make_supervisor(participation, make_user("andre@example.no", "Andre"))
    assert [to for to, _moment in when("session")] == ["hanne.styrer", "kari.kontakt", "leder"]


def test_a_municipality_that_has_withdrawn_hears_only_what_is_called_off(planned, participation, staff, send):
    """It stands in the calendars of those who were told."""
    told = [to for _kind, to in send(at(11, 23))]
    withdraw(participation, by=staff, now=timezone.now())
    assert send(at(11, 24)) == []
    planned.cancel(by=staff, now=timezone.now())
    assert send(at(11, 25)) == [("called_off", to) for to in told]
    assert send(at(11, 26)) == []


def test_a_municipality_that_withdrew_before_it_was_told_hears_nothing(planned, participation, staff, send):
    withdraw(participation, by=staff, now=timezone.now())
    planned.cancel(by=staff, now=timezone.now())
    assert send(at(11, 24)) == []


def test_nothing_to_who_cannot_sign_in(planned, contact, send):
    contact.is_active = False
    contact.save()
    assert ("session", "kari.kontakt") not in send(at(11, 23))


def test_nothing_in_a_cohort_that_is_over(planned, cohort, send):
    cohort.first_year = 2023
    cohort.save()
    assert send(at(11, 23)) == []


def test_a_person_with_several_functions_is_told_once(planned, participation, contact, units, staff, send):
    make_contact(participation, contact, Contact.Function.AUTHORITY, by=staff)
    make_contact(participation, contact, Contact.Function.HEAD, unit=units[0], by=staff)
    assert send(at(11, 23)) == TOLD


def test_the_language_is_the_persons_own_else_the_municipalitys(planned, contact, cohort, send):
    contact.language = "nn"
    contact.save()
    send(at(11, 23))
    assert (newest("kari").language, newest("vera").language) == ("nn", "nb")
    assert "Einingar: Fembøringen barnehage" in newest("kari").body


def test_what_was_written_never_stands_in_a_mail(planned, supervisor, send):
    planned.worked_on, planned.agreed = "HEMMELIG NOTAT", "HEMMELIG AVTALE"
    planned.save()
    send(at(11, 23))
    for message in Message.objects.all():
        whole = message.body + message.html + b"".join(bytes(f.content) for f in message.attachments.all()).decode()
        assert "HEMMELIG" not in whole
