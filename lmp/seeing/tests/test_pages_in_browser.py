"""«Se som» in Chromium: both languages, phone and desk, with forced colours and without scripts."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from participants.confirmation import asking
from tests.browsing import check, new_context, new_page, send_empty, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "Rindfleischetikettierungsüberwachung" * 4
REASON = "Ringte om bekreftelsen"


@pytest.fixture
def helper(staff) -> User:
    staff.groups.add(Group.objects.get(name=settings.SEE_AS_GROUP))
    return staff


@pytest.fixture
def asked(participation, contact, units, staff):
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    return asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)


def address(person: User) -> str:
    return reverse("seeing:begin", args=[person.pk])


def begin(page: Page, site: str, person: User) -> None:
    page.goto(site + address(person))
    page.get_by_role("textbox").fill(REASON)
    page.locator("#page-form").get_by_role("button").last.click()
    page.wait_for_url(f"{site}/")


def test_pages_of_the_staff(walk, helper, contact, head):
    page = walk.as_person(helper)
    walk.see(page, address(contact), act=send_empty)
    walk.see(page, address(helper))
    walk.see(page, reverse("seeing:log"))


def test_what_the_other_sees(walk, helper, contact, asked, participation):
    User.objects.filter(pk=contact.pk).update(name=LONG, language=walk.language)
    page = walk.as_person(helper)
    begin(page, walk.site, contact)
    for path, status in [
        ("/", 200),
        (reverse("participants:confirm", args=[participation.pk]), 200),
        (reverse("gatherings:feed"), 403),
        ("/finnes-ikke/", 404),
    ]:
        walk.see(page, path, status=status)
    assert page.locator("body > section").first.get_attribute("class") == "app-seeing"


@pytest.mark.parametrize("colours", ["none", "active"])
def test_a_whole_call_without_scripts(browser, site, helper, contact, asked, participation, colours):
    context = new_context(browser, width=320, java_script_enabled=False, forced_colors=colours)
    sign_in(context, site, helper)
    page = new_page(context)
    begin(page, site, contact)
    banner = page.get_by_role("region", name="Du ser portalen som Kari Kontakt")
    expect(banner).to_be_visible()
    assert banner.evaluate("one => parseFloat(getComputedStyle(one).borderTopWidth)") >= 3
    page.goto(site + reverse("participants:confirm", args=[participation.pk]))
    page.get_by_role("button", name="Lagre utkast").click()
    expect(page.get_by_role("heading", name="Ingenting er sendt")).to_be_visible()
    page.get_by_role("link", name="Gå tilbake").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bekreft")
    assert not asked.drafts.exists()
    banner.get_by_role("button", name="Avslutt").click()
    expect(page.get_by_text("Du ser portalen som deg selv igjen")).to_be_visible()
    expect(banner).to_have_count(0)


def test_nothing_is_left_on_the_device(browser, site, helper, supervisor):
    """Of a supervisor's page the browser else keeps forms, and a worker. What is of somebody else stays there too."""
    context = new_context(browser, width=1280)
    sign_in(context, site, helper)
    page = new_page(context)
    page.goto(site + reverse("help"))
    page.evaluate(f"localStorage.setItem('lmp-log:{helper.pk}:/x/', '{{}}')")
    begin(page, site, supervisor)
    page.goto(site + reverse("guidance:supervisor"))
    assert page.evaluate("Object.keys(localStorage)") == [f"lmp-log:{helper.pk}:/x/"]
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
    assert page.complaints == []


def test_back_does_not_show_what_was_seen(browser, site, helper, contact, asked, participation):
    context = new_context(browser, width=1280)
    sign_in(context, site, helper)
    page = new_page(context)
    begin(page, site, contact)
    page.goto(site + reverse("participants:contacts", args=[participation.pk]))
    page.get_by_role("button", name=re.compile("Avslutt")).click()
    page.wait_for_url(re.compile("/se-som/"))
    page.go_back()
    expect(page.get_by_text("Du ser portalen som Kari Kontakt")).to_have_count(0)


def test_the_banner_stays_in_sight_and_covers_no_focus(browser, site, helper, contact, asked, participation):
    context = new_context(browser, width=1280)
    sign_in(context, site, helper)
    page = new_page(context)
    begin(page, site, contact)
    page.goto(site + reverse("participants:confirm", args=[participation.pk]))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_role("region", name="Du ser portalen som")).to_be_in_viewport()
    for link in page.locator("main a, main button, main input:not([type=hidden])").all()[:12]:
        link.focus()
        box, banner = link.bounding_box(), page.locator(".app-seeing").bounding_box()
        assert box is None or box["y"] + box["height"] > banner["y"] + banner["height"] - 1
    check(page)
