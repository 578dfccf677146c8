"""Registering for a gathering, in Chromium: every page of it, and the whole way without a script on a phone."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from conftest import make_contact, make_user
from gatherings import places
from gatherings.models import Gathering, LateRequest, Registration
from gatherings.tests.conftest import entry
from outbox.models import Message
from participants.models import Contact, Participation, Unit
from tests.browsing import check, new_context, new_page, open_all, send_empty, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "Ålesund og omland åpne oppvekst- og læringssenter " * 3
UNBROKEN = "Rindfleischetikettierungsüberwachung" * 4


@pytest.fixture
def overlong(gathering, welcomed, staff) -> Participation:
    """Names nobody has, and a great many of them; the even ones are registered."""
    people = []
    for number in range(12):
        unit = Unit.objects.create(participation=welcomed, name=f"{UNBROKEN}{number}", kind="school")
        person = make_user(f"{'a' * 60}{number}@{'b' * 60}.example.no", f"{LONG}{number}"[:200])
        make_contact(welcomed, person, Contact.Function.HEAD, unit=unit, by=staff)
        if number % 2 == 0:
            name = f"{UNBROKEN}{number}"
            people.append(entry(gathering=gathering, name=name, email=person.email, function="head", unit=unit))
    places.register(gathering, people, participation=welcomed, by=staff, now=timezone.now())
    Gathering.objects.update(
        venue=UNBROKEN[:100], address=LONG[:100], procedure=f"{UNBROKEN}\n{LONG}", programme=UNBROKEN * 3
    )
    return welcomed


def at(name: str, *args) -> str:
    return reverse(f"gatherings:{name}", args=args)


def register_nobody(page: Page) -> None:
    for come in page.locator("[name$=-come]").all():
        come.uncheck()
    send_empty(page)


def register_badly(page: Page) -> None:
    """A suggested person and a new one, with hardly a field that is right."""
    open_all(page)
    page.locator("[name=person-0-email]").fill("ikke en adresse")
    page.locator("[name=person-0-name]").fill(UNBROKEN)
    for day in page.locator("[name=person-0-days]").all():
        day.uncheck()
    page.locator("[name$=-email]").last.fill(UNBROKEN)
    send_empty(page)


def test_before_anybody_is_registered(walk, gathering, welcomed, contact, head, staff):
    page = walk.as_person(contact)
    walk.see(page, "/")
    walk.see(page, at("gathering", gathering.pk))
    walk.see(page, at("register", gathering.pk))
    walk.see(page, at("register", gathering.pk), act=register_nobody)
    walk.see(page, at("register", gathering.pk), act=register_badly)
    walk.see(page, at("feed"))
    walk.see(page, at("feed"), act=send_empty)
    alone = make_user("petra.ppt@example.no", "Petra PPT")
    make_contact(welcomed, alone, Contact.Function.PPT, by=staff)
    walk.see(walk.as_person(alone), at("register", gathering.pk), act=open_all)
    Gathering.objects.update(opens_on=gathering.closes_on)
    walk.see(page, at("gathering", gathering.pk))


def register_another(page: Page) -> None:
    """Somebody of another name, for another unit, at an address that is taken: both are asked about."""
    page.locator("[name$=-name]").last.fill("En Annen")
    page.locator("[name$=-email]").last.fill("hanne.styrer@example.no")
    page.locator("[name$=-function]").last.select_option("staff")
    page.locator("[name$=-place]").last.select_option(index=3)
    send_empty(page)
    expect(page.locator("[name$=-same_person]")).to_be_visible()
    expect(page.locator("[name$=-also]")).to_be_visible()


def test_nobody_comes_and_one_seat_for_several(walk, gathering, welcomed, contact, head, units):
    person = entry(name=head.name, email=head.email, unit=units[0], function="head", gathering=gathering)
    [seat] = places.register(gathering, [person], participation=welcomed, by=contact, now=timezone.now())
    page = walk.as_person(contact)
    walk.see(page, at("register", gathering.pk), act=register_another)
    walk.see(page, at("nobody_comes", gathering.pk))
    walk.see(page, at("nobody_comes", gathering.pk), act=send_empty)
    walk.see(page, at("cancel", seat.pk))
    seat.also_for.create(participation=welcomed, added_at=timezone.now(), added_by=contact)
    walk.see(page, at("registration", seat.pk))
    for unit in units[1:]:
        facts = {"unit": unit, "answered_at": timezone.now(), "answered_by": contact, "note": UNBROKEN}
        gathering.nobody_comes.create(participation=welcomed, **facts)
    walk.see(page, at("gathering", gathering.pk))
    walk.see(page, "/")


def test_registrations(walk, gathering, registration, one_of_each, welcomed, contact, staff):
    Registration.objects.filter(pk=registration.pk).update(placed_at=timezone.now())
    Registration.objects.filter(name="offered").update(offered_until=timezone.now() + timedelta(days=2))
    page = walk.as_person(contact)
    walk.see(page, "/")
    walk.see(page, at("gathering", gathering.pk))
    walk.see(page, at("register", gathering.pk), act=open_all)
    walk.see(page, at("registration", registration.pk))
    for row in one_of_each.values():
        walk.see(page, at("registration", row.pk))
    walk.see(page, at("change", registration.pk))
    walk.see(page, at("cancel", registration.pk))
    walk.see(page, at("cancel", one_of_each["waiting"].pk))

    def too_late(page: Page) -> None:
        Gathering.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
        send_empty(page)

    walk.see(page, at("change", registration.pk), act=too_late)
    walk.see(page, at("gathering", gathering.pk))
    walk.see(page, at("registration", registration.pk))
    walk.see(page, at("late_request", gathering.pk) + f"?pamelding={registration.pk}", act=send_empty)
    facts = {"gathering": gathering, "participation": welcomed, "asked_by": contact, "asked_at": timezone.now()}
    LateRequest.objects.create(**facts, text=UNBROKEN)
    LateRequest.objects.create(**facts, text="Hei\nog hå").reply(answer=UNBROKEN, by=staff, now=timezone.now())
    walk.see(page, at("late_request", gathering.pk))


def test_pages_hold_long_names_and_many_rows(walk, gathering, overlong, contact):
    row = gathering.registrations.latest("pk")
    page = walk.as_person(contact)
    walk.see(page, "/")
    walk.see(page, at("gathering", gathering.pk))
    walk.see(page, at("register", gathering.pk), act=open_all)
    walk.see(page, at("register", gathering.pk), act=register_badly)
    walk.see(page, at("registration", row.pk))
    walk.see(page, at("change", row.pk))
    walk.see(page, at("cancel", row.pk))


@pytest.fixture
def phone(browser, site, contact):
    def phone(**context) -> Page:
        found = new_context(browser, width=320, **context)
        sign_in(found, site, contact)
        return new_page(found)

    return phone


def test_from_the_form_to_cancelled_without_a_script(phone, site, gathering, welcomed, contact, head):
    page = phone(java_script_enabled=False)
    page.goto(site + at("gathering", gathering.pk))
    page.get_by_role("link", name="Meld på deltakere").click()
    expect(page.locator("[name=person-0-name]")).to_have_value("Kari Kontakt")
    expect(page.locator("[name=person-1-name]")).to_have_value("Hanne Styrer")
    page.uncheck("[name=person-1-come]")
    page.fill("[name=person-2-name]", "Bjørnhild Ærlig Åsgård")
    page.fill("[name=person-2-email]", "bjornhild@example.no")
    page.select_option("[name=person-2-function]", "owner")
    page.get_by_role("button", name="Flere linjer").click()

    expect(page.locator("[name=person-6-name]")).to_have_count(1)
    expect(page.locator("[name=person-0-come]")).to_be_checked()
    expect(page.locator("[name=person-1-come]")).not_to_be_checked()
    expect(page.locator("[name=person-2-name]")).to_have_value("Bjørnhild Ærlig Åsgård")
    expect(page.locator("[name=person-2-function]")).to_have_value("owner")
    page.select_option("[name=person-2-place]", f"k{welcomed.pk}")
    check(page, javascript=False)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Meld på").hover()
    with transaction.atomic():
        places.lock(gathering)  # the answer waits, so that the second press comes before it
        for _press in range(2):
            page.mouse.down()
            page.mouse.up()
            page.wait_for_timeout(300)
    page.wait_for_url("**" + at("gathering", gathering.pk))
    # The answer to the first press is never seen; the second one found what the first had stored.
    stored = re.compile("Bjørnhild Ærlig Åsgård, [^:]+: (var påmeldt fra før, )?har plass")
    expect(page.locator("main")).to_contain_text(stored)
    expect(page.locator("main")).to_contain_text("Bjørnhild Ærlig Åsgård")
    expect(page.locator("main")).not_to_contain_text("Hanne Styrer")
    check(page, javascript=False)
    assert set(Registration.objects.values_list("name", flat=True)) == {"Kari Kontakt", "Bjørnhild Ærlig Åsgård"}
    assert len(sent) == 2
    assert Registration.objects.count() == 2
    assert Message.objects.filter(to="bjornhild@example.no").count() == 1

    page.go_back()
    expect(page.locator("h1")).to_have_text("Påmelding til 1. samling")
    page.go_forward()
    expect(page.locator("main")).to_contain_text("Bjørnhild Ærlig Åsgård")
    assert Registration.objects.count() == 2

    page.get_by_role("link", name="Bjørnhild Ærlig Åsgård").click()
    page.get_by_role("link", name="Endre påmeldingen").click()
    page.locator("[name=days]").first.uncheck()
    page.select_option("[name=travel]", "own_car")
    page.get_by_role("button", name="Lagre endringene").click()
    expect(page.locator("main")).to_contain_text("Endringene er lagret")
    expect(page.locator("main")).to_contain_text("Kjører egen bil")
    check(page, javascript=False)
    page.get_by_role("link", name="Meld av").click()
    page.get_by_role("button", name="Meld av").click()
    expect(page.locator("main")).to_contain_text("Bjørnhild Ærlig Åsgård er meldt av.")
    check(page, javascript=False)
    changed = Registration.objects.get(name="Bjørnhild Ærlig Åsgård")
    assert changed.days == [gathering.days[1].isoformat()]
    assert changed.cancelled_by == contact


def test_the_summary_leads_to_a_field_that_was_folded_away(phone, site, gathering, welcomed, contact, head):
    page = phone()
    page.goto(site + at("register", gathering.pk))
    field = page.locator("[name=person-1-email]")
    summary = page.locator("details:has([name=person-1-email]) summary")
    summary.click()
    field.fill("ikke en adresse")
    summary.click()
    expect(field).not_to_be_visible()
    page.get_by_role("button", name="Meld på").click()
    expect(page.locator(".ds-error-summary")).to_be_focused()
    check(page, may_refuse=True)
    expect(field).to_be_visible()
    expect(field).to_have_value("ikke en adresse")
    page.locator(".ds-error-summary a").click()
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    expect(page.locator("[name=person-0-email]")).not_to_be_visible()  # nothing is wrong there
    field.fill(head.email)
    page.get_by_role("button", name="Meld på").click()
    expect(page.locator("main")).to_contain_text("Påmeldingen er mottatt")
    assert Registration.objects.count() == 2


def test_back_keeps_what_was_typed_in_its_own_rows(phone, site, gathering, welcomed, contact, head):
    page = phone()
    page.goto(site + at("register", gathering.pk))
    open_all(page)
    page.locator("[name=person-1-come]").uncheck()
    last = page.locator("input[name$=-name]").last
    last.fill("Anton Ansatt")
    page.get_by_role("link", name="Avbryt").click()
    expect(page.locator("h1")).to_have_text("1. samling")
    page.go_back()
    expect(page.locator("input[name$=-name]").last).to_have_value("Anton Ansatt")
    expect(page.locator("[name=person-1-come]")).not_to_be_checked()
    # Somebody else registers the first meanwhile: the rows are others', and nothing is filled in.
    own = entry(gathering=gathering, name="Kari Kontakt", email=contact.email)
    places.register(gathering, [own], participation=welcomed, by=contact, now=timezone.now())
    page.reload()
    expect(page.locator("input[name$=-name]").last).to_have_value("")
    expect(page.locator("[name=person-0-come]")).to_be_checked()
