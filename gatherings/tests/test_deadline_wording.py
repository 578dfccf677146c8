"""One deadline is said in one way wherever it stands: "til og med" and its last day, never the midnight after it."""

import html
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from gatherings import places
from gatherings.mails import notices
from gatherings.models import Gathering
from gatherings.tests.admin.pages import change
from gatherings.tests.admin.test_gathering import address, typed
from gatherings.tests.conftest import entry
from outbox.models import Message

FRIDAY = datetime(2026, 11, 27, 11, tzinfo=UTC)
SAID = "til og med søndag 29. november 2026"
ANOTHER_WAY = (
    "24.00",
    "00.00",
    "mandag 30. november",
    "måndag 30. november",
    "før søndag",
    "innen søndag",
    "innan søndag",
)


@pytest.fixture(autouse=True)
def friday():
    with time_machine.travel(FRIDAY):
        yield


@pytest.fixture
def offered(gathering, welcomed, head, units, contact):
    """The head waits first in line for the only place, and is offered it today."""
    Gathering.objects.update(capacity=1, offer_days=2)
    gathering.refresh_from_db()
    people = [
        entry(1, gathering=gathering),
        entry(2, name=head.name, email=head.email, function="head", unit=units[0], gathering=gathering),
        entry(3, gathering=gathering),
    ]
    first, second, _third = places.register(gathering, people, participation=welcomed, by=contact, now=timezone.now())
    _row, passed = places.cancel(first, by=contact, now=timezone.now())
    notices.passed(passed, now=timezone.now())
    second.refresh_from_db()
    return second


def read(answer) -> str:
    text = html.unescape(re.sub("<[^>]+>", " ", answer.content.decode()))
    return " ".join(text.split()).replace(" .", ".")


def otherwise(text: str) -> list[str]:
    """The other ways in which the same deadline is said there."""
    return [other for other in ANOTHER_WAY if other in text]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_mail_the_pages_and_my_page_say_it_alike(client, offered, head, gathering, language):
    Message.objects.all().delete()
    head.choose_language(language)
    notices.passed(places.PlacesPassedOn([], [offered]), now=timezone.now())
    mail = Message.objects.get(text_name="gatherings.offered")
    client.force_login(head)
    for text in (
        mail.subject,
        mail.body,
        read(client.get(reverse("home"))),
        read(client.get(offered.get_absolute_url())),
        read(client.get(gathering.get_absolute_url())),
        read(client.get(reverse("gatherings:cancel", args=[offered.pk]))),
    ):
        assert otherwise(text) == []
    for text in (
        mail.subject,
        mail.body,
        read(client.get(reverse("home"))),
        read(client.get(offered.get_absolute_url())),
    ):
        assert SAID in text


def test_so_do_the_mails_of_a_swap_and_of_the_end(offered, contact, gathering):
    row, swap = places.swap(
        offered, name="Vikar Viksen", email="vikar@example.no", function="head", by=contact, now=timezone.now()
    )
    notices.swapped(row, swap, by=contact, now=timezone.now())
    swapped = Message.objects.get(text_name="gatherings.swapped_in").body
    notices.passed(places.pass_on(gathering, now=row.offered_until), now=row.offered_until)
    ended = Message.objects.get(text_name="gatherings.expired").body
    for body in (swapped, ended):
        assert SAID in body
        assert otherwise(body) == []


def test_so_do_staffs_page_of_the_registration_and_their_preview(staff_client, offered, gathering):
    page = read(staff_client.get(change(offered)))
    assert f"gjelder {SAID}" in page
    preview = read(staff_client.post(address(gathering), typed(gathering, capacity=2)))
    assert f"Person 3, Indre Fosen. Kan svare {SAID}" in preview
    assert otherwise(page) == otherwise(preview) == []
