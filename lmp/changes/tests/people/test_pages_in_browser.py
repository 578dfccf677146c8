"""The pages about who a person is, in Chromium: both languages, phone and desk, what they ask and what they show."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from lmp.changes import address
from lmp.changes.tests.people.conftest import NEW, seat
from participants.confirmation import asking
from tests.browsing import mailed_code, open_all, send_empty

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def at(name: str, *args) -> str:
    return reverse(f"changes:{name}", args=args)


def fill_in(**values):
    """Type these in, and press the first button that sends the form."""

    def act(page):
        for name, value in values.items():
            page.locator(f"main [name={name}]").first.fill(value)
        page.locator("main form button[type=submit]").first.click()

    return act


def test_ones_own_address(walk, head, place):
    page = walk.as_person(head)
    walk.see(page, at("own_address"))  # who it is is asked first
    send_empty(page)
    page.locator("main [name=code]").fill(mailed_code())
    page.locator("main form button[type=submit]").first.click()
    walk.see(page, at("own_address"), act=send_empty)
    walk.see(page, at("own_address"), act=fill_in(email=NEW))
    page.locator("main [name=code]").fill(mailed_code())
    page.locator("main form button[type=submit]").first.click()
    walk.see(page, at("own_address"))
    assert page.locator("main button[name=_confirmed]").count() == 1


def test_a_contact_and_a_participant(walk, contact, own, place, welcomed, staff):
    magnus = make_user("magnus@example.no", "Magnus Fjellheim")
    make_contact(welcomed, magnus, "ppt", by=staff)
    page = walk.as_person(contact)
    walk.see(page, at("correct_contact", own.pk), act=fill_in(email=magnus.email))
    walk.see(page, at("correct_contact", own.pk), act=fill_in(email=NEW))
    walk.see(page, at("registration_address", place.pk), act=fill_in(email=NEW))
    walk.see(page, reverse("participants:add_contact", args=[welcomed.pk]))


def test_staffs_pages_of_a_person(walk, head, own, place, session, gathering, welcomed, staff):
    twice = make_user(NEW, "Hanne Styrer")
    seat(gathering, welcomed, twice)
    address.change(head, f"{'a' * 60}@{'b' * 60}.example.no", by=head, now=timezone.now())
    page = walk.as_person(staff)
    walk.see(page, at("person", head.pk))
    walk.see(page, at("person_mails", head.pk))
    walk.see(page, at("person_history", head.pk))
    walk.see(page, at("person_address", head.pk), act=fill_in(email="ny@example.no"))
    walk.see(page, at("merge", head.pk), act=send_empty)
    walk.see(page, at("merge", head.pk), act=fill_in(email=NEW))
    walk.see(page, reverse("admin:participants_contact_add"))


def test_the_question_in_the_confirmation(walk, contact, own, welcomed, staff):
    asking.ask(welcomed, due_on=timezone.localdate(), by=staff, now=timezone.now())
    page = walk.as_person(contact)

    def answer(page):
        open_all(page)
        page.locator(f"[name=contact-{own.pk}-name]").fill("Hanne Hansen")
        page.locator(f"[name=contact-{own.pk}-email]").fill(NEW)
        page.locator("button[value=confirm]").click()

    walk.see(page, reverse("participants:confirm", args=[welcomed.pk]), act=answer)
    assert page.locator(f"[name=contact-{own.pk}-who]").count() == 2
