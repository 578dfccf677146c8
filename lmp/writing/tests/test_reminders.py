"""A reminder says what waits today, in the wording of those that go by themselves, whatever has gone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import withdraw
from gatherings import places
from gatherings.models import Attendance, Gathering, Registration
from gatherings.tests.conftest import entry
from guidance.tests.conftest import a_measure, planned_session
from lmp.writing import reminders, sending
from lmp.writing.choosing import ticks
from lmp.writing.choosing.filter import HandedOver, PeopleFilter
from lmp.writing.choosing.people import find
from lmp.writing.models import Recipient
from lmp.writing.tests.conftest import a_draft
from outbox import plan
from outbox.models import Message, Wording
from participants.models import Cohort
from parts.dates import day_in_words, end_of

DAY = timedelta(days=1)


@pytest.fixture
def gathering(asked) -> Gathering:
    """Open, and settled since yesterday."""
    today = timezone.localdate()
    made = Gathering.objects.create(
        cohort=asked.cohort,
        kind="kick_off",
        audience=["owner"],
        settled="fixed",
        starts_on=today + timedelta(days=40),
        opens_on=today - timedelta(days=3),
        closes_on=today + timedelta(days=20),
        travel_closes_on=today + timedelta(days=25),
    )
    Gathering.history.update(history_date=timezone.now() - timedelta(days=3))
    return made


def due(kind: str) -> list[int]:
    return sorted(reminders.due(kind, now=timezone.now()))


def register(gathering: Gathering, participation, contact, **facts) -> Registration:
    facts = {"participation": participation, "by": contact, "now": timezone.now()}
    [made] = places.register(gathering, [entry(1, gathering=gathering)], **facts)
    return made


def test_of_a_confirmation_when_the_planned_ones_have_run_out(asked, contact, staff):
    Cohort.objects.update(remind_overdue_times=0)
    assert due("confirmation") == [contact.pk]
    draft = a_draft(asked, by=staff, kind="confirmation")
    sending.order(draft.pk, seen=draft.fingerprint, by=staff, now=timezone.now())
    mail = Message.objects.get()
    assert mail.text_name == "participants.overdue"
    assert mail.subject == f"Fristen er gått ut: bekreft opplysningene for {asked.municipality}"
    assert mail.why.startswith("Minnet på av Stine Stab: Indre Fosen (Pulje 9) har ikke bekreftet")
    assert mail.reply_to == staff.email


def test_before_its_deadline_it_is_the_other_wording_in_nynorsk(in_nynorsk, staff):
    Wording.objects.create(name="participants.reminder", language="nn", subject="Hugs {frist}", body="Hugs.")
    draft = a_draft(in_nynorsk, by=staff, kind="confirmation")
    sending.order(draft.pk, seen=draft.fingerprint, by=staff, now=timezone.now())
    assert Message.objects.get().subject.startswith("Hugs ")


def test_it_is_not_sent_when_the_deadline_is_over(in_nynorsk, staff):
    draft = a_draft(in_nynorsk, by=staff, kind="confirmation")
    sending.order(draft.pk, seen=draft.fingerprint, by=staff, now=timezone.now())
    assert Message.objects.get().expires_at == end_of(in_nynorsk.open_confirmation.due_on)


def test_what_is_planned_goes_as_it_would_have_gone(asked, staff):
    start, end = timezone.now() - timedelta(days=30), timezone.now() + timedelta(days=60)
    before = [(mail.key, mail.send_at) for mail in plan.everything(start, end)]
    draft = a_draft(asked, by=staff, kind="confirmation")
    sending.order(draft.pk, seen=draft.fingerprint, by=staff, now=timezone.now())
    assert before
    assert [(mail.key, mail.send_at) for mail in plan.everything(start, end)] == before


def test_who_has_confirmed_since_is_told_of_and_gets_nothing(asked, contact, staff):
    draft = a_draft(asked, by=staff, kind="confirmation")
    asked.open_confirmation.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    sending.order(draft.pk, seen=draft.fingerprint, by=staff, now=timezone.now())
    assert Recipient.objects.get().why_left_out == "Har ingenting å bli minnet på nå."
    assert not Message.objects.exists()


@pytest.fixture
def at_noon(time_machine) -> None:
    """Far from midnight, and after all that was made."""
    time_machine.move_to((timezone.now() + timedelta(days=1)).replace(hour=11, minute=30))


def remind(participation, *, by, kind: str = "confirmation", now=None) -> str:
    """Why the one recipient got nothing; empty when they did."""
    draft = a_draft(participation, by=by, kind=kind)
    sending.order(draft.pk, seen=draft.fingerprint, by=by, now=now or timezone.now())
    return Recipient.objects.get(writing=draft).why_left_out


def test_nobody_is_reminded_of_the_same_twice_in_a_day(asked, staff, at_noon):
    assert remind(asked, by=staff) == ""
    again = remind(asked, by=staff)
    assert again.startswith("Fikk den samme påminnelsen i dag kl. 1")
    assert Message.objects.count() == 1
    assert remind(asked, by=staff, now=timezone.now() + timedelta(days=1)) == ""


def test_what_goes_by_itself_counts_too(asked, staff, at_noon):
    [planned, *_rest] = reminders.due("confirmation", now=timezone.now()).values()
    plan.post(planned, now=timezone.now())
    assert remind(asked, by=staff).startswith("Fikk den samme påminnelsen i dag")


def test_one_that_did_not_arrive_reminded_nobody(asked, staff, at_noon):
    assert remind(asked, by=staff) == ""
    Message.objects.update(given_up_at=timezone.now())
    assert remind(asked, by=staff) == ""


def test_another_reminder_is_another_matter(gathering, asked, staff, at_noon):
    assert remind(asked, by=staff) == ""
    assert remind(asked, by=staff, kind="registration") == ""


def test_of_registering_while_nobody_is(gathering, asked, contact):
    assert due("registration") == [contact.pk]
    register(gathering, asked, contact)
    assert due("registration") == []


def test_not_of_registering_when_it_has_closed(gathering):
    Gathering.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    assert due("registration") == []


def test_of_the_journey_until_it_is_ordered(gathering, asked, contact):
    registration = register(gathering, asked, contact)
    Registration.objects.update(travel="orders")
    assert due("travel") == [registration.user_id]
    Registration.objects.update(travel_ordered_on=timezone.localdate())
    assert due("travel") == []


def test_of_the_evaluation_when_they_were_there(gathering, asked, contact):
    registration = register(gathering, asked, contact)
    assert due("evaluation") == []
    then = timezone.localdate() - timedelta(days=4)
    Gathering.objects.update(starts_on=then, opens_on=then - timedelta(days=20), closes_on=then - timedelta(days=9))
    facts = {"marked_at": timezone.now(), "marked_by": contact}
    Attendance.objects.create(registration=registration, day=then, **facts)
    assert due("evaluation") == [registration.user_id]


def test_of_measures_that_are_due(asked, units, head, contact, staff):
    """To who leads the unit; to those who answer for the municipality where nobody does."""
    today = timezone.localdate()
    for unit, days in ((units[0], -3), (units[1], 3), (units[2], 60)):
        a_measure(unit, head, what=f"Tiltak {days}", starts_on=today - timedelta(days=9), ends_on=today + days * DAY)
    assert due("measures") == sorted([head.pk, contact.pk])
    draft = a_draft(asked, by=staff, kind="measures")
    sending.order(draft.pk, seen=draft.fingerprint, by=staff, now=timezone.now())
    mail = Message.objects.get()
    assert (mail.to, mail.text_name) == (contact.email, "guidance.measures")
    assert ("Tiltak 3" in mail.body, "Tiltak -3" in mail.body, "Tiltak 60" in mail.body) == (True, False, False)


def test_of_no_measure_that_has_ended_or_of_a_municipality_that_withdrew(asked, units, head, contact, staff):
    today = timezone.localdate()
    facts = {"starts_on": today - timedelta(days=9), "ends_on": today - DAY}
    a_measure(units[0], head, state="finished", **facts)
    a_measure(units[1], head, **facts)
    assert due("measures") == [contact.pk]
    withdraw(asked, by=staff, now=timezone.now())
    assert due("measures") == []


def test_of_logs_that_are_missed(asked, units, supervisor, contact, staff):
    for days in (-200, -40, -5, -1, 7):
        planned_session(asked, supervisor, units, days=days)
    assert due("logs") == [supervisor.pk]
    people = find(PeopleFilter({"funksjon": "supervisors"}), HandedOver([asked.pk]), today=timezone.localdate())
    draft = a_draft(asked, by=staff, kind="logs")
    ticks.add_all(draft, people, now=timezone.now())
    sending.order(draft.pk, seen=draft.fingerprint, by=staff, now=timezone.now())
    mail = Message.objects.get()
    assert (mail.to, mail.text_name) == (supervisor.email, "guidance.log_missing")
    said = [day_in_words(timezone.localdate() + days * DAY) in mail.body for days in (-200, -40, -5, -1, 7)]
    assert said == [False, True, True, False, False]


def test_of_no_log_of_a_session_that_was_called_off_or_is_sent(asked, units, supervisor, staff):
    cancelled, sent = (planned_session(asked, supervisor, units, days=-9) for _each in range(2))
    assert due("logs") == [supervisor.pk]
    type(sent).objects.filter(pk=sent.pk).update(submitted_at=timezone.now(), submitted_by=supervisor)
    assert due("logs") == [supervisor.pk]
    type(cancelled).objects.filter(pk=cancelled.pk).update(cancelled_at=timezone.now(), cancelled_by=staff)
    assert due("logs") == []
