"""Who answers for a municipality puts a contact right: the person stays the same, and so does all they have."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AddressChange, User
from conftest import make_contact, make_user
from lmp.changes.tests.people.conftest import NEW, seat
from outbox.models import Message
from participants.models import Contact

OLD = "hanne.styrer@example.no"


@pytest.fixture
def kari(client, contact, welcomed):
    client.force_login(contact)
    return client


def page(contact: Contact) -> str:
    return reverse("changes:correct_contact", args=[contact.pk])


def sent(name="Hanne Styrer", email=OLD, phone="", **extra):
    return {"name": name, "email": email, "phone": phone} | extra


CONFIRMED = {"_confirmed": "1"}


def test_a_name_and_a_telephone_tell_nobody(kari, own, contact):
    done = kari.post(page(own), sent("Hanne Styrersen", phone="97001122"), follow=True)
    own.refresh_from_db()
    assert (own.name, own.phone, own.user.email) == ("Hanne Styrersen", "+47 970 01 122", OLD)
    assert own.history.first().history_user == contact
    assert not Message.objects.exists()
    assert "Opplysningene om Hanne Styrersen er rettet." in done.content.decode()


def test_nothing_changed_is_said_so(kari, own):
    before = own.history.count()
    assert "Ingenting er endret." in kari.post(page(own), sent(), follow=True).content.decode()
    assert own.history.count() == before


def test_another_address_is_shown_first_and_takes_everything_along(kari, own, head, contact, place):
    shown = kari.post(page(own), sent(email=NEW)).content.decode()
    assert "Ingenting er lagret ennå" in shown
    assert "1. samling" in shown
    assert "E-postadressen er endret" in shown
    assert "Planen endres ikke." in shown
    own.refresh_from_db()
    assert own.user.email == OLD
    done = kari.post(page(own), sent(email=NEW) | CONFIRMED, follow=True).content.decode()
    own.refresh_from_db()
    place.refresh_from_db()
    assert (own.user, own.user.email, place.user, User.objects.filter(email=OLD).exists()) == (head, NEW, head, False)
    assert f"E-postadressen til Hanne Styrer er nå {NEW}." in done
    assert AddressChange.objects.get().changed_by == contact
    assert {message.to for message in Message.objects.filter(text_name="changes.address_changed")} == {OLD, NEW}


def test_who_comes_to_a_gathering_is_not_suggested_once_more_with_the_new_address(kari, own, head, gathering, place):
    """They stood on the list twice, with two badges and two beds."""
    kari.post(page(own), sent(email=NEW) | CONFIRMED)
    form = kari.get(reverse("gatherings:register", args=[gathering.pk])).context["formset"]
    assert [row.title for row in form if row.suggested] == ["Kari Kontakt"]
    assert [row.user.email for row in gathering.registrations.active()] == [NEW]


def test_back_keeps_what_was_typed(kari, own):
    again = kari.post(page(own), sent("Hanne Styrer", NEW, "91234567") | {"_back": "1"})
    assert (again.status_code, again.context["form"]["email"].value()) == (200, NEW)
    assert not AddressChange.objects.exists()


def test_pressed_twice(kari, own):
    for _time in range(2):
        assert kari.post(page(own), sent(email=NEW) | CONFIRMED).status_code == 302
    assert AddressChange.objects.count() == 1


def test_another_name_and_another_address_is_asked_about(kari, own):
    """It may be somebody else, who would get all that the person has."""
    asked = kari.post(page(own), sent("Hanne Hansen", NEW))
    assert asked.status_code == 422
    assert "Er Hanne Hansen samme person som Hanne Styrer, krysser du av for det." in asked.content.decode()
    kari.post(page(own), sent("Hanne Hansen", NEW, same_person=own.user_id) | CONFIRMED)
    own.refresh_from_db()
    assert (own.name, own.user.email) == ("Hanne Hansen", NEW)


def test_whoever_is_elsewhere_too_changes_it_themselves(kari, own, head, other_participation, staff):
    make_contact(other_participation, head, Contact.Function.PPT, by=staff)
    asked = kari.post(page(own), sent(email=NEW) | CONFIRMED)
    assert asked.status_code == 422
    assert "Hanne Styrer har også funksjoner i Bergen." in asked.content.decode()
    own.refresh_from_db()
    assert own.user.email == OLD
    assert kari.post(page(own), sent("Hanne S.")).status_code == 302  # a name is a municipality's own


def test_somebody_elses_address_is_asked_about(kari, own, head, participation, staff):
    magnus = make_user("magnus@example.no", "Magnus Fjellheim")
    make_contact(participation, magnus, Contact.Function.PPT, by=staff)
    asked = kari.post(page(own), sent(email=magnus.email) | CONFIRMED)
    assert asked.status_code == 422
    assert "Adressen tilhører Magnus Fjellheim." in asked.content.decode()
    assert "trenger hver av dem sin egen adresse" in asked.content.decode()
    assert asked.context["form"]["email"].value() == magnus.email
    own.refresh_from_db()
    assert own.user == head


def test_a_tick_is_for_the_person_it_named(kari, own, head, participation, staff):
    make_contact(participation, make_user("magnus@example.no", "Magnus"), Contact.Function.PPT, by=staff)
    other = make_user("per@example.no", "Per")
    assert kari.post(page(own), sent(email="magnus@example.no", same_person=other.pk) | CONFIRMED).status_code == 422
    own.refresh_from_db()
    assert own.user == head


@pytest.mark.parametrize("name", ["Hanne Styrer", "hanne  STYRER", "H. Styrer"])
def test_the_same_person_registered_twice_becomes_one(kari, own, head, gathering, welcomed, name):
    """With the same name there is nothing to ask; otherwise it takes a tick. What moves is shown first."""
    twice = make_user(NEW, name)
    place = seat(gathering, welcomed, head)
    answers = sent(email=NEW, same_person=twice.pk)
    shown = kari.post(page(own), answers).content.decode()
    assert "Dette kan ikke gjøres om" in shown
    assert "styrer, Fembøringen barnehage" in shown
    kari.post(page(own), answers | CONFIRMED)
    own.refresh_from_db()
    place.refresh_from_db()
    head.refresh_from_db()
    assert (own.user, place.user, head.merged_into, head.is_active) == (twice, twice, twice, False)


def test_the_address_of_staff_is_not_an_editors_to_give(kari, own, staff):
    asked = kari.post(page(own), sent(email=staff.email, same_person=staff.pk) | CONFIRMED)
    assert asked.status_code == 422
    assert "skriver du til" in asked.content.decode()


def test_what_a_browser_spells_otherwise_is_no_change(kari, participation, staff, units):
    """Chromium sends an untouched address with æ, ø or å in the domain as xn--; a Mac types å as two characters."""
    rektor = make_user("rektor@sørlia.example.no", "Rek Tor")
    own = make_contact(participation, rektor, Contact.Function.HEAD, unit=units[2], by=staff)
    for email in ("rektor@xn--srlia-vua.example.no", "REKTOR@Sørlia.Example.no ", "rektor@sørlia.example.no\u200b"):
        assert kari.post(page(own), sent("Rek Tor", email, "12345678")).status_code == 302
        own.refresh_from_db()
        assert (own.user, own.user.email) == (rektor, "rektor@sørlia.example.no")
    assert not AddressChange.objects.exists()


def test_ones_own_address_is_not_changed_here(kari, contact):
    own = contact.contacts.get()
    kari.post(page(own), sent("Kari K.", NEW) | CONFIRMED)
    own.refresh_from_db()
    assert (own.name, own.user.email) == ("Kari K.", "kari.kontakt@example.no")


@pytest.mark.parametrize(
    "who", ["other_contact", "head", "former_contact", "officer", "supervisor", "stranger", "staff"]
)
def test_others_do_not_find_it(client, request, contact, welcomed, who):
    own = contact.contacts.get()
    client.force_login(request.getfixturevalue(who))
    if who != "staff":
        assert client.post(page(own), sent() | CONFIRMED).status_code == 404
    contact.refresh_from_db()
    assert contact.email == "kari.kontakt@example.no"


@pytest.mark.any_database
@pytest.mark.parametrize("email", ["", "ikke en adresse", "a@example.no\r\nBcc: b@example.no", "a" * 300 + "@x.no"])
def test_bad_addresses_lose_nothing_typed(kari, own, email):
    asked = kari.post(page(own), sent("Hanne <b>", email, "123"))
    assert asked.status_code == 422
    assert asked.context["form"]["name"].value() == "Hanne <b>"


def test_taken_while_it_was_looked_at(kari, own):
    kari.post(page(own), sent(email=NEW))
    make_user(NEW, "Nils")
    asked = kari.post(page(own), sent(email=NEW) | CONFIRMED)
    assert "Adressen tilhører Nils." in asked.content.decode()
    assert User.objects.get(email=OLD)


def test_not_after_it_has_ended(kari, own, staff):
    own.end(by=staff, now=timezone.now())
    assert kari.post(page(own), sent(email=NEW) | CONFIRMED).status_code == 404
