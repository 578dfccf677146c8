"""A log that is missing, and measures that are due: one mail a person and morning, naming all."""

import uuid
from datetime import date

import pytest
from django.utils import timezone

from conftest import make_contact, make_supervisor, make_user, withdraw
from guidance.groups import replacing
from guidance.models import GroupMember, GuidanceSettings, Measure
from guidance.tests.conftest import FACTS, a_measure
from guidance.tests.mails.conftest import at, mails, move, newest, session, when
from outbox.models import Message
from participants.models import Contact, Unit

TUESDAY = date(2026, 10, 13)
LOG, MEASURES = "log_missing", "measures"


@pytest.fixture
def held(participation, supervisor, units, contact, head):
    """Held on a Tuesday, and not logged."""
    return session(participation, supervisor, units[:1], on=TUESDAY)


def submit(held, by) -> None:
    held.submit(token=uuid.uuid4(), facts=FACTS, units=[], supervisors=[], by=by, now=timezone.now())


def test_its_supervisors_are_reminded_three_days_after_and_weekly(held, participation):
    make_supervisor(participation, make_user("andre@example.no", "Andre"))
    assert when(LOG) == [("vera.veileder", f"{day} 08:00+0{offset}00") for day, offset in TURNS]


TURNS = [("10-16", 2), ("10-23", 2), ("10-30", 1)]


def test_each_turn_lasts_until_the_next(held, send):
    assert [mail.until for mail in mails(LOG)] == [at(10, 23), at(10, 30), at(11, 6)]
    send(at(10, 14))
    assert send(at(10, 24)) == [(LOG, "vera.veileder")]
    assert send(at(10, 24)) == []
    assert send(at(11, 6)) == []


def test_weekends_wait(participation, supervisor, cohort):
    session(participation, supervisor, [], on=date(2026, 10, 14))
    assert when(LOG)[0][1] == "10-19 08:00+0200"


def test_the_cohort_chooses_how_long_after(held, cohort):
    GuidanceSettings.objects.create(cohort=cohort, log_missing_after_days=1)
    assert when(LOG)[0] == ("vera.veileder", "10-14 08:00+0200")


def test_a_log_that_comes_silences_it(held, supervisor, send):
    send(at(10, 15))
    submit(held, supervisor)
    assert send(at(10, 16)) == send(at(10, 23)) == []


def test_a_cancelled_session_wants_no_log(held, supervisor, send):
    held.cancel(by=supervisor, now=timezone.now())
    assert send(at(10, 16)) == []


def test_a_session_that_moves_is_reminded_of_after_its_new_day(held, supervisor, send):
    move(held, supervisor, on=date(2026, 10, 20))
    assert when(LOG)[0] == ("vera.veileder", "10-23 08:00+0200")


def test_one_mail_names_all_that_are_missing(held, participation, other_participation, supervisor, send):
    make_supervisor(other_participation, supervisor)
    session(other_participation, supervisor, [], on=TUESDAY)
    send(at(10, 15))
    assert send(at(10, 16)) == [(LOG, "vera.veileder")]
    body = newest("vera").body
    assert "- Indre Fosen: tirsdag 13. oktober 2026" in body
    assert "- Bergen: tirsdag 13. oktober 2026" in body
    assert "/veiledning/\n" in body


def test_one_alone_links_to_its_log(held, send):
    send(at(10, 16))
    assert f"/veiledning/logg/mote/{held.pk}/" in newest("vera").body


def test_what_joins_the_same_morning_is_told_and_what_was_told_is_not_told_again(
    held, participation, supervisor, send, clock
):
    later = session(participation, supervisor, [], on=date(2026, 10, 22))
    send(at(10, 15))
    assert send(at(10, 16)) == [(LOG, "vera.veileder")]
    later.refresh_from_db()
    later.held_on = TUESDAY
    later.save()
    assert [mail for mail in send(at(10, 16, 9)) if mail[0] == LOG] == [(LOG, "vera.veileder")]
    assert send(at(10, 16, 10)) == []


def test_when_its_supervisors_have_left_the_leader_is_reminded(held, participation, supervisor):
    GroupMember.objects.filter(supervisor=supervisor.supervisor).update(ended_on=date(2026, 10, 1))
    make_supervisor(participation, make_user("leder@example.no", "Leder"), leads=True)
    assert {to for to, _moment in when(LOG)} == {"leder"}


