"""A municipality withdraws: its people are signed off, their places passed on, and nobody is offered one any more."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from conftest import make_contact, withdraw
from gatherings import places, tasks, withdrawal
from gatherings.day import lists
from gatherings.mails import planner
from gatherings.models import Attendance, LateRequest, Registration
from gatherings.registration import late_requests, registering, several_places
from gatherings.registration.registrar import Place
from gatherings.tests.conftest import entry
from outbox.models import Message
from participants.models import Contact, Unit

State = Registration.State


def registered(gathering, participation, *numbers: int, by, **facts) -> list[Registration]:
    entries = [entry(number, gathering=gathering, **facts) for number in numbers]
    return places.register(gathering, entries, participation=participation, by=by, now=timezone.now(), late=True)


def states(gathering) -> dict[str, str]:
    return {row.name: row.state for row in gathering.registrations.order_by("pk")}


@pytest.fixture
def other(other_participation, staff):
    other_participation.welcome(by=staff, now=timezone.now())
    return other_participation


@pytest.fixture
def full(gathering, welcomed, other, contact, other_contact):
    """Two places: two people of the one, who is to withdraw; in line one of theirs, then two of the other."""
    gathering.capacity = 2
    gathering.save()
    registered(gathering, welcomed, 1, 2, by=contact)
    registered(gathering, welcomed, 3, by=contact)
    registered(gathering, other, 4, 5, by=other_contact)
    return gathering


def leave(participation, *, by, now=None) -> withdrawal.SignedOff:
    now = now or timezone.now()
    withdrawal.lock([participation])
    withdraw(participation, by=by, now=now)
    return withdrawal.withdrawn(participation, by=by, now=now)


def test_everybody_from_it_is_signed_off_and_their_places_are_offered_to_the_others(full, welcomed, staff):
    found = leave(welcomed, by=staff)

    assert states(full) == {
        "Person 1": State.CANCELLED,
        "Person 2": State.CANCELLED,
        "Person 3": State.CANCELLED,
        "Person 4": State.OFFERED,
        "Person 5": State.OFFERED,
    }
    assert [row.name for row in found.registrations] == ["Person 1", "Person 2", "Person 3"]
    assert [row.name for row in found.offered] == ["Person 4", "Person 5"]
    assert set(Registration.objects.filter(withdrawal=welcomed.withdrawal)) == set(found.registrations)
    assert {row.cancelled_by for row in Registration.objects.filter(withdrawal__isnull=False)} == {staff}


def test_each_is_told_with_the_calendar_entry_of_who_had_a_place(full, welcomed, staff):
    leave(welcomed, by=staff)
    told = {message.to: message for message in Message.objects.filter(text_name="gatherings.withdrawn")}

    assert sorted(told) == ["person.1@example.no", "person.2@example.no", "person.3@example.no"]
    assert "Indre Fosen har trukket seg" in told["person.1@example.no"].body
    [file] = told["person.1@example.no"].attachments.all()
    calendar = Calendar.from_ical(bytes(file.content))
    assert (calendar["METHOD"], str(calendar.walk("VEVENT")[0]["ATTENDEE"])) == ("CANCEL", "mailto:person.1@example.no")
    assert not told["person.3@example.no"].attachments.exists()
    assert sorted(Message.objects.filter(text_name="gatherings.offered").values_list("to", flat=True)) == [
        "person.4@example.no",
        "person.5@example.no",
    ]


def test_who_only_waited_is_told_nothing_of_travel(full, welcomed, staff):
    leave(welcomed, by=staff)
    told = {mail.to: mail.body for mail in Message.objects.filter(text_name="gatherings.withdrawn")}
    assert "må du avbestille" in told["person.1@example.no"]
    assert "avbestille" not in told["person.3@example.no"]


def test_two_that_withdraw_together_are_offered_nothing_of_each_others(full, welcomed, other, staff):
    now = timezone.now()
    withdrawal.lock([welcomed, other])
    for participation in (welcomed, other):
        withdraw(participation, by=staff, now=now)
    for participation in (welcomed, other):
        withdrawal.withdrawn(participation, by=staff, now=now)

    assert set(states(full).values()) == {State.CANCELLED}
    assert not Message.objects.filter(text_name="gatherings.offered").exists()


def test_an_offer_that_was_made_ends_too(full, welcomed, contact, staff):
    places.cancel(full.registrations.get(name="Person 1"), by=contact, now=timezone.now())
    offered = full.registrations.get(name="Person 3")
    assert offered.state == State.OFFERED

    leave(welcomed, by=staff)
    offered.refresh_from_db()
    assert offered.state == State.CANCELLED
    with pytest.raises(ValidationError) as refused:
        places.accept(offered, by=contact, now=timezone.now())
    assert refused.value.code == "withdrawn"
    assert {row.name for row in full.registrations.offered()} == {"Person 4", "Person 5"}


def test_the_line_passes_over_somebody_of_it_whatever_made_the_place_free(full, welcomed, other, contact, staff):
    """The fact alone is enough: no offer, even where nothing else has followed from it."""
    withdraw(welcomed, by=staff, now=timezone.now())
    places.cancel(full.registrations.get(name="Person 1"), by=staff, now=timezone.now())
    tasks.pass_on()

    assert full.registrations.get(name="Person 3").state == State.WAITING
    assert full.registrations.get(name="Person 4").state == State.OFFERED


def test_no_planned_mail_and_no_line_in_a_list_is_left(full, welcomed, staff):
    full.registrations.placed().update(nights=[full.nights[0].isoformat()])
    now = timezone.now()
    span = (now, now + timedelta(days=60))
    before = {mail.to for mail in planner(*span) if mail.text.name in {"gatherings.travel", "gatherings.practical"}}
    assert before == {"person.1@example.no", "person.2@example.no"}

    leave(welcomed, by=staff)
    mails = list(planner(*span))
    assert not [mail for mail in mails if mail.to in before]
    assert not [mail for mail in mails if mail.to == "kari.kontakt@example.no"]
    assert lists.current(full, "hotel") == lists.current(full, "travel") == {}


def test_the_fact_alone_ends_the_planned_mails(registration, welcomed, staff):
    now = timezone.now()
    withdraw(welcomed, by=staff, now=now)
    assert not list(planner(now, now + timedelta(days=60)))


def test_who_was_there_stays_and_may_still_evaluate(full, welcomed, staff, today):
    was_there, _did_not_come = full.registrations.filter(name__in=["Person 1", "Person 2"]).order_by("pk")
    full.starts_on = full.ends_on = today
    full.opens_on = full.closes_on = full.travel_closes_on = today
    full.save()
    Attendance.objects.create(registration=was_there, day=today, marked_at=timezone.now(), marked_by=staff)

    leave(welcomed, by=staff)
    assert states(full)["Person 1"] == State.PLACED
    assert states(full)["Person 2"] == State.CANCELLED
    asked = list(planner(timezone.now(), timezone.now() + timedelta(days=30)))
    assert {mail.to for mail in asked if mail.text.name == "gatherings.evaluation"} == {"person.1@example.no"}


def test_what_is_over_is_left_as_it_was(full, welcomed, staff, today):
    full.starts_on = full.ends_on = today - timedelta(days=3)
    full.opens_on = full.closes_on = full.travel_closes_on = today - timedelta(days=5)
    full.save()
    assert leave(welcomed, by=staff).registrations == []
    assert states(full)["Person 1"] == State.PLACED


def test_who_comes_for_another_municipality_too_keeps_the_seat_for_that_one(full, welcomed, other, staff):
    """Registered for the one that withdraws, and waiting with an offer."""
    row = full.registrations.get(name="Person 1")
    several_places.add(row, Place(other, None), by=staff, now=timezone.now())
    found = leave(welcomed, by=staff)

    row = Registration.objects.with_places().get(pk=row.pk)
    assert (row.state, row.represents, row.participation, row.withdrawal) == (State.PLACED, "Bergen", other, None)
    assert row.name not in {one.name for one in found.registrations}
    assert Message.objects.filter(text_name="gatherings.changed", to="person.1@example.no").exists()
    assert not Message.objects.filter(text_name="gatherings.withdrawn", to="person.1@example.no").exists()
    assert [one.name for one in found.offered] == ["Person 4"]


def test_the_other_municipality_of_a_seat_withdraws(full, welcomed, other, staff):
    row = full.registrations.get(name="Person 4")
    several_places.add(row, Place(welcomed, None), by=staff, now=timezone.now())
    leave(welcomed, by=staff)
    row = Registration.objects.with_places().get(pk=row.pk)
    assert (row.represents, row.is_active) == ("Bergen", True)


def test_a_head_who_leads_a_unit_elsewhere_comes_for_that_one(full, welcomed, other, units, head, staff):
    elsewhere = Unit.objects.create(participation=other, name="Bergen skole", kind="school")
    make_contact(other, head, Contact.Function.HEAD, unit=elsewhere, by=staff)
    Registration.objects.filter(name="Person 1").update(user=head, unit=units[0], function="head")
    leave(welcomed, by=staff)
    row = Registration.objects.with_places().get(name="Person 1")
    assert (row.state, row.represents, row.participation) == (State.PLACED, "Bergen skole", other)


def test_a_place_more_for_it_is_refused(full, welcomed, other, staff):
    withdraw(welcomed, by=staff, now=timezone.now())
    row = entry(4, gathering=full, also=True)
    with pytest.raises(ValidationError) as refused:
        registering.register(full, [(Place(welcomed, None), row)], by=staff, now=timezone.now())
    assert refused.value.code == "withdrawn"


def test_of_a_cancelled_gathering_they_are_signed_off_without_another_mail(full, welcomed, staff):
    full.settled = "cancelled"
    full.save()
    leave(welcomed, by=staff)
    assert states(full)["Person 1"] == State.CANCELLED
    assert not Message.objects.filter(text_name="gatherings.withdrawn").exists()


def test_registering_is_refused_for_staff_too(gathering, welcomed, staff):
    withdraw(welcomed, by=staff, now=timezone.now())
    with pytest.raises(ValidationError) as refused:
        registered(gathering, welcomed, 1, by=staff)
    assert refused.value.code == "withdrawn"
    assert not gathering.registrations.exists()


def test_a_row_that_was_read_before_it_withdrew_does_not_let_anybody_in(gathering, welcomed, staff):
    stale = type(welcomed).objects.get(pk=welcomed.pk)
    withdraw(welcomed, by=staff, now=timezone.now())
    with pytest.raises(ValidationError):
        registered(gathering, stale, 1, by=staff)


def test_staff_are_told_what_to_do_first(staff_client, gathering, welcomed, staff):
    withdraw(welcomed, by=staff, now=timezone.now())
    address = reverse("admin:gatherings_registration_late", args=[gathering.pk]) + f"?kommune={welcomed.pk}"
    page = staff_client.get(address)
    assert page.status_code == 422
    assert "Indre Fosen har trukket seg fra prosjektet. Registrer først at kommunen er med igjen." in (
        page.content.decode()
    )


@pytest.mark.parametrize("page", ["register", "late_request"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_contact_is_told_why_nobody_can_be_registered(client, gathering, welcomed, contact, staff, page, method):
    withdraw(welcomed, by=staff, now=timezone.now())
    client.force_login(contact)
    address = reverse(f"gatherings:{page}", args=[gathering.pk])
    answer = getattr(client, method)(address, follow=True)
    assert answer.redirect_chain[-1][0] == gathering.get_absolute_url()
    assert "Indre Fosen har trukket seg fra prosjektet. Derfor kan ingen meldes på derfra." in answer.content.decode()
    assert not gathering.registrations.exists()
    assert not LateRequest.objects.exists()


def test_an_offer_is_declined_in_words(client, full, welcomed, contact, staff):
    places.cancel(full.registrations.get(name="Person 1"), by=contact, now=timezone.now())
    offered = full.registrations.get(name="Person 3")
    offered.user = contact
    offered.save()
    withdraw(welcomed, by=staff, now=timezone.now())
    client.force_login(contact)
    page = client.post(reverse("gatherings:offer", args=[offered.pk]), follow=True).content.decode()
    assert "Indre Fosen har trukket seg fra prosjektet." in page
    offered.refresh_from_db()
    assert offered.placed_at is None


def test_a_question_that_waits_is_named_and_no_new_one_is_taken(gathering, welcomed, contact, staff):
    ask = {"participation": welcomed, "registration": None, "by": contact}
    waiting = late_requests.ask(gathering, **ask, text="Kan en til komme?", now=timezone.now())
    assert leave(welcomed, by=staff).late_requests == [waiting]
    with pytest.raises(ValidationError):
        late_requests.ask(gathering, **ask, text="Og en til?", now=timezone.now())


def test_the_own_page_says_why(client, registration, welcomed, contact, staff):
    leave(welcomed, by=staff)
    client.force_login(contact)
    page = client.get(registration.get_absolute_url()).content.decode()
    assert "Påmeldingen ble meldt av da kommunen trakk seg fra prosjektet." in page
    assert reverse("gatherings:register", args=[registration.gathering_id]) not in page


@pytest.mark.parametrize("person", ["contact", "head"])
def test_who_answered_for_them_still_reads_and_changes_nothing(
    client, request, gathering, welcomed, units, contact, staff, person
):
    person = request.getfixturevalue(person)
    [row] = registered(gathering, welcomed, 1, by=contact, unit=units[0], function="head")
    leave(welcomed, by=staff)
    client.force_login(person)
    assert client.get(row.get_absolute_url()).status_code == 200
    assert "Person 1" in client.get(gathering.get_absolute_url()).content.decode()
    for page in ("change", "cancel", "offer", "travel"):
        assert client.post(reverse(f"gatherings:{page}", args=[row.pk])).status_code == 404


def test_they_may_come_again_last_in_line(full, welcomed, other, contact, staff):
    leave(welcomed, by=staff)
    episode = welcomed.withdrawal
    for row in full.registrations.offered():
        places.accept(row, by=staff, now=timezone.now())
    registered(full, other, 6, by=staff)
    now = timezone.now()
    welcomed.come_back(returned_on=timezone.localdate(now), reason="Nytt vedtak", by=staff, now=now)

    again = withdrawal.may_come_again(episode, today=timezone.localdate(now))
    assert [row.name for row in again] == ["Person 1", "Person 2", "Person 3"]
    withdrawal.lock([welcomed])
    made = withdrawal.returned(welcomed, again=again[:2], by=staff, now=now)
    assert [(row.name, row.state, row.place_in_line) for row in made] == [
        ("Person 1", State.WAITING, 2),
        ("Person 2", State.WAITING, 3),
    ]
    assert made[0].days == again[0].days
    assert Message.objects.filter(text_name="gatherings.waiting", to="person.1@example.no").exists()
    assert [row.name for row in withdrawal.may_come_again(episode, today=timezone.localdate(now))] == ["Person 3"]


def test_nobody_comes_again_for_a_unit_that_closed(gathering, welcomed, units, contact, head, staff, today):
    make_contact(welcomed, contact, Contact.Function.HEAD, unit=units[1], by=staff)
    registered(gathering, welcomed, 1, by=contact, unit=units[0], function="head")
    leave(welcomed, by=staff)
    units[0].closed_on = today
    units[0].save()
    assert withdrawal.may_come_again(welcomed.withdrawal, today=today) == []
