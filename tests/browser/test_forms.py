"""What every form does for whoever fills it in, in Chromium."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from participants.models import Contact
from tests.browsing import WIDTHS, check, new_context, new_page, sign_in

SCRIPT = pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page_of(browser, site, contact):
    def open_page(address: str, *, width: int = WIDTHS[0], javascript: bool = True) -> Page:
        context = new_context(browser, width=width, java_script_enabled=javascript)
        sign_in(context, site, contact)
        page = new_page(context)
        page.goto(site + address)
        return page

    return open_page


@pytest.fixture
def new_contact(participation) -> str:
    return reverse("participants:add_contact", args=[participation.pk])


@SCRIPT
def test_choosing_the_language_keeps_what_is_typed(page_of, new_contact, javascript):
    page = page_of(new_contact, javascript=javascript)
    page.locator("[name=function]").select_option("ppt")
    page.locator("[name=name]").fill("Åse «Ærlig» Ødegård")
    page.get_by_role("button", name="Nynorsk").click()
    expect(page.locator("html")).to_have_attribute("lang", "nn")
    assert page.url.endswith(new_contact)
    expect(page.locator("[name=name]")).to_have_value("Åse «Ærlig» Ødegård")
    expect(page.locator("[name=function]")).to_have_value("ppt")
    assert not Contact.objects.filter(name__startswith="Åse").exists()
    check(page, javascript=javascript)
    page.get_by_role("button", name="Bokmål").click()
    expect(page.locator("html")).to_have_attribute("lang", "nb")
    expect(page.locator("[name=name]")).to_have_value("Åse «Ærlig» Ødegård")


@SCRIPT
@pytest.mark.parametrize("width", [360, 1280])
def test_link_of_an_error_shows_the_fields_label(page_of, new_contact, width, javascript):
    page = page_of(new_contact, width=width, javascript=javascript)
    page.locator("main form button[type=submit]").last.click()
    for link in page.locator(".ds-error-summary a").all():
        page.evaluate("scrollTo(0, document.body.scrollHeight)") if javascript else page.keyboard.press("End")
        link.click()
        target = (link.get_attribute("href") or "").removeprefix("#")
        expect(page.locator(f"#{target}")).to_be_focused()
        for seen in (f"label[for={target}]", f"#{target}"):
            box = page.locator(seen).bounding_box()
            assert box
            assert 0 <= box["y"] <= 900 - box["height"], (seen, box)


def test_field_says_how_much_of_its_room_is_used(page_of, new_contact):
    page = page_of(new_contact)
    field, said = page.locator("[name=name]"), page.locator("#id_name_limit")
    field.fill("å" * 159)
    expect(said).to_be_hidden()
    field.fill("å" * 160)
    expect(said).to_have_text("160 av 200 tegn")
    check(page)
    field.fill("å" * 250)
    expect(said).to_have_text("50 tegn for mye")
    check(page)
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("[name=name]")).to_have_value("å" * 250)
    expect(page.locator("#id_name_limit")).to_have_text("50 tegn for mye")
    field.fill("å")
    expect(said).to_have_text("1 av 200 tegn")


@SCRIPT
def test_enter_sends_the_form_and_chooses_no_language(page_of, new_contact, javascript):
    page = page_of(new_contact, javascript=javascript)
    page.locator("[name=name]").fill("Åse")
    page.locator("[name=name]").press("Enter")
    expect(page.locator(".ds-error-summary")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "nb")
    expect(page.locator("[name=name]")).to_have_value("Åse")
