"""What a participant needs: theirs alone to write and read, and gone when the fields are emptied."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gatherings import places
from gatherings.models import Needs, Registration
from gatherings.tests.hall import put_in, signed_in


@pytest.fixture
def mine(gathering, welcomed, contact, head):
    """The head's own registration, made by the contact."""
    [made] = put_in(gathering, {"name": head.name, "email": head.email}, participation=welcomed, by=contact)
    assert made.user == head
    return made


@pytest.fixture
def me(head):
    return signed_in(head)


def url(registration) -> str:
    return reverse("gatherings:needs", args=[registration.pk])


def test_saved_with_a_receipt(mine, me, gathering):
    response = me.post(url(mine), {"food": " Uten melk ", "access": ""})
    assert response.url == url(mine)
    held = Needs.objects.get()
    assert (held.registration, held.food, held.access) == (mine, "Uten melk", "")
    page = me.get(response.url)
    assert "Det du trenger, er lagret." in page.text
    assert 'value="Uten melk"' in page.text
    assert page["Cache-Control"].startswith("max-age=0")


def test_it_says_who_sees_it_and_until_when(mine, me, gathering):
    page = me.get(url(mine)).text
    assert "Bare du og de få som ordner mat og rom, ser det du skriver" in page
    last = gathering.last_day + timedelta(days=15)
    assert f"{last.day}. " in page
    assert str(last.year) in page
    assert "Du trenger ikke si hvorfor." in page
    assert "hvorfor?" not in page


def test_changed(mine, me):
    me.post(url(mine), {"food": "Uten melk", "access": ""})
    me.post(url(mine), {"food": "", "access": "Teleslynge"})
    held = Needs.objects.get()
    assert (held.food, held.access) == ("", "Teleslynge")


@pytest.mark.parametrize("empty", [{}, {"food": " ", "access": ""}])
def test_empty_is_deleted(mine, me, empty):
    me.post(url(mine), {"food": "Uten melk", "access": ""})
    response = me.post(url(mine), empty or {"food": ""})
    assert not Needs.objects.exists()
    assert "Ingenting er lagret om hva du trenger." in me.get(response.url).text


@pytest.mark.parametrize("bad", ["x" * 301, "null\x00"], ids=["long", "null"])
def test_an_error_keeps_what_was_typed(mine, me, bad):
    page = me.post(url(mine), {"food": bad, "access": "Teleslynge"})
    assert page.status_code == 422
    assert bad[:4] in page.text
    assert "Teleslynge" in page.text
    assert not Needs.objects.exists()


def test_pressed_twice(mine, me):
    for _turn in range(2):
        assert me.post(url(mine), {"food": "Uten melk", "access": ""}).status_code == 302
    assert Needs.objects.count() == 1


@pytest.mark.parametrize("person", ["contact", "other_contact", "officer", "supervisor", "stranger", "staff"])
def test_only_the_participant_sees_their_needs(mine, request, person):
    client = signed_in(request.getfixturevalue(person))
    assert client.get(url(mine)).status_code == 404
    assert client.post(url(mine), {"food": "x"}).status_code == 404
    assert not Needs.objects.exists()


def test_not_signed_in(mine, client):
    assert client.get(url(mine)).url.startswith(reverse("account_login"))


def test_cancelled_is_not_found(mine, me, contact):
    places.cancel(mine, by=contact, now=timezone.now())
    assert me.get(url(mine)).status_code == 404


def test_a_cancelled_gathering_asks_for_nothing(mine, me, gathering):
    type(gathering).objects.filter(pk=gathering.pk).update(settled="cancelled")
    assert me.post(url(mine), {"food": "Uten melk"}).status_code == 404


def test_who_waits_may_say_it_too(mine, me):
    Registration.objects.filter(pk=mine.pk).update(placed_at=None)
    assert me.post(url(mine), {"food": "Uten melk", "access": ""}).status_code == 302


def test_afterwards_it_can_only_be_read_and_deleted(mine, head, gathering):
    signed_in(head).post(url(mine), {"food": "Uten melk", "access": ""})
    with time_machine.travel(timezone.now() + timedelta(days=23)):
        me = signed_in(head)
        page = me.get(url(mine))
        assert "Samlingen er over." in page.text
        assert "Uten melk" in page.text
        assert me.post(url(mine), {"food": "Noe annet", "access": ""}).status_code == 409
        assert Needs.objects.get().food == "Uten melk"
        assert me.post(url(mine), {"slett": "1"}).status_code == 302
        assert not Needs.objects.exists()
        assert "Vi har ikke lagret noe" in me.get(url(mine)).text


def test_no_field_cuts_what_is_pasted_and_each_says_its_room(mine, me):
    """A23: an allergy list was cut without a word."""
    page = me.get(url(mine)).text
    assert "maxlength" not in page
    for name in ("food", "access"):
        assert f'id="id_{name}_limit"' in page
    long = ", ".join(["nøtter"] * 60)
    refused = me.post(url(mine), {"food": long, "access": ""}).text
    assert long in refused
    assert "300 tegn" in refused


def test_never_kept_in_the_session_when_it_could_not_be_received(mine, head):
    """A form with an old token is kept to be sent again; this one holds what is about health."""
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    client.force_login(head)
    other = client.post(reverse("home"), {"text": "hei"})
    assert other.url == reverse("accounts:unsent_forms")
    assert client.post(url(mine), {"food": "Cøliaki"}).status_code == 403
    assert "C%C3%B8liaki" not in str(dict(client.session))
