"""Who has access to a municipality, by function; and that what the page says is so."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from guidance.models import GuidanceSession
from guidance.tests.conftest import held_session
from lmp.overview.tests.test_my_page import said
from participants.models import Contact


@pytest.fixture
def url(participation, units) -> str:
    return reverse("overview:who_sees_what", args=[participation.pk])


def test_everybody_is_named_by_function(
    client, url, contact, head, supervisor, former_supervisor, former_contact, officer, leader, participation, staff
):
    make_contact(participation, make_user("pia@example.no", "Pia Ppt"), Contact.Function.PPT, by=staff)
    client.force_login(head)
    text = said(client.get(url))
    for line in (
        "Kari Kontakt, eier",
        "Hanne Styrer, styrer, Fembøringen barnehage",
        "Pia Ppt",
        "Vera Veileder",
        "Pia Prosjektleder",
        "Olav Embete",
    ):
        assert line in text
    assert "Finn Forrige" not in text
    assert "Tora Tidligere" not in text


@pytest.mark.parametrize("who", ["other_contact", "former_contact", "other_officer", "former_supervisor", "stranger"])
def test_not_for_others(client, request, url, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(url).status_code == 404


def test_not_signed_in(client, url):
    assert client.get(url).url.startswith(reverse("account_login"))


AGREED, NOTES, HELD = (True, False), (True, True), (False, False)


@pytest.mark.parametrize(
    ("who", "sight"),
    [
        ("contact", AGREED),
        ("head", AGREED),
        ("supervisor", NOTES),
        ("leader", NOTES),
        ("officer", HELD),
        ("staff", HELD),
    ],
)
def test_what_it_says_of_the_sessions_is_so(request, participation, supervisor, units, who, sight):
    """The page says who reads what is agreed, and who reads the notes."""
    held_session(participation, supervisor, units, days=-3)
    user = request.getfixturevalue(who)
    [seen] = GuidanceSession.objects.visible_to(user, today=timezone.localdate())
    assert (seen.sees_agreed, seen.sees_notes) == sight


def test_it_is_linked_to_from_the_municipality_and_from_my_page(client, url, participation, contact, head, staff):
    participation.welcome(by=staff, now=timezone.now())
    client.force_login(contact)
    assert url in client.get(participation.get_absolute_url()).content.decode()
    client.force_login(head)
    assert url in client.get("/").content.decode()
