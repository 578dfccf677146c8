"""Staff's pages about a unit that closes, merges, is renamed or new, in Chromium: both languages, phone and desk."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from guidance.tests.conftest import a_measure
from lmp.changes.unit import closing
from participants.confirmation import asking
from participants.models import Unit
from tests.browsing import send_empty

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "Ålesund og omland åpne oppvekst- og læringssenter " * 3


@pytest.fixture
def busy(participation, units, contact, head, staff) -> list[Unit]:
    """Confirmed, with long names and something that ends."""
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    asked = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=now)
    units[0].rename(name=LONG[:190], by=staff)
    a_measure(units[0], head, what=LONG[:150])
    return units


def fill_in(page: Page) -> None:
    if page.locator("select[name=into]").count():
        page.locator("select[name=into]").select_option(index=1)
    if page.locator("input[name=on]").count():
        page.locator("input[name=on]").fill(timezone.localdate().isoformat())
    for name in ("head", "group", "measures", "ownership"):
        if page.locator(f"input[name={name}]").count():
            page.locator(f"input[name={name}]").last.check()
    if page.locator("input[name=name]").count():
        page.locator("input[name=name]").fill(f"Ny {LONG[:180]}")
    if page.locator("select[name=kind]").count():
        page.locator("select[name=kind]").select_option(index=2)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("name", ["close_unit", "merge_unit", "rename_unit", "change_owner", "add_unit"])
def test_a_change(walk, busy, participation, staff, name):
    address = reverse(f"changes:{name}", args=[participation.pk if name == "add_unit" else busy[0].pk])
    page = walk.as_person(staff)
    if name not in ("rename_unit", "change_owner"):  # what they ask is filled in beforehand
        walk.see(page, address, act=send_empty)
    walk.see(page, address, act=fill_in)
    assert page.locator("main button[name=_confirmed]").count() == 1


def test_what_is_closed_and_counted_anew(walk, busy, participation, contact, staff):
    facts = {"on": timezone.localdate(), "by": staff, "now": timezone.now()}
    closing.merge(busy[1], busy[0], moves=closing.Moves("own", "both", measures=True), **facts)
    page = walk.as_person(staff)
    walk.see(page, reverse("changes:reopen_unit", args=[busy[1].pk]))
    walk.see(page, reverse("admin:participants_unit_change", args=[busy[1].pk]))
    page.context.close()
    page = walk.as_person(contact)
    walk.see(page, participation.get_absolute_url())
    walk.see(page, busy[1].get_absolute_url())
    walk.see(page, reverse("participants:count", args=[busy[0].pk]), act=send_empty)