def test_who_came_since_is_not_reminded_of_yesterdays_mornings(held, participation, supervisor, staff, send, clock):
    send(at(10, 16))
    clock.move_to(at(10, 17))
    new = make_supervisor(participation, make_user("nye@example.no", "Nye")).supervisor
    member = GroupMember.objects.get(supervisor=supervisor.supervisor)
    replacing.replace(member, successor=new, note="", by=staff, now=timezone.now())
    assert [mail for mail in send(at(10, 17, 9)) if mail[0] == LOG] == []
    assert send(at(10, 23)) == [(LOG, "nye")]


@pytest.fixture
def measure(units, head) -> Measure:
    """Ends on a Friday."""
    return a_measure(units[0], head, starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 16))


def test_the_head_is_reminded_before_and_after(measure, contact):
    monthly = ["10-09 08:00+0200", "10-19 08:00+0200", "11-16 08:00+0100", "12-16 08:00+0100"]
    assert when(MEASURES) == [("hanne.styrer", moment) for moment in monthly]
    assert len(mails(MEASURES, end=at(12, 31).replace(year=2027))) == 5


def test_each_is_reminded_once_and_a_missed_run_catches_up(measure, send):
    assert send(at(10, 12)) == [(MEASURES, "hanne.styrer")]
    assert send(at(10, 16, 23)) == []
    assert send(at(10, 28)) == [(MEASURES, "hanne.styrer")]
    assert send(at(10, 28)) == []


def test_what_is_due_soon_ends_with_its_day(measure, send):
    assert send(at(10, 18)) == []


def test_what_the_mail_says(measure, units, send):
    send(at(10, 9))
    body = newest("hanne").body
    assert "- Fembøringen barnehage: Felles rutine for uteområdet, frist til og med fredag 16. oktober 2026" in body
    assert f"/enhet/{units[0].pk}/tiltak/" in body


def test_without_a_head_the_municipality_is_reminded(units, contact, supervisor):
    a_measure(units[1], contact, starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 16))
    assert {to for to, _moment in when(MEASURES)} == {"kari.kontakt"}


@pytest.mark.parametrize("state", ["finished", "stopped"])
def test_what_is_over_is_not_reminded_of(measure, head, state):
    measure.report(state=state, progress="", by=head, now=timezone.now())
    assert mails(MEASURES) == []


def test_a_new_end_moves_the_reminders(measure, send):
    send(at(10, 9))
    Measure.objects.filter(pk=measure.pk).update(ends_on=date(2026, 11, 13))
    assert send(at(10, 19)) == []
    assert send(at(11, 6)) == [(MEASURES, "hanne.styrer")]


def test_one_mail_names_all_of_a_heads_units(measure, participation, units, head, staff, send):
    make_contact(participation, head, Contact.Function.HEAD, unit=units[2], by=staff)
    a_measure(units[2], head, what="Vennskapsuke", starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 16))
    assert send(at(10, 9)) == [(MEASURES, "hanne.styrer")]
    assert "- Statsbygd skole: Vennskapsuke" in newest("hanne").body


def test_so_many_that_no_key_could_name_them_all_are_all_named(units, head, send):
    for number in range(60):
        a_measure(units[0], head, what=f"Tiltak {number}.", starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 16))
    assert send(at(10, 9)) == [(MEASURES, "hanne.styrer")] * 3
    bodies = "".join(Message.objects.values_list("body", flat=True))
    assert all(bodies.count(f"Tiltak {number}.,") == 1 for number in range(60))
    assert send(at(10, 9, 9)) == []


def test_nothing_of_closed_units_or_of_who_has_withdrawn(measure, held, participation, units, staff):
    Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 10, 2))
    assert mails(MEASURES) == []
    withdraw(participation, by=staff, now=timezone.now())
    assert mails() == []


def test_a_measure_is_reminded_of_until_its_unit_closes(measure, units):
    going = when(MEASURES)
    Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2027, 8, 1))
    assert when(MEASURES) == going != [], "it is active until then"
    second = date(2026, int(going[1][1][:2]), int(going[1][1][3:5]))
    Unit.objects.filter(pk=units[0].pk).update(closed_on=second)
    assert when(MEASURES) == going[:1]


def test_a_session_is_no_news_to_the_head_of_a_unit_that_is_closed_by_then(held, units, head):
    Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2027, 8, 1))
    assert ("hanne.styrer", "10-09 08:00+0200") in when("session")
    Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 10, 9))
    assert {to for to, _moment in when("session")} == {"vera.veileder", "kari.kontakt"}


def test_the_measures_in_nynorsk(measure, head, send):
    head.language = "nn"
    head.save()
    send(at(10, 9))
    assert "Desse tiltaka skal snart vere ferdige" in newest("hanne").body
