"""Staff send the letter, as it was sent, to one contact later."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from lmp.welcome import sending
from outbox.models import Message
from participants.models import Contact


@pytest.fixture
def letter(participation, units, contact, staff, letter_for):
    return sending.send(participation.pk, approved=letter_for(participation).fingerprint, by=staff, now=timezone.now())


@pytest.fixture
def newcomer(participation, letter, staff) -> Contact:
    """Came after the letter."""
    user = make_user("per.ppt@example.no", "Per Ppt")
    return make_contact(participation, user, Contact.Function.PPT, by=staff)


def page_of(contact: Contact) -> str:
    return reverse("admin:welcome_letter_to", args=[contact.pk])


def contact_page(contact: Contact) -> str:
    return reverse("admin:participants_contact_change", args=[contact.pk])


def text(response) -> str:
    return " ".join(response.content.decode().split())


def form_on(page: str) -> dict[str, str]:
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("token", "seen")}


def later(person):
    return Message.objects.to_person(person).filter(text_name="welcome.sent_later")


def test_it_is_sent_as_it_was_with_who_and_why(staff_client, newcomer, letter, units):
    units[0].name = "Et nytt navn"
    units[0].save()
    page = text(staff_client.get(page_of(newcomer)))
    assert "sendes til Per Ppt (PP-tjenesten), per.ppt@example.no." in page
    assert "Personen har ikke fått brevet før." in page
    assert not later(newcomer.user).exists()
    data = form_on(page) | {"reason": "Ny i PPT."}
    page = text(staff_client.post(page_of(newcomer), data, follow=True))
    assert "Velkomstbrevet sendes til Per Ppt, per.ppt@example.no." in page
    message = later(newcomer.user).get()
    assert (message.to, message.recipient, message.about) == ("per.ppt@example.no", newcomer.user, letter)
    assert bytes(message.attachments.get().content) == bytes(letter.pdf)
    assert message.why == "Sendt til PP-tjenesten av Stine Stab: Ny i PPT."
    assert "Logg inn med per.ppt@example.no." in message.body
    assert message.key == f"welcome.sent_later:{letter.pk}:{newcomer.user.pk}:{data['token']}"
    assert "Personen har fått brevet før" in text(staff_client.get(page_of(newcomer)))


def test_pressing_twice_sends_once_and_a_new_form_once_more(staff_client, newcomer):
    data = form_on(text(staff_client.get(page_of(newcomer)))) | {"reason": "Ny i PPT."}
    staff_client.post(page_of(newcomer), data)
    staff_client.post(page_of(newcomer), data)
    assert later(newcomer.user).count() == 1
    data |= form_on(text(staff_client.get(page_of(newcomer))))
    staff_client.post(page_of(newcomer), data)
    assert later(newcomer.user).count() == 2


def test_it_goes_to_the_address_the_person_has_now(staff_client, newcomer, staff):
    data = form_on(text(staff_client.get(page_of(newcomer)))) | {"reason": "Ny i PPT."}
    newcomer.user.change_email("per.ny@example.no", by=staff, now=timezone.now())
    page = text(staff_client.post(page_of(newcomer), data))
    assert "Personen har fått en annen adresse siden du så den." in page
    assert not later(newcomer.user).exists()
    staff_client.post(page_of(newcomer), data | form_on(page))
    assert later(newcomer.user).get().to == "per.ny@example.no"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_bad_input_sends_nothing_and_keeps_what_was_typed(staff_client, newcomer, reason):
    data = form_on(text(staff_client.get(page_of(newcomer)))) | {"reason": reason}
    page = staff_client.post(page_of(newcomer), data)
    assert page.context["form"]["reason"].value() == reason
    assert not later(newcomer.user).exists()


def test_before_the_municipality_has_it_nobody_gets_it(staff_client, participation, contact):
    row = participation.contacts.get()
    assert page_of(row) not in text(staff_client.get(contact_page(row)))
    page = text(staff_client.post(page_of(row), {"reason": "-", "token": "x"}, follow=True))
    assert "Kommunen har ikke fått velkomstbrevet ennå." in page
    assert not Message.objects.exists()


@pytest.mark.parametrize("gone", ["ended", "cannot sign in"])
def test_who_has_no_access_gets_none(staff_client, newcomer, staff, gone):
    if gone == "ended":
        newcomer.end(by=staff, now=timezone.now())
    else:
        newcomer.user.is_active = False
        newcomer.user.save()
    assert page_of(newcomer) not in text(staff_client.get(contact_page(newcomer)))
    page = text(staff_client.get(page_of(newcomer), follow=True))
    assert "Personen har ikke tilgang lenger" in page


def test_the_contacts_page_lists_the_mails_and_says_who_gets_no_letter(
    staff_client, participation, newcomer, head, contact
):
    page = text(staff_client.get(contact_page(newcomer)))
    assert "PP-tjenesten får ikke velkomstbrevet av seg selv." in page
    assert "Ingen e-poster er skrevet til personen." in page
    assert page_of(newcomer) in page
    page = text(staff_client.get(contact_page(head.contacts.get())))
    assert "Styrer får ikke velkomstbrevet av seg selv." in page
    page = text(staff_client.get(contact_page(contact.contacts.get())))
    assert "får ikke velkomstbrevet" not in page
    message = Message.objects.to_person(contact).get()
    assert reverse("admin:outbox_message_change", args=[message.pk]) in page
    assert '<td data-label="Tilstand">Venter</td>' in page


def test_a_contacts_mails_are_those_of_the_person_whatever_the_address(staff_client, contact, letter, staff):
    contact.change_email("kari.ny@example.no", by=staff, now=timezone.now())
    page = text(staff_client.get(contact_page(contact.contacts.get())))
    assert reverse("admin:outbox_message_change", args=[Message.objects.get().pk]) in page


def test_the_list_of_mails_is_narrowed_to_the_person(staff_client, newcomer, contact, staff):
    page = staff_client.get(reverse("admin:outbox_message_changelist"), {"person": contact.pk})
    assert [message.recipient for message in page.context["cl"].result_list] == [contact]


def test_staff_find_the_way_on_the_municipalitys_page_and_others_do_not(
    client, staff_client, participation, newcomer, contact
):
    address = reverse("overview:participation", args=[participation.pk])
    assert page_of(newcomer) in text(staff_client.get(address))
    client.force_login(contact)
    assert page_of(newcomer) not in text(client.get(address))
