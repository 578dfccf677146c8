"""Units and contacts are added until the letter is sent; a number that is missing or wrong is asked about."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_user
from guidance.tests.conftest import text_of
from lmp.governor.tests.test_nominating import CONTACT, EMPTY, SAVED, UNIT, address, place
from outbox.models import Message
from participants.models import Participation, Unit

NOBODY = {"name": "", "email": "", "phone": "", "function": ""}


@pytest.fixture
def page(client, levanger, officer) -> str:
    client.force_login(officer)
    return reverse("governor:add", args=[levanger.pk])


def test_it_is_seen_and_then_stored_and_nobody_is_mailed(client, page, levanger, officer):
    assert page in client.get(levanger.get_absolute_url()).content.decode()
    seen = text_of(client.post(page, EMPTY | CONTACT | UNIT))
    assert "Randi Rådgiver, eier" in seen
    assert "Ytterøy skole" in seen
    assert not levanger.units.exists()
    client.post(page, EMPTY | CONTACT | UNIT | SAVED)
    assert levanger.units.get().name == "Ytterøy skole"
    assert levanger.contacts.get().started_by == officer
    assert not Message.objects.exists()


def test_units_alone_and_a_contact_alone(client, page, levanger):
    client.post(page, EMPTY | NOBODY | UNIT | SAVED)
    assert levanger.units.exists()
    assert not levanger.contacts.exists()
    client.post(page, EMPTY | CONTACT | SAVED)
    assert levanger.contacts.exists()


def test_who_and_what_is_there_is_shown_first(client, page, levanger):
    client.post(page, EMPTY | CONTACT | UNIT | SAVED)
    there = text_of(client.get(page)).split("Kontaktperson i kommunen")[0]
    assert "Randi Rådgiver, eier" in there
    assert "Ytterøy skole" in there


def test_half_a_contact_and_nothing_at_all_are_told(client, page, levanger):
    half = client.post(page, EMPTY | NOBODY | {"name": "Randi"} | UNIT | SAVED)
    assert half.status_code == 422
    assert "la alt om kontaktpersonen stå tomt" in text_of(half)
    assert 'value="Ytterøy skole"' in half.content.decode()
    nothing = client.post(page, EMPTY | NOBODY | SAVED)
    assert nothing.status_code == 422
    assert "Skriv inn en enhet eller en kontaktperson." in text_of(nothing)
    assert not levanger.units.exists()


def test_a_unit_that_is_there_is_not_added_again(client, page, levanger):
    client.post(page, EMPTY | NOBODY | UNIT | SAVED)
    again = client.post(page, EMPTY | NOBODY | UNIT | SAVED)
    assert again.status_code == 422
    assert "Ytterøy skole står to ganger." in text_of(again)
    assert levanger.units.count() == 1


@pytest.mark.parametrize("fact", ["welcomed", "withdrawn", "declined"])
def test_not_once_the_letter_is_sent_or_it_is_out(client, page, levanger, staff, fact):
    now = timezone.now()
    Participation.objects.filter(pk=levanger.pk).update(**{f"{fact}_at": now, f"{fact}_by": staff})
    answer = client.post(page, EMPTY | CONTACT | UNIT | SAVED, follow=True)
    assert "Ingenting er lagret." in text_of(answer)
    assert page not in answer.content.decode()
    assert not levanger.units.exists()


def test_not_another_countys(client, page, levanger, other_officer, contact):
    for person in (other_officer, contact, make_user("x@example.no", "X")):
        client.force_login(person)
        assert client.post(page, EMPTY | CONTACT | UNIT | SAVED).status_code == 404
    assert not levanger.units.exists()


@pytest.mark.parametrize("phone", ["ring sentralbordet", "12", "91a23456", "９１ ２３ ４５ ６７"])
def test_a_bad_telephone_number_is_told_and_kept_as_typed(client, later, officer, phone):
    client.force_login(officer)
    answer = client.post(address(later, place()), EMPTY | CONTACT | UNIT | SAVED | {"phone": phone})
    assert answer.status_code == 422
    assert f"«{phone}» er ikke et telefonnummer." in text_of(answer)
    assert f'value="{phone}"' in answer.content.decode()
    assert not Participation.objects.filter(cohort=later).exists()


@pytest.mark.parametrize(
    ("phone", "kept"),
    [("91 23 45 67", "+47 912 34 567"), ("(22) 00-00/00", "+47 22 00 00 00"), ("02800", "02800"), ("", "")],
)
def test_usual_telephone_numbers_are_taken(client, later, officer, phone, kept):
    client.force_login(officer)
    client.post(address(later, place()), EMPTY | CONTACT | SAVED | {"phone": phone})
    assert Participation.objects.get(cohort=later).contacts.get().phone == kept


def test_a_missing_organisation_number_is_asked_about(client, later, officer):
    client.force_login(officer)
    page, without = address(later, place()), UNIT | {"enhet-0-organisation_number": "", "enhet-0-kind": "kindergarten"}
    asked = client.post(page, EMPTY | CONTACT | without | SAVED)
    assert asked.status_code == 422
    assert "kryss av for at dere ikke vet det nå" in text_of(asked)
    assert 'type="checkbox" name="enhet-0-without_number"' in asked.content.decode()
    client.post(page, EMPTY | CONTACT | without | SAVED | {"enhet-0-without_number": "on"})
    assert Unit.objects.get().organisation_number in ("", None)


def test_an_sfo_may_be_without(client, later, officer):
    client.force_login(officer)
    sfo = UNIT | {"enhet-0-organisation_number": "", "enhet-0-kind": "sfo"}
    client.post(address(later, place()), EMPTY | CONTACT | sfo | SAVED)
    assert Unit.objects.get().kind == "sfo"
