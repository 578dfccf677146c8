"""Sharing, and reading what is shared, in Chromium: both languages, a phone and a desk; empty, filled and overlong."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from conftest import make_contact, make_user
from lmp.sharing import reading
from lmp.sharing.models import Publication
from lmp.sharing.tests.conftest import PDF, a_file, a_publication
from lmp.sharing.views import lists, telling
from participants.models import Contact
from tests.browsing import open_all, send_empty

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "Ålesund og omland åpne oppvekst- og læringssenter " * 3
UNBROKEN = "Æ" * 150


@pytest.fixture
def overlong(cohort, gathering, welcomed, contact, staff, monkeypatch) -> Publication:
    """More than a page of everything, and names that nobody has."""
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    monkeypatch.setattr(telling, "PAGE_SIZE", 2)
    for number in range(4):
        person = make_user(f"{'a' * 60}{number}@example.no", f"{LONG}{number}"[:200])
        make_contact(welcomed, person, Contact.Function.PPT, by=staff)
        a_publication(cohort, title_nb=f"Nyhet {number}", title_nn="", by=staff)
    facts = {"title_nb": UNBROKEN, "title_nn": LONG[:150], "text_nb": f"{UNBROKEN}\n\nhttps://example.no/{UNBROKEN}"}
    one = a_publication(cohort, gathering=gathering, **facts, by=staff)
    for number, name in enumerate(("program.pdf", f"{'ø' * 190}.pdf", f"{LONG}.pdf")):
        a_file(one, name, PDF + str(number).encode(), by=staff)
    reading.note(one, contact, version=one.files.all()[0].versions.get(), now=timezone.now())
    return one


def at(name: str, key: int) -> str:
    return reverse(f"sharing:{name}", args=[key])


def test_pages_of_staff(walk, overlong, cohort, staff):
    draft = a_publication(cohort, is_draft=True, title_nn="", by=staff)
    page = walk.as_person(staff)
    walk.see(page, reverse("sharing:list"))
    walk.see(page, reverse("sharing:list") + "?q=finnes+ikke")
    walk.see(page, reverse("sharing:new"), act=send_empty)
    for name in ("publication", "change", "files", "take_back", "readers"):
        walk.see(page, at(name, overlong.pk), act=open_all)
    walk.see(page, at("readers", overlong.pk) + "?tilstand=lest")
    walk.see(page, at("preview", draft.pk))
    walk.see(page, at("files", draft.pk), act=_upload_something_else)
    walk.see(page, at("replace", overlong.files.all()[0].pk), act=send_empty)
    walk.see(page, reverse("removing:strike_publication", args=[overlong.pk]))
    walk.see(page, at("publication", overlong.pk), act=_tell)


def _upload_something_else(page: Page) -> None:
    page.locator("input[type=file]").set_input_files({"name": "a.exe", "mimeType": "x/y", "buffer": b"MZ"})
    send_empty(page)


def _tell(page: Page) -> None:
    page.locator("button[name=reason]").first.click()
    page.wait_for_load_state()


def test_pages_of_a_reader(walk, overlong, cohort, contact):
    page = walk.as_person(contact)
    walk.see(page, reverse("sharing:list"))
    walk.see(page, reverse("sharing:list") + "?q=finnes+ikke")
    walk.see(page, overlong.get_absolute_url())
    walk.see(page, "/")
    walk.see(page, reverse("desk:cohort", args=[cohort.pk]))
    walk.see(page, overlong.gathering.get_absolute_url())


def test_nothing_is_shared(walk, stranger, staff):
    walk.see(walk.as_person(stranger), reverse("sharing:list"))
    walk.see(walk.as_person(staff), reverse("sharing:list"))
