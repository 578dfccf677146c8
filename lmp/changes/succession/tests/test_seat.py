"""Bytt person, on the page: who may, until when, what is refused and what is asked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_user
from gatherings import places
from gatherings.models import Gathering, Registration, Swap
from gatherings.tests.hall import signed_in
from lmp.changes.succession.tests.conftest import sign_up
from outbox.models import Message

VIKAR = {"name": "Vikar Viksen", "email": "vikar@example.no", "function": "head"}


def address(seat) -> str:
    return reverse("changes:swap", args=[seat.pk])


def test_the_deputy_comes_instead_at_a_full_gathering(client, per, seat, own, gathering, contact):
    """S4: not last in line."""
    sign_up(gathering, own, by=contact)
    client.force_login(per.user)
    assert address(seat) in client.get(seat.get_absolute_url()).content.decode()
    page = client.post(address(seat), VIKAR).content.decode()
    assert "Vikar Viksen kommer i stedet for Per Rektor" in page
    assert "Ingenting er lagret ennå." in page
    assert not Swap.objects.exists()
    response = client.post(address(seat), VIKAR | {"_confirmed": "1"})
    assert response.url == seat.get_absolute_url()  # of the unit that Per leads
    page = client.get(response.url).content.decode()
    assert "Vikar Viksen kommer nå i stedet for Per Rektor. Begge har fått vite det på e-post." in page
    kept = Registration.objects.get(pk=seat.pk)
    assert (kept.user.email, kept.state) == ("vikar@example.no", "placed")
    assert Registration.objects.get(user=contact).state == "waiting"
    client.force_login(contact)
    assert "I stedet for Per Rektor" in client.get(seat.get_absolute_url()).content.decode()


def test_who_sees_it_no_more_goes_to_my_page(client, per, seat):
    Registration.objects.update(unit=None, function="owner")
    client.force_login(per.user)
    response = client.post(address(seat), VIKAR | {"function": "owner", "_confirmed": "1"})
    assert response.url == reverse("home")
    assert "Vikar Viksen kommer nå" in client.get(response.url).content.decode()


def test_who_sends_it_holds_the_gathering_and_who_only_looks_does_not(client, contact, seat, monkeypatch):
    held = []
    monkeypatch.setattr(places, "lock", held.append)
    client.force_login(contact)
    client.get(address(seat))
    assert held == []
    client.post(address(seat), {})
    assert held == [seat.gathering]


def test_pressed_twice_it_happens_once(client, contact, seat):
    client.force_login(contact)
    first = client.post(address(seat), VIKAR | {"_confirmed": "1"})
    second = client.post(address(seat), VIKAR | {"_confirmed": "1"})
    assert (first.status_code, second.status_code) == (302, 422)
    assert "adressen til den som har plassen" in second.content.decode()
    assert Message.objects.filter(text_name="gatherings.swapped_in").count() == 1


def test_an_address_at_the_gathering_is_refused(client, contact, seat, own, gathering):
    sign_up(gathering, own, by=contact)
    client.force_login(contact)
    response = client.post(address(seat), VIKAR | {"name": contact.name, "email": contact.email, "_confirmed": "1"})
    assert response.status_code == 422
    assert "Adressen er allerede påmeldt: Kari Kontakt, Indre Fosen." in response.content.decode()
    assert Registration.objects.get(pk=seat.pk).user != contact


def test_anothers_name_is_asked_about(client, contact, seat):
    magnus = make_user("vikar@example.no", "Magnus Fjellheim")
    client.force_login(contact)
    response = client.post(address(seat), VIKAR | {"_confirmed": "1"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Adressen tilhører Magnus Fjellheim." in page
    assert "Er det samme person?" in page
    assert 'value="Vikar Viksen"' in page
    same = {"same_person": str(magnus.pk), "_confirmed": "1"}
    assert client.post(address(seat), VIKAR | same).status_code == 302


def test_the_same_name_otherwise_written_is_not_asked_about(client, contact, seat):
    make_user("vikar@example.no", "vikar  VIKSEN")
    client.force_login(contact)
    assert client.post(address(seat), VIKAR | {"_confirmed": "1"}).status_code == 302


@pytest.mark.parametrize("who", ["other_contact", "former_contact", "officer", "supervisor", "stranger"])
def test_others_do_not_find_it(client, request, seat, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address(seat)).status_code == 404
    assert client.post(address(seat), VIKAR | {"_confirmed": "1"}).status_code == 404
    assert not Swap.objects.exists()


def test_after_the_deadline_only_staff(client, contact, staff, seat, today):
    Gathering.objects.update(closes_on=today - timedelta(days=1))
    client.force_login(contact)
    response = client.post(address(seat), VIKAR | {"_confirmed": "1"})
    assert response.status_code == 409
    assert "Be om å endre" in response.content.decode()
    assert client.get(address(seat)).url == seat.get_absolute_url()
    assert signed_in(staff).post(address(seat), VIKAR | {"_confirmed": "1"}).status_code == 302
    assert Registration.objects.get().user.email == "vikar@example.no"


def test_what_does_not_follow_is_said(client, contact, seat, today):
    seat.order_travel(on=today, by=contact)
    client.force_login(contact)
    page = client.post(address(seat), VIKAR).content.decode()
    assert "Reisen som ble bestilt" in page
    assert "Dette følger ikke med" in page


def test_a_cancelled_seat_is_nobodys_to_give(client, contact, seat):
    Registration.objects.update(cancelled_at=timezone.now(), cancelled_by=contact)
    client.force_login(contact)
    assert client.post(address(seat), VIKAR | {"_confirmed": "1"}).status_code == 409
    assert not User.objects.filter(email="vikar@example.no").exists()
