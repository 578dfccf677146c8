"""Staff's pages of a municipality that withdraws and comes back, in Chromium: both languages, phone and desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from conftest import make_contact, make_supervisor, make_user
from gatherings import places
from gatherings.models import Gathering
from gatherings.tests.conftest import entry
from guidance.tests.conftest import a_measure, planned_session
from lmp.changes.withdrawal import change
from participants.confirmation import asking
from participants.models import Cohort, Contact, Participation
from tests.browsing import send_empty

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "Ålesund og omland åpne oppvekst- og læringssenter " * 3


@pytest.fixture
def busy(participation, other_participation, contact, head, officer, supervisor, units, staff) -> Participation:
    """Something of all that ends, with names nobody has."""
    now, today = timezone.now(), timezone.localdate()
    for each in (participation, other_participation):
        each.welcome(by=staff, now=now)
    gathering = Gathering.objects.create(
        cohort=participation.cohort,
        semester=1,
        starts_on=today + timedelta(days=20),
        settled="fixed",
        opens_on=today,
        closes_on=today + timedelta(days=10),
        travel_closes_on=today + timedelta(days=12),
        capacity=2,
    )
    for start, of in ((1, participation), (4, other_participation)):
        entries = [entry(start + turn, gathering=gathering, name=f"{LONG}{turn}"[:200]) for turn in range(3)]
        places.register(gathering, entries, participation=of, by=staff, now=now)
    make_supervisor(participation, make_user("siv.senter@example.no", LONG[:190]))
    make_contact(participation, contact, Contact.Function.HEAD, unit=units[1], by=staff)
    planned_session(participation, supervisor, units[:2], days=9)
    planned_session(participation, supervisor, units[:1], days=-2)
    a_measure(units[0], head, what=LONG[:150])
    asking.ask(participation, due_on=today + timedelta(days=14), by=staff, now=now)
    year = participation.cohort.first_year + 1
    later = Cohort.objects.create(
        number=10, first_year=year, starts_on=participation.cohort.starts_on.replace(year=year), confirm_by=today
    )
    Participation.objects.create(cohort=later, municipality=participation.municipality)
    return participation


def fill_in(page: Page) -> None:
    """What is asked, and on to what it does."""
    page.locator("input[name=day]").fill(timezone.localdate().isoformat())
    page.locator("input[name=reason]").fill("Kommunestyret har bestemt det")
    for box in page.locator("input[name=both], input[name=again]").all():
        box.check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def test_withdraw(walk, busy, other_participation, staff):
    chosen = {"kommune": [busy.pk, other_participation.pk]}
    page = walk.as_person(staff)
    walk.see(page, reverse("changes:withdraw", query=chosen), act=send_empty)
    walk.see(page, reverse("changes:withdraw", query=chosen), act=fill_in)
    assert page.locator("main button[name=_confirmed]").count() == 1


def test_come_back(walk, busy, contact, staff):
    facts = {"decided_on": timezone.localdate(), "reason": LONG, "by": staff, "now": timezone.now()}
    change.withdraw([busy], **facts)
    page = walk.as_person(staff)
    walk.see(page, reverse("changes:come_back", args=[busy.pk]), act=send_empty)
    walk.see(page, reverse("changes:come_back", args=[busy.pk]), act=fill_in)
    assert page.locator("main button[name=_confirmed]").count() == 1
    walk.see(page, busy.get_absolute_url())
    walk.see(page, reverse("admin:participants_participation_change", args=[busy.pk]))
    page.context.close()
    page = walk.as_person(contact)
    walk.see(page, busy.get_absolute_url())
    walk.see(page, busy.registrations.first().get_absolute_url())
