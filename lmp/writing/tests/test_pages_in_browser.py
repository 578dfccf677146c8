"""Choosing, writing, looking over and what was sent, in Chromium: both languages, a phone and a desk."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from conftest import make_contact, make_user
from lmp.writing import sending
from lmp.writing.models import Writing
from lmp.writing.tests.conftest import a_draft
from lmp.writing.views import choose, write
from participants.models import Contact
from tests.browsing import open_all

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "Ålesund og omland åpne oppvekst- og læringssenter " * 3


@pytest.fixture
def many(asked, in_nynorsk, head, staff, monkeypatch) -> Writing:
    """More than a page, with names nobody has."""
    monkeypatch.setattr(choose, "PAGE_SIZE", 3)
    monkeypatch.setattr(write, "SURE_FROM", 2)
    for number in range(5):
        person = make_user(f"{'a' * 50}{number}@{'b' * 50}.example.no", f"{LONG}{number}"[:200])
        make_contact(asked, person, Contact.Function.OWNER, by=staff)
    return a_draft(asked, in_nynorsk, by=staff, reason=LONG)


def at(name: str, draft: Writing) -> str:
    return reverse(f"writing:{name}", args=[draft.pk])


def send(page: Page) -> None:
    """Without the tick that so many ask for."""
    page.locator("button[name=send]").click()
    page.wait_for_load_state()


def test_pages(walk, many, asked, staff):
    page, list_page = walk.as_person(staff), reverse("writing:choose")
    walk.see(page, list_page)
    walk.see(page, f"{list_page}?q=finnes+ikke")
    walk.see(page, f"{list_page}?kind=reminder&participation={asked.pk}")
    walk.see(page, at("write", many), act=open_all)
    walk.see(page, at("preview", many), act=open_all)
    walk.see(page, at("preview", many), act=send)
    walk.see(page, at("write", many), act=_empty)
    walk.see(page, reverse("writing:list"))
    reminder = a_draft(asked, by=staff, kind="confirmation")
    walk.see(page, at("write", reminder))
    walk.see(page, at("preview", reminder), act=open_all)


def _empty(page: Page) -> None:
    for name in ("subject_nb", "body_nb", "subject_nn", "body_nn"):
        page.locator(f"[name={name}]").fill("")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def test_what_is_sent(walk, many, staff):
    sending.order(many.pk, seen=many.fingerprint, by=staff, now=timezone.now())
    page = walk.as_person(staff)
    walk.see(page, at("sent", many), act=open_all)
    walk.see(page, at("sent", many) + "?q=finnes+ikke")
    walk.see(page, reverse("writing:list"))
