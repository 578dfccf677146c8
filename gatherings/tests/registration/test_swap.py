"""Another person comes instead: the place, offer or turn stays, and so does the row."""

from datetime import timedelta

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from gatherings import places
from gatherings.mails import calendar_entries, notices
from gatherings.models import Gathering, Needs, Registration, Swap
from gatherings.tests.conftest import entry
from outbox.models import Message

State = Registration.State


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def full(gathering, welcomed, contact, now) -> list[Registration]:
    """One place, which person 1 has; persons 2 and 3 wait."""
    Gathering.objects.update(capacity=1)
    entries = [entry(number, gathering=gathering) for number in (1, 2, 3)]
    return places.register(gathering, entries, participation=welcomed, by=contact, now=now)


def swap(registration, number, *, by, now, **facts) -> Swap | None:
    typed = {"name": f"Person {number}", "email": f"person.{number}@example.no", "function": "owner"} | facts
    done = places.swap(registration, **typed, by=by, now=now)
    if done is None:
        return None
    registration, swapped = done
    notices.swapped(registration, swapped, by=by, now=now)
    return swapped


def entries_of(number: int) -> list[tuple[str, int]]:
    """The calendar entries that a person got, in their order: method and SEQUENCE."""
    found = []
    for message in Message.objects.filter(to=f"person.{number}@example.no").order_by("pk"):
        for attachment in message.attachments.all():
            calendar = icalendar.Calendar.from_ical(bytes(attachment.content))
            found.append((str(calendar["method"]), int(calendar.events[0]["sequence"])))
    return found


def texts_to(number: int) -> list[str]:
    mails = Message.objects.filter(to=f"person.{number}@example.no").order_by("pk")
    return [mail.text_name.removeprefix("gatherings.") for mail in mails]


def test_a_place_stays_a_place(full, contact, now):
    notices.registered(full, now=now)
    swap(full[0], 9, by=contact, now=now)
    kept = Registration.objects.get(pk=full[0].pk)
    assert (kept.state, kept.name, kept.user.email) == (State.PLACED, "Person 9", "person.9@example.no")
    assert kept.placed_at == full[0].placed_at
    assert Registration.objects.count() == 3  # nobody moved up, nobody was offered anything
    assert not Registration.objects.offered().exists()
    assert texts_to(1) == ["registered", "swapped_out"]
    assert texts_to(9) == ["swapped_in"]
    assert entries_of(1) == [("REQUEST", 0), ("CANCEL", 1)]
    assert entries_of(9) == [("REQUEST", 1)]
    assert "har plass" in Message.objects.get(text_name="gatherings.swapped_in").body
    assert "Svar på denne e-posten" in Message.objects.get(text_name="gatherings.swapped_out").body


def test_a_turn_stays_a_turn_and_nothing_is_in_the_calendar(full, contact, now):
    swap(full[1], 9, by=contact, now=now)
    waiting = full[0].gathering.registrations.waiting()
    assert [row.user.email for row in waiting] == ["person.9@example.no", "person.3@example.no"]
    assert entries_of(2) == entries_of(9) == []
    assert "står på venteliste" in Message.objects.get(text_name="gatherings.swapped_in").body


def test_the_one_before_is_told_of_what_they_had_and_nothing_else(full, contact, now):
    swap(full[0], 8, by=contact, now=now)
    swap(full[1], 9, by=contact, now=now)
    placed, waited = Message.objects.filter(text_name="gatherings.swapped_out").order_by("pk")
    assert placed.subject.startswith("Person 8 har overtatt plassen din: ")
    assert "Vedlegget fjerner samlingen fra kalenderen din." in placed.body
    assert "må du avbestille" in placed.body
    assert waited.subject.startswith("Person 9 har overtatt turen din på ventelista: ")
    assert "kalender" not in waited.body
    assert "avbestille" not in waited.body


def test_an_offer_keeps_its_deadline(full, contact, now):
    places.cancel(full[0], by=contact, now=now)
    offered = Registration.objects.get(pk=full[1].pk)
    swap(offered, 9, by=contact, now=now)
    kept = Registration.objects.get(pk=offered.pk)
    assert (kept.state, kept.offered_until) == (State.OFFERED, offered.offered_until)
    message = Message.objects.get(text_name="gatherings.swapped_in")
    assert message.expires_at == offered.offered_until
    assert "har et tilbud om plass" in message.body
    assert places.accept(kept, by=kept.user, now=now).state == State.PLACED


