"""One person writes in so many unknown addresses an hour; what they typed waits, and staff see it."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as project
from django.urls import reverse
from django.utils import timezone

from accounts.models import TooManyAddresses, User
from gatherings.registration.forms import MAX_ROWS
from outbox.models import Message
from participants.models import Contact


def add(client, participation, number: int):
    page = reverse("participants:add_contact", args=[participation.pk])
    typed = {"function": "ppt", "name": f"Person {number}", "email": f"p{number}@example.no", "phone": ""}
    return client.post(page, typed, headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"})


@pytest.fixture
def me(client, contact, settings):
    settings.NEW_ADDRESSES_AN_HOUR = 3
    client.force_login(contact)
    return client


def test_one_too_many_is_not_stored_and_waits(me, participation, contact):
    for number in range(3):
        assert add(me, participation, number).status_code == 302
    before = Contact.objects.count(), User.objects.count(), Message.objects.count()
    page = add(me, participation, 3)
    assert page.status_code == 429
    assert "Dette ble ikke lagret" in page.text
    assert (Contact.objects.count(), User.objects.count(), Message.objects.count()) == before
    kept = me.get(reverse("accounts:unsent_forms")).text
    assert "p3@example.no" in kept
    assert "Det var for mange nye adresser på en time." in kept


def test_after_the_hour_it_goes(me, participation):
    for number in range(3):
        add(me, participation, number)
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert add(me, participation, 3).status_code == 302


def test_an_address_that_is_known_counts_for_nothing(contact, settings):
    settings.NEW_ADDRESSES_AN_HOUR = 1
    User.objects.for_email("a@example.no", by=contact)
    for _turn in range(5):
        User.objects.for_email("a@example.no", by=contact)
    with pytest.raises(TooManyAddresses):
        User.objects.for_email("b@example.no", by=contact)


def test_an_address_that_is_put_right_counts_too(contact, head, settings):
    settings.NEW_ADDRESSES_AN_HOUR = 1
    head.change_email("a@example.no", by=contact, now=timezone.now())
    with pytest.raises(TooManyAddresses):
        head.change_email("b@example.no", by=contact, now=timezone.now())


def test_staff_write_in_as_many_as_they_have(staff, settings):
    settings.NEW_ADDRESSES_AN_HOUR = 1
    assert len({User.objects.for_email(f"{number}@example.no", by=staff) for number in range(5)}) == 5


def test_the_largest_honest_hour_goes():
    """A whole form of registrations, and the heads and contacts of a municipality with 140 units beside it."""
    assert project.NEW_ADDRESSES_AN_HOUR >= MAX_ROWS + 140 + 10


def test_staff_see_on_their_first_page_who_wrote_in_many(client, staff, contact, settings):
    settings.NEW_ADDRESSES_SEEN_FROM = 3
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("SecondFactorMiddleware")]
    client.force_login(staff)
    for number in range(2):
        User.objects.for_email(f"{number}@example.no", by=contact)
    assert "Mange nye e-postadresser" not in client.get(reverse("admin:index")).text
    User.objects.for_email("2@example.no", by=contact)
    page = client.get(reverse("admin:index")).text
    assert "Mange nye e-postadresser på ett døgn" in page
    assert reverse("changes:person", args=[contact.pk]) in page
