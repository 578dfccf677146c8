"""Bytt person, and a project leader's successor, in Chromium: both languages, a phone and a desk."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browsing import send_empty

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def somebody(page: Page) -> None:
    page.locator("main [name=name]").fill("Vikar Viksen")
    page.locator("main [name=email]").fill("vikar@example.no")
    send_empty(page)


def test_another_comes_instead(walk, per, seat, contact):
    page, address = walk.as_person(contact), reverse("changes:swap", args=[seat.pk])
    walk.see(page, address, act=send_empty)
    walk.see(page, address, act=somebody)
    assert page.locator("main button[name=_confirmed]").count() == 1


def test_a_project_leader_hands_over(walk, leader, cohort):
    page, address = walk.as_person(leader), reverse("changes:replace_leader", args=[leader.project_leader.pk])
    walk.see(page, reverse("changes:leaving"))
    walk.see(page, address, act=send_empty)
    walk.see(page, address, act=somebody)
    assert page.locator("main button[name=_confirmed]").count() == 1
