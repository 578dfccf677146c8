"""A word of eighty letters in a name widens no list, table or card beyond a phone; on a desk no column goes under."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.places import Entry
from guidance.models import Supervisor
from participants.models import Contact, Municipality, Participation, Unit
from tests.browsing import WIDTHS, check, new_context, new_page, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

WORD = "Menneskerettighetsorganisasjonssekretariatsmedarbeiderskapsfellesskapsordningene"
# A table with many figures may scroll inside itself; one whose rows stand under one another has no reason to.
TOO_WIDE = """() =>
    [...document.querySelectorAll("main :is(p, li, h1, h2, h3, dd, .ds-tag, .app-stacked, .app-stacked td)")]
    .filter(found => found.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(found => `${found.tagName} ${found.className}: ${found.textContent.trim().slice(0, 40)}`)"""
SCROLLING = """() => [...document.querySelectorAll("main .app-table")]
    .filter(region => region.scrollWidth > region.clientWidth + 1).map(region => region.getAttribute("aria-label"))"""


@pytest.fixture
def gathering(participation, contact, head, supervisor, units, staff) -> Gathering:
    """Open, with two who are registered; whoever and whatever has a name has this one."""
    now = timezone.now()
    today = timezone.localdate(now)
    participation.welcome(by=staff, now=now)
    made = Gathering.objects.create(
        cohort=participation.cohort,
        semester=1,
        starts_on=today + timedelta(days=21),
        venue=WORD,
        settled="fixed",
        opens_on=today,
        closes_on=today + timedelta(days=10),
        capacity=1,
    )
    facts = {"unit": None, "days": [made.starts_on.isoformat()], "nights": [], "travel": Registration.Travel.ORDERS}
    entries = [
        Entry(name=WORD, email=f"{number}@example.no", function=Contact.Function.OWNER, **facts) for number in range(2)
    ]
    places.register(made, entries, participation=participation, by=contact, now=now)
    for model in (Municipality, Unit, Contact, Supervisor, User):
        model.objects.update(name=WORD)
    return made


def see(page: Page, address: str) -> None:
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        check(page)
        assert page.evaluate(TOO_WIDE) == [], (address, width)
    assert page.evaluate(SCROLLING) == [], address


def addresses(participation: Participation, gathering: Gathering) -> list[str]:
    return [
        reverse("home"),
        gathering.get_absolute_url(),
        participation.get_absolute_url(),
        reverse("participants:contacts", args=[participation.pk]),
        reverse("overview:own_mails"),
        reverse("changes:leaving"),
    ]


def test_pages_of_a_contact(browser, site, participation, gathering, contact):
    context = new_context(browser, width=WIDTHS[0])
    sign_in(context, site, contact)
    page = new_page(context)
    for address in addresses(participation, gathering):
        see(page, site + address)


def test_pages_of_a_project_leader(browser, site, participation, gathering, leader):
    context = new_context(browser, width=WIDTHS[0])
    sign_in(context, site, leader)
    page = new_page(context)
    for address in (reverse("guidance:supervisors"), reverse("guidance:workload", args=[participation.cohort_id])):
        see(page, site + address)
