"""How staff set up and change gatherings, in Chromium: both languages, phone and desk; empty, filled, with errors."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from gatherings import places
from gatherings.mails import notices
from gatherings.models import Document, Gathering, LateRequest
from gatherings.places import Entry
from outbox.posting import post
from participants.mails import texts
from tests.browser.test_pages import LONG, UNBROKEN, at, send_empty

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gathering(participation, contact, head, staff) -> Gathering:
    """Full, with people who wait, overlong names, a document and questions; registration closed yesterday."""
    now = timezone.now()
    today = timezone.localdate(now)
    participation.welcome(by=staff, now=now)
    found = Gathering.objects.create(
        cohort=participation.cohort,
        semester=1,
        settled="fixed",
        starts_on=today + timedelta(days=30),
        ends_on=today + timedelta(days=31),
        opens_on=today - timedelta(days=9),
        closes_on=today + timedelta(days=9),
        venue="Clarion Hotel & Congress",
        address=UNBROKEN,
        programme=LONG,
        capacity=2,
    )
    people = [
        Entry(name, f"{number}@example.no", "owner", None, [day.isoformat() for day in found.days], [], "orders")
        for number, name in enumerate(["Åse Ås", UNBROKEN, LONG, "Øyvind Øy"])
    ]
    places.register(found, people, participation=participation, by=contact, now=now)
    Gathering.objects.filter(pk=found.pk).update(closes_on=today - timedelta(days=1))
    files = {"name": f"{UNBROKEN}.pdf", "content": b"%PDF-", "content_type": "application/pdf", "size": 5}
    Document.objects.create(gathering=found, title=LONG, uploaded_at=now, uploaded_by=staff, **files)
    asked = {"gathering": found, "participation": participation, "asked_at": now, "asked_by": contact}
    LateRequest.objects.create(text=f"{LONG}\n{UNBROKEN}", **asked)
    LateRequest.objects.create(text="Kort", answer="Ja.", answered_at=now, answered_by=staff, **asked)
    return found


@pytest.fixture
def told(monkeypatch) -> None:
    def moved(gathering: Gathering, *, now) -> None:
        values = dict.fromkeys(texts.REMINDER.placeholders, "-")
        for row in gathering.registrations.active():
            to = row.user.email
            post(texts.REMINDER, key=f"moved:{to}", to=to, language="nb", values=values, why="-", now=now)

    monkeypatch.setattr(notices, "moved", moved)


def change(**values: str):
    """Type these values into the form and press save."""

    def act(page: Page) -> None:
        for name, value in values.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator("input[name=_save]").click()
        page.wait_for_load_state()

    return act


def press(name: str):
    def act(page: Page) -> None:
        page.locator(f"#content-main {name}").last.click()
        page.wait_for_load_state()

    return act


def test_pages_before_there_is_a_gathering(walk, cohort, staff):
    page = walk.as_person(staff)
    for name in ("gathering", "laterequest"):
        walk.see(page, at(f"admin:gatherings_{name}_changelist"))
    walk.see(page, at("admin:gatherings_gathering_add"), act=press("input[name=_save]"))
    walk.see(page, at("admin:gatherings_gathering_make"))
    walk.see(page, f"{at('admin:gatherings_gathering_make')}?pulje={cohort.pk}")
    walk.see(page, f"{at('admin:gatherings_gathering_make')}?pulje=0", status=422)


def test_pages_of_a_gathering(walk, gathering, staff):
    page = walk.as_person(staff)
    document = Document.objects.get()
    for name in ("gathering", "laterequest"):
        walk.see(page, at(f"admin:gatherings_{name}_changelist"))
    walk.see(page, at("admin:gatherings_gathering_change", gathering.pk))
    walk.see(page, at("admin:gatherings_gathering_history", gathering.pk))
    answers = at("admin:gatherings_registration_answers", gathering.pk)
    walk.see(page, answers)
    walk.see(page, answers, act=press("input[name=places]"))
    documents = at("admin:gatherings_gathering_documents", gathering.pk)
    walk.see(page, documents, act=press("input[type=submit]"))
    walk.see(page, at("admin:gatherings_gathering_document_delete", gathering.pk, document.pk))
    walk.see(page, f"{at('admin:gatherings_gathering_make')}?pulje={gathering.cohort_id}")
    for late_request in LateRequest.objects.order_by("answered_at"):
        walk.see(page, at("admin:gatherings_laterequest_change", late_request.pk))
    asked = LateRequest.objects.open().get()
    walk.see(page, at("admin:gatherings_laterequest_change", asked.pk), act=press("input[type=submit]"))


def test_what_a_change_does(walk, gathering, staff, told):
    page = walk.as_person(staff)
    address = at("admin:gatherings_gathering_change", gathering.pk)

    def move(page: Page) -> None:
        change(venue="Et annet hotell", ends_on="", capacity="1")(page)
        assert page.locator("input[name=_confirmed]").count() == 1

    later = Gathering.objects.get().starts_on + timedelta(days=7)
    walk.see(page, address, act=change(starts_on=later.strftime("%d.%m.%Y"), ends_on="", sentence="Hotellet er fullt."))
    walk.see(page, address, act=move)
    page.locator("input[name=_back]").click()
    page.wait_for_load_state()
    assert page.locator("[name=venue]").input_value() == "Et annet hotell"
    assert Gathering.objects.get().venue != "Et annet hotell"
    page.locator("input[name=_save]").click()
    page.locator("input[name=_confirmed]").click()
    page.wait_for_load_state()
    assert Gathering.objects.get().venue == "Et annet hotell"


def test_asking_after_the_deadline(walk, gathering, contact, head):
    address = at("gatherings:late_request", gathering.pk)
    walk.see(walk.as_person(head), address)
    page = walk.as_person(contact)
    walk.see(page, address, act=send_empty)
    walk.see(page, f"{address}?sendt=1")
    Gathering.objects.update(settled="cancelled")
    walk.see(page, address)
