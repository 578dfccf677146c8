import hashlib
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from conftest import make_contact, make_user, withdraw
from lmp.welcome import sending, tasks
from lmp.welcome.models import Letter, Sending, SendingItem
from outbox.models import Message
from participants.models import Cohort, Contact, CountyGovernor, Participation, Unit


def order(letters, staff, token=None) -> Sending:
    return sending.order(
        letters[0].participation.cohort,
        approved={letter.participation.pk: letter.fingerprint for letter in letters},
        token=token or uuid.uuid4(),
        by=staff,
        now=timezone.now(),
    )


def process_all(ordered: Sending) -> list[SendingItem]:
    return [sending.process(item.pk, now=timezone.now()) for item in ordered.items.all()]


def test_everybody_who_answers_for_the_municipality_gets_it_once(
    participation, contact, head, former_contact, staff, letter_for
):
    school_lead = make_user("siv.skole@example.no", "Siv Skole")
    make_contact(participation, school_lead, Contact.Function.SCHOOL_LEAD, by=staff)
    make_contact(participation, school_lead, Contact.Function.AUTHORITY, by=staff)
    make_contact(participation, make_user("p@example.no", "Per Ppt"), Contact.Function.PPT, by=staff)
    [item] = process_all(order([letter_for(participation)], staff))
    assert item.error == ""
    assert sorted(Message.objects.values_list("to", flat=True)) == ["kari.kontakt@example.no", "siv.skole@example.no"]
    message = Message.objects.get(to="kari.kontakt@example.no")
    assert message.key == f"welcome.welcome:{participation.pk}:1:{contact.pk}"
    assert "Indre Fosen" in message.subject
    attachment = message.attachments.get()
    assert attachment.name == "velkomstbrev-5054-indre-fosen-pulje-9-nb.pdf"
    assert bytes(attachment.content) == bytes(item.letter.pdf)


def test_sending_keeps_the_letter_opens_the_round_and_welcomes(participation, cohort, contact, staff, letter_for):
    participation.case_number = "2026/77"
    participation.save()
    [item] = process_all(order([letter_for(participation)], staff))
    letter = item.letter
    assert letter.sha256 == hashlib.sha256(bytes(letter.pdf)).hexdigest()
    assert (letter.language, letter.archival, letter.sent_by, letter.case_number) == ("nb", True, staff, "2026/77")
    participation.refresh_from_db()
    assert participation.welcomed_by == staff
    assert participation.open_confirmation.due_on == cohort.confirm_by
    assert participation.open_confirmation.asked_by == staff


def test_the_letter_is_in_the_municipalitys_language_and_the_mail_in_the_readers(
    participation, contact, staff, letter_for
):
    contact.language = "nn"
    contact.save()
    [item] = process_all(order([letter_for(participation)], staff))
    assert item.letter.language == "nb"
    assert Message.objects.get().language == "nn"
    assert "einingar" not in Message.objects.get().body
    assert "kvar eining" in Message.objects.get().body


def test_sending_twice_sends_nothing_twice(participation, contact, staff, letter_for):
    letter = letter_for(participation)
    first, second = order([letter], staff), order([letter], staff)
    [sent] = process_all(first)
    [again] = process_all(second)
    assert process_all(first) == [sent]
    assert again.letter is None
    assert "sendt fra før" in again.error
    assert (Letter.objects.count(), Message.objects.count()) == (1, 1)


def test_the_same_button_pressed_twice_is_one_sending(participation, contact, staff, letter_for):
    token = uuid.uuid4()
    letter = letter_for(participation)
    assert order([letter], staff, token) == order([letter], staff, token)
    assert SendingItem.objects.count() == 1


def test_a_contact_replaced_after_approval_stops_the_letter(participation, contact, staff, letter_for):
    ordered = order([letter_for(participation)], staff)
    new = make_user("nora.ny@example.no", "Nora Ny")
    make_contact(participation, new, Contact.Function.OWNER, by=staff)
    Contact.objects.get(user=contact).end(by=staff, now=timezone.now())
    [item] = process_all(ordered)
    assert "endret etter at" in item.error
    assert not Message.objects.exists()
    participation.refresh_from_db()
    assert participation.welcomed_at is None
    [item] = process_all(order([letter_for(participation)], staff))
    assert item.error == ""
    assert Message.objects.get().to == "nora.ny@example.no"


