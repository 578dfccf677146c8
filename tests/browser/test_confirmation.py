"""The whole confirmation, from the code in the mail to the receipt, in Chromium."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from outbox import delivery
from participants.confirmation import asking
from participants.models import Confirmation, Unit
from tests.browsing import LANGUAGES, WIDTHS, check, mailed_code, new_context, new_page, sign_in
from tests.days_off import nearest

SAVED = re.compile("Utkastet ditt er (lagret|lagra) ")

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked(participation, contact, head, units, staff) -> Confirmation:
    now = timezone.now()
    units[0].suggest(children=36, on=timezone.localdate(now))
    participation.welcome(by=staff, now=now)
    return asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_code_in_the_mail_to_the_receipt(browser, site, asked, contact, units, width, language, javascript):
    contact.language = language
    contact.save()
    page = new_page(new_context(browser, width=width, language=language, java_script_enabled=javascript))

    page.goto(site + "/")
    check(page, javascript=javascript)
    page.locator("[name=email]").fill(contact.email)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/konto/logg-inn/kode/**")
    check(page, javascript=javascript)
    page.locator("[name=code]").fill(mailed_code())
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(site + "/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    check(page, javascript=javascript)

    page.locator(".app-todo a.ds-button").first.click()
    page.wait_for_url("**/bekreft/")
    check(page, javascript=javascript)

    # sent too early: the summary takes focus and leads to the field, nothing typed is lost
    page.locator(f"[name=unit-{units[0].pk}-children]").fill("trettiseks")
    page.locator("button[value=confirm]").click()
    expect(page.locator(".ds-error-summary")).to_be_focused()
    expect(page.locator(f"[name=unit-{units[0].pk}-children]")).to_have_value("trettiseks")
    check(page, may_refuse=True, javascript=javascript)
    page.locator(".ds-error-summary a").first.click()
    expect(page.locator(f"[name=unit-{units[0].pk}-children]")).to_be_focused()

    for number, unit in enumerate(units):
        page.locator(f"[name=unit-{unit.pk}-children]").fill(str(36 + number))
    for kind in ("kindergarten", "school"):
        page.locator(f"[name=counted_on-{kind}]").fill(timezone.localdate().isoformat())
    page.locator("button[value=draft]:visible").last.click()
    expect(page.locator("main")).to_contain_text(SAVED)
    check(page, javascript=javascript)

    page.locator("[name=ppt][value=yes]").check()
    page.locator("[name=political][value=now]").check()
    page.locator("[name=political_on]").fill(nearest(timezone.localdate(), -1).isoformat())
    page.locator("[name=political_body]").fill("Kommunestyret på Fosen")
    page.locator(f"details:has([name=unit-{units[1].pk}-name]) summary").click()
    page.locator(f"[name=unit-{units[1].pk}-name]").fill("Leksvik barnehåge")
    page.locator("button[value=confirm]").click()
    page.wait_for_url("**/kvittering/1/")
    expect(page.locator("main")).to_contain_text("Leksvik barnehåge")
    check(page, javascript=javascript)

    asked.refresh_from_db()
    assert [unit["children"] for unit in asked.snapshot["units"]] == [36, 37, 38, 39]
    delivery.drain(now=timezone.now())
    receipt = next(message for message in mail.outbox if "Kvittering" in message.subject)
    assert receipt.to == [contact.email]
    assert "Leksvik barnehåge: 37" in receipt.body

    # back, and once more: the round stays confirmed once
    page.go_back()
    page.goto(site + reverse("participants:confirm", args=[asked.participation_id]))
    page.wait_for_url("**/kvittering/1/")
    assert Confirmation.objects.count() == 1


def test_enter_in_a_field_saves_a_draft_and_confirms_nothing(browser, site, asked, contact, units):
    context = new_context(browser, width=1280)
    sign_in(context, site, contact)
    page = new_page(context)
    page.goto(site + reverse("participants:confirm", args=[asked.participation_id]))
    page.locator(f"[name=unit-{units[0].pk}-children]").fill("36")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(SAVED)
    expect(page.locator(f"[name=unit-{units[0].pk}-children]")).to_have_value("36")
    asked.refresh_from_db()
    assert asked.is_open


def test_what_is_typed_survives_a_closed_browser(browser, site, asked, contact, units):
    context = new_context(browser, width=1280)
    sign_in(context, site, contact)
    page = new_page(context)
    page.goto(site + reverse("participants:confirm", args=[asked.participation_id]))
    page.locator(f"[name=unit-{units[0].pk}-children]").fill("36")
    expect(page.locator("[data-draft-status]")).not_to_be_empty()
    context.close()
    again = new_context(browser, width=1280)
    sign_in(again, site, contact)
    page = new_page(again)
    page.goto(site + reverse("participants:confirm", args=[asked.participation_id]))
    expect(page.locator(f"[name=unit-{units[0].pk}-children]")).to_have_value("36")


def test_no_draft_is_said_to_be_saved_that_is_not(browser, site, asked, contact, units):
    """Without the network, and after signing out in another tab, which a redirect to the sign-in page would hide."""
    context = new_context(browser, width=1280)
    sign_in(context, site, contact)
    page, other = new_page(context), new_page(context)
    page.goto(site + reverse("participants:confirm", args=[asked.participation_id]))
    other.goto(site + "/")
    field, status = page.locator(f"[name=unit-{units[0].pk}-children]"), page.locator("[data-draft-status]")
    context.set_offline(True)
    field.fill("36")
    expect(status).to_have_text("Utkastet er ikke lagret. Vi prøver igjen.")
    context.set_offline(False)
    expect(status).to_have_text(re.compile("Utkast lagret kl"))
    assert asked.drafts.count() == 1
    asked.drafts.all().delete()
    other.locator("header form[action*=logg-ut] button").click()
    other.wait_for_url("**/logg-inn/**")
    field.fill("37")
    expect(status).to_have_text("Utkastet er ikke lagret. Velg «Lagre utkast», så ser du hvorfor.")
    assert not asked.drafts.exists()
    page.locator("button[value=draft]:visible").last.click()
    page.wait_for_url("**/logg-inn/**")


def test_two_tabs_and_a_session_that_ends_lose_nothing(browser, site, asked, contact, units):
    """Signed out in one tab, what was typed in the other is kept over the new sign-in."""
    context = new_context(browser, width=1280, java_script_enabled=False)
    sign_in(context, site, contact)
    page, other = new_page(context), new_page(context)
    page.goto(site + reverse("participants:confirm", args=[asked.participation_id]))
    page.locator(f"[name=unit-{units[0].pk}-children]").fill("36")
    other.goto(site + "/")
    other.locator("header form[action*=logg-ut] button").click()
    page.locator("button[value=draft]:visible").last.click()
    page.wait_for_url("**/logg-inn/**")
    page.locator("[name=email]").fill(contact.email)
    page.locator("main form button[type=submit]").first.click()
    page.locator("[name=code]").fill(mailed_code())
    page.locator("main form button[type=submit]").first.click()
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text(SAVED)
    expect(page.locator(f"[name=unit-{units[0].pk}-children]")).to_have_value("36")


def test_in_a_long_form_it_is_seen_everywhere_how_far_one_has_come_and_that_it_is_saved(
    browser, site, asked, contact, participation
):
    """The status stood below the last button, twenty-seven screens away."""
    for number in range(30):
        Unit.objects.create(participation=participation, name=f"Skole {number}", kind="school")
    context = new_context(browser, width=360)
    sign_in(context, site, contact)
    page = new_page(context)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site + reverse("participants:confirm", args=[participation.pk]))
    first = page.locator("[name$=-children]").first
    first.fill("36")
    status, progress = page.locator("[data-draft-status]"), page.locator("[data-filled]")
    expect(status).to_have_text(re.compile(r"Utkast lagret kl. \d\d.\d\d"))
    expect(progress).to_have_text("1 av 34 enheter har tall")
    for seen in (first, status, progress):
        expect(seen).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight") > 10 * 740
    page.locator("summary", has_text="Gå til en enhet").click()
    page.get_by_role("link", name="Skole 29").click()
    last = Unit.objects.get(name="Skole 29")
    expect(page.locator(f"[name=unit-{last.pk}-children]")).to_be_in_viewport()
    expect(progress).to_be_in_viewport()
    check(page)


def test_two_answers_from_two_tabs_stand_side_by_side(browser, site, asked, contact, units):
    context = new_context(browser, width=WIDTHS[0])
    sign_in(context, site, contact)
    first, second = new_page(context), new_page(context)
    for page in (first, second):
        page.goto(site + reverse("participants:confirm", args=[asked.participation_id]))
    for page, figure in ((first, "41"), (second, "42")):
        page.locator(f"[name=unit-{units[0].pk}-children]").fill(figure)
        page.locator("button[value=draft]:visible").last.click()
        expect(page.locator("main")).to_contain_text(SAVED)
    row = second.locator("section[aria-labelledby=two-answers] tbody tr")
    expect(row.locator("td").first).to_contain_text("42")
    expect(row.locator("td").last).to_contain_text("41")
    check(second, widths=WIDTHS)
