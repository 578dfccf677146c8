"""Striking a text, in Chromium: the pages in both languages, on a phone, and the browser's own Back afterwards."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from lmp.changes.removing.tests.conftest import NAME
from tests.browsing import new_context, new_page, send_empty, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def choose(page: Page) -> None:
    page.locator("[name=texts]").first.check()
    page.locator("[name=reason]").first.check()
    send_empty(page)


def test_the_pages(walk, log, supervisor):
    page, address = walk.as_person(supervisor), reverse("removing:strike_log", args=[log.pk])
    walk.see(page, address, act=send_empty)
    walk.see(page, address, act=choose)
    assert page.locator("main button[name=_confirmed]").count() == 1


def test_back_after_it_is_done_shows_a_page(browser: Browser, site, log, supervisor):
    context = new_context(browser, width=360)
    page = new_page(context)
    sign_in(context, site, supervisor)
    page.goto(site + reverse("removing:strike_log", args=[log.pk]))
    expect(page.locator("main")).to_contain_text(NAME)
    choose(page)
    page.locator("main button[name=_confirmed]").click()
    expect(page.locator("main")).to_contain_text("Teksten er fjernet")
    page.go_back()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(NAME)
    context.close()
