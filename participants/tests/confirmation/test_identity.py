"""Whose an address is, in the confirmation: a correction, a successor, somebody else's, or a question."""

import pytest

from accounts.models import AddressChange, User
from conftest import make_contact, make_user
from outbox.models import Message
from participants.models import Contact
from participants.tests.confirmation.test_confirm import answers

NEW = "nora.ny@example.no"


@pytest.fixture
def nora(participation, contact, units, staff) -> Contact:
    user = make_user("nora.lunde@example.no", "Nora Lunde")
    return make_contact(participation, user, Contact.Function.HEAD, unit=units[0], by=staff)


@pytest.fixture
def magnus(participation, nora, staff) -> User:
    user = make_user("magnus@example.no", "Magnus Fjellheim")
    make_contact(participation, user, Contact.Function.PPT, by=staff)
    return user


@pytest.fixture
def send(client, contact, participation, nora, request, url):
    """Sends the page in with these answers for Nora's row, and gives what came back."""

    def send(whose: Contact = nora, **typed):
        request.getfixturevalue("asked")
        client.force_login(contact)
        changed = {f"contact-{whose.pk}-{name}": value for name, value in typed.items()}
        return client.post(url, answers(participation, client.get(url), **changed))

    return send


def errors(response) -> dict[str, str]:
    return {name.rpartition("-")[2]: found[0] for name, found in response.context["form"].errors.items()}


def test_the_same_name_with_another_address_is_the_same_person(send, nora, contact):
    person = nora.user
    assert send(email=NEW).status_code == 302
    nora.refresh_from_db()
    assert (nora.user, nora.user.email, nora.ended_at) == (person, NEW, None)
    assert AddressChange.objects.get().changed_by == contact
    told = Message.objects.filter(text_name="changes.address_changed").values_list("to", flat=True)
    assert set(told) == {NEW, "nora.lunde@example.no"}


def test_another_name_alone_is_a_correction(send, nora):
    person = nora.user
    assert send(name="Nora Hansen").status_code == 302
    nora.refresh_from_db()
    assert (nora.name, nora.user, nora.user.email) == ("Nora Hansen", person, "nora.lunde@example.no")


def test_another_name_and_another_address_is_a_successor(send, nora):
    assert send(name="Ola Dal", email=NEW).status_code == 302
    nora.refresh_from_db()
    assert nora.ended_at
    assert nora.replaced_by.get().user.email == NEW
    assert not AddressChange.objects.exists()


def test_a_name_that_is_partly_another_is_asked_about(send, nora):
    typed = {"name": "Nora Hansen", "email": NEW}
    page = send(**typed)
    assert (page.status_code, errors(page)) == (
        422,
        {"who": "Både navnet og adressen er nye. Velg hva som er riktig."},
    )
    assert "Nora Lunde har fått nytt navn og ny adresse" in page.content.decode()
    nora.refresh_from_db()
    assert (nora.name, nora.ended_at) == ("Nora Lunde", None)
    assert send(**typed, who="same").status_code == 302
    nora.refresh_from_db()
    assert (nora.name, nora.user.email, nora.ended_at) == ("Nora Hansen", NEW, None)


def test_and_may_be_a_successor(send, nora):
    assert send(name="Nora Hansen", email=NEW, who="new").status_code == 302
    nora.refresh_from_db()
    assert nora.ended_at
    assert (nora.user.email, nora.replaced_by.get().user.email) == ("nora.lunde@example.no", NEW)


def test_somebody_elses_address_for_the_same_person(send, nora, magnus):
    """Nora Lunde would lose her access, and Magnus would have her unit."""
    page = send(email=magnus.email)
    assert page.status_code == 422
    assert errors(page)["email"].startswith("Adressen tilhører Magnus Fjellheim")
    nora.refresh_from_db()
    assert nora.user.email == "nora.lunde@example.no"


def test_a_successor_with_somebody_elses_address(send, nora, magnus):
    typed = {"name": "Leyla Storhaug", "email": magnus.email}
    page = send(**typed)
    assert page.status_code == 422
    assert "Ja, det er samme person som Magnus Fjellheim" in page.content.decode()
    assert send(**typed, same=str(magnus.pk)).status_code == 302
    assert nora.replaced_by.get().user == magnus


def test_a_successor_whom_the_portal_knows(send, nora, magnus):
    assert send(name="magnus  Fjellheim", email=magnus.email).status_code == 302
    assert nora.replaced_by.get().user == magnus


def test_a_new_head_with_somebody_elses_address(client, contact, participation, magnus, units, request, url):
    request.getfixturevalue("asked")
    client.force_login(contact)
    key = f"unit-{units[1].pk}"
    typed = {f"{key}-head_name": "Per Ny", f"{key}-head_email": magnus.email}
    page = client.post(url, answers(participation, client.get(url), **typed))
    assert errors(page)["head_email"].startswith("Adressen tilhører Magnus Fjellheim.")
    typed[f"{key}-head_same"] = str(magnus.pk)
    assert client.post(url, answers(participation, client.get(url), **typed)).status_code == 302
    assert Contact.objects.get(unit=units[1]).user == magnus


def test_the_head_of_two_units_has_one_address(client, contact, participation, nora, units, staff, request, url):
    other = make_contact(participation, nora.user, Contact.Function.HEAD, unit=units[1], by=staff)
    request.getfixturevalue("asked")
    client.force_login(contact)
    typed = {f"contact-{nora.pk}-email": NEW, f"contact-{other.pk}-email": "tredje@example.no"}
    page = client.post(url, answers(participation, client.get(url), **typed))
    assert "står her flere ganger" in errors(page)["email"]
    typed[f"contact-{other.pk}-email"] = other.user.email
    assert client.post(url, answers(participation, client.get(url), **typed)).status_code == 302
    assert {row.user.email for row in Contact.objects.filter(unit__in=units[:2])} == {NEW}
    assert AddressChange.objects.count() == 1


def test_whoever_is_elsewhere_too(send, nora, other_participation, staff):
    make_contact(other_participation, nora.user, Contact.Function.PPT, by=staff)
    page = send(email=NEW)
    assert page.status_code == 422
    assert errors(page)["email"].startswith("Nora Lunde har også funksjoner i Bergen.")


@pytest.mark.parametrize(
    "email",
    [
        "rektor@xn--srlia-vua.example.no",
        "rektor@sørlia.example.no",
        "Rektor@SØRLIA.example.no",
        " rektor@sørlia.example.no",
    ],
)
def test_an_untouched_address_is_never_changed(send, participation, units, staff, email):
    """However the browser spells it: only the counts and the choices were filled in."""
    user = make_user("rektor@sørlia.example.no", "Rek Tor")
    rektor = make_contact(participation, user, Contact.Function.HEAD, unit=units[2], by=staff)
    assert send(rektor, email=email).status_code == 302
    rektor.refresh_from_db()
    assert (rektor.user, rektor.user.email) == (user, "rektor@sørlia.example.no")
    assert not AddressChange.objects.exists()
    assert not Message.objects.filter(text_name__in=["participants.access_given", "changes.address_changed"]).filter(
        to__contains="srlia-vua"
    )
