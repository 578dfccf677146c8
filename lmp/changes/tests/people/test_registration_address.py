"""The address of somebody who is registered is put right by who answers for the place that they come for."""

import pytest
from django.utils import timezone

from conftest import make_contact, make_user
from gatherings.models import Registration
from lmp.changes.tests.people.conftest import NEW, seat
from outbox.models import Message
from participants.models import Contact


@pytest.fixture
def camilla(gathering, welcomed, units, head) -> Registration:
    """A participant with no function, registered with a typing error."""
    return seat(gathering, welcomed, make_user("camila@example.no", "Camilla Aa"), unit=units[0], registered_by=head)


def page(registration: Registration) -> str:
    return f"/paameldinger/{registration.pk}/adresse/"


@pytest.mark.parametrize("who", ["contact", "head"])
def test_the_seat_stays_theirs(client, request, camilla, who):
    client.force_login(request.getfixturevalue(who))
    assert page(camilla) in client.get(camilla.get_absolute_url()).content.decode()
    shown = client.post(page(camilla), {"email": NEW}).content.decode()
    assert "1. samling" in shown
    done = client.post(page(camilla), {"email": NEW, "_confirmed": "1"}, follow=True)
    person = camilla.user
    camilla.refresh_from_db()
    assert (camilla.user, camilla.user.email, camilla.state) == (person, NEW, "placed")
    assert f"E-postadressen til Camilla Aa er nå {NEW}." in done.content.decode()
    assert Message.objects.filter(text_name="gatherings.readdressed").count() == 2


def test_a_head_does_not_give_away_the_access_of_others(client, head, contact, gathering, welcomed, units):
    owner = seat(gathering, welcomed, contact, unit=units[0])
    client.force_login(head)
    assert client.post(page(owner), {"email": NEW, "_confirmed": "1"}).status_code == 404
    assert page(owner) not in client.get(owner.get_absolute_url()).content.decode()


def test_ones_own_has_its_own_page(client, head, place):
    client.force_login(head)
    assert client.get(page(place)).status_code == 404
    assert "/konto/adresse/" in client.get(place.get_absolute_url()).content.decode()


def test_an_address_that_is_anothers(client, contact, camilla):
    other = make_user("per@example.no", "Per Dal")
    client.force_login(contact)
    asked = client.post(page(camilla), {"email": other.email, "_confirmed": "1"})
    assert asked.status_code == 422
    assert "Adressen tilhører Per Dal." in asked.content.decode()
    camilla.refresh_from_db()
    assert camilla.user.email == "camila@example.no"


def test_the_same_person_registered_with_both(client, contact, camilla, gathering):
    twice = make_user(NEW, "Camilla Aa")
    client.force_login(contact)
    assert "Dette kan ikke gjøres om" in client.post(page(camilla), {"email": NEW}).content.decode()
    client.post(page(camilla), {"email": NEW, "_confirmed": "1"})
    camilla.refresh_from_db()
    assert camilla.user == twice


def test_whoever_is_elsewhere_too(client, contact, camilla, other_participation, staff):
    make_contact(other_participation, camilla.user, Contact.Function.PPT, by=staff)
    client.force_login(contact)
    asked = client.post(page(camilla), {"email": NEW, "_confirmed": "1"})
    assert "Camilla Aa har også funksjoner i Bergen." in asked.content.decode()


def test_not_when_it_is_cancelled(client, contact, camilla):
    Registration.objects.filter(pk=camilla.pk).update(cancelled_at=timezone.now(), cancelled_by=contact)
    client.force_login(contact)
    assert client.get(page(camilla)).status_code == 404


@pytest.mark.parametrize("who", ["other_contact", "officer", "supervisor", "stranger", "staff"])
def test_others_do_not_find_it(client, request, camilla, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(page(camilla)).status_code in (404, 302)
    assert client.post(page(camilla), {"email": NEW, "_confirmed": "1"}).status_code in (404, 302)
    camilla.refresh_from_db()
    assert camilla.user.email == "camila@example.no"