def test_a_unit_renamed_after_approval_stops_the_letter(participation, units, contact, staff, letter_for):
    ordered = order([letter_for(participation)], staff)
    units[0].name = "Et helt annet navn"
    units[0].save()
    [item] = process_all(ordered)
    assert "endret etter at" in item.error


def test_one_that_fails_keeps_back_no_other(
    participation, other_participation, contact, other_contact, staff, letter_for, monkeypatch, caplog
):
    Unit.objects.create(participation=other_participation, name="Bergen skole", kind="school")
    letters = [letter_for(participation), letter_for(other_participation)]
    real = sending.render
    monkeypatch.setattr(sending, "render", lambda facts: real(facts) if facts.municipality == "Bergen" else 1 / 0)
    items = process_all(order(letters, staff))
    assert [bool(item.letter) for item in items] == [False, True]
    assert "Noe gikk galt" in items[0].error
    participation.refresh_from_db()
    assert participation.welcomed_at is None
    assert not participation.confirmations.exists()


def end_contacts(participation, staff):
    participation.contacts.update(ended_at=timezone.now(), ended_by=staff)


def close_units(participation, staff):
    participation.units.update(closed_on=timezone.localdate())


def let_the_deadline_pass(participation, staff):
    Cohort.objects.update(confirm_by="2020-01-01")


def take_back_the_yes(participation, staff):
    Participation.objects.update(accepted_at=None, accepted_by=None)


def has_withdrawn(participation, staff):
    withdraw(participation, by=staff, now=timezone.now())


def forget_the_governor(participation, staff):
    CountyGovernor.objects.update(name=" ")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (end_contacts, "ingen kontakt"),
        (close_units, "ingen enheter"),
        (let_the_deadline_pass, "Fristen"),
        (take_back_the_yes, "takket ja"),
        (has_withdrawn, "trukket seg"),
        (forget_the_governor, "statsforvalter"),
    ],
)
def test_what_is_missing_stops_the_letter(participation, contact, staff, letter_for, spoil, said):
    ordered = order([letter_for(participation)], staff)
    spoil(participation, staff)
    [item] = process_all(ordered)
    assert said in item.error
    assert not Message.objects.exists()


def test_somebody_who_cannot_sign_in_gets_no_letter(participation, contact, staff, letter_for):
    contact.is_active = False
    contact.save()
    assert letter_for(participation).recipients == []


def test_what_the_queue_lost_is_swept_up(participation, contact, staff, letter_for):
    order([letter_for(participation)], staff)
    tasks.sweep()
    assert Letter.objects.count() == 1
    tasks.sweep()
    assert Message.objects.count() == 1


def test_a_queue_that_is_down_costs_no_letter(
    participation, contact, staff, letter_for, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def refuse(*_args, **_kwargs):
        raise ConnectionError

    monkeypatch.setattr(tasks.send_letter, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        ordered = order([letter_for(participation)], staff)
    assert ordered.items.waiting().count() == 1
    assert "the sweep will do lmp.welcome.tasks.send_letter" in caplog.text


@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_staff_at_once_send_one_letter(participation, contact, staff, letter_for):
    letter = letter_for(participation)
    items = [order([letter], staff).items.get() for _person in range(4)]
    barrier = threading.Barrier(len(items))

    def press(pk: int) -> None:
        barrier.wait()
        sending.process(pk, now=timezone.now())
        connection.close()

    threads = [threading.Thread(target=press, args=[item.pk]) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Letter.objects.count(), Message.objects.count()) == (1, 1)
    assert participation.confirmations.count() == 1
    assert SendingItem.objects.filter(letter__isnull=False).count() == 1
    assert SendingItem.objects.filter(error__contains="sendt fra før").count() == 3


def test_the_deadline_is_the_cohorts(participation, cohort, contact, staff, letter_for):
    assert letter_for(participation).facts.reply_by == cohort.confirm_by
    assert cohort.confirm_by == timezone.localdate() + timedelta(days=30)