def test_an_offer_that_has_run_out_goes_to_nobody(full, contact, now):
    places.cancel(full[0], by=contact, now=now)
    offered = Registration.objects.get(pk=full[1].pk)
    with pytest.raises(ValidationError):
        swap(offered, 9, by=contact, now=offered.offered_until)


def test_what_is_the_first_persons_own_does_not_follow(full, contact, staff, now):
    Needs.objects.create(registration=full[0], food="HEMMELIG", saved_at=now)
    full[0].order_travel(on=timezone.localdate(now), by=contact)
    full[0].decide_reimbursement(reimbursement="covered", reason="HEMMELIG", by=staff, now=now)
    full[0].nights = [full[0].gathering.nights[0].isoformat()]
    full[0].save()
    swap(full[0], 9, by=contact, now=now)
    kept = Registration.objects.get(pk=full[0].pk)
    assert not Needs.objects.exists()
    assert kept.travel_ordered_on is None
    assert (kept.reimbursement, kept.reimbursement_reason) == ("", "")
    assert (kept.days, kept.nights, kept.travel) == (full[0].days, full[0].nights, full[0].travel)
    assert "følger ikke med" in Message.objects.get(text_name="gatherings.swapped_in").body


def test_an_address_that_is_there_already_is_refused_and_nothing_is_stored(full, contact, now):
    with pytest.raises(ValidationError) as refused:
        swap(full[0], 3, by=contact, now=now, email="PERSON.3@example.no ")
    assert refused.value.code == "taken"
    assert "Person 3, Indre Fosen" in refused.value.messages[0]
    assert not Swap.objects.exists()


def test_a_new_person_is_not_made_when_it_is_refused(full, contact, now):
    places.cancel(full[2], by=contact, now=now)
    with pytest.raises(ValidationError):
        swap(full[2], 77, by=contact, now=now)
    assert not User.objects.filter(email="person.77@example.no").exists()


def test_the_same_person_again_does_nothing(full, contact, now):
    assert swap(full[0], 1, by=contact, now=now) is None
    swap(full[0], 9, by=contact, now=now)
    assert swap(full[0], 9, by=contact, now=now) is None
    assert Swap.objects.count() == 1
    assert texts_to(9) == ["swapped_in"]


def test_there_and_back_each_is_told_once_a_turn_and_calendars_follow(full, contact, now):
    notices.registered(full, now=now)
    for number in (9, 1, 9):
        swap(Registration.objects.get(pk=full[0].pk), number, by=contact, now=now)
    assert texts_to(1) == ["registered", "swapped_out", "swapped_in", "swapped_out"]
    assert texts_to(9) == ["swapped_in", "swapped_out", "swapped_in"]
    for number in (1, 9):
        numbers = [sequence for _method, sequence in entries_of(number)]
        assert numbers == sorted(set(numbers))
    assert entries_of(1)[-1][0] == "CANCEL"
    assert entries_of(9)[-1][0] == "REQUEST"


def test_who_comes_again_in_another_row_continues_the_entry(full, contact, welcomed, now):
    notices.registered(full, now=now)
    swap(full[0], 9, by=contact, now=now)
    Gathering.objects.update(capacity=None)
    again = places.register(
        full[0].gathering, [entry(1, gathering=full[0].gathering)], participation=welcomed, by=contact, now=now
    )
    assert calendar_entries.sequences(again)[again[0].pk] > 1  # the cancellation's


@pytest.mark.parametrize("settled", ["cancelled", "tentative", "postponed"])
def test_not_at_a_gathering_that_is_not_held(full, contact, now, settled):
    Gathering.objects.update(settled=settled)
    with pytest.raises(ValidationError):
        swap(full[0], 9, by=contact, now=now)


def test_not_once_it_is_over(full, contact, now):
    with pytest.raises(ValidationError):
        swap(full[0], 9, by=contact, now=now + timedelta(days=23))


def test_only_for_a_function_that_is_invited(full, contact, now):
    Gathering.objects.update(audience=["owner"])
    with pytest.raises(ValidationError):
        swap(full[0], 9, by=contact, now=now, function="ppt")
    with pytest.raises(ValidationError):
        swap(full[0], 9, by=contact, now=now, function="head")
    Gathering.objects.update(audience=["ppt"])
    assert swap(full[0], 9, by=contact, now=now)  # as what the first came


def test_the_history_names_who_it_is_by(full, contact, head, now):
    done = swap(full[0], 9, by=head, now=now)
    assert done is not None
    assert (done.before.email, done.after.email, done.swapped_by) == (
        "person.1@example.no",
        "person.9@example.no",
        head,
    )
    assert Registration.objects.get(pk=full[0].pk).history.first().history_user == head
