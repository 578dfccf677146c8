"""The county governor's pages in Chromium: both languages, phone and desk, with errors, and without JavaScript."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from conftest import make_user
from guidance.models import GroupMember
from guidance.tests.conftest import a_measure, held_session
from participants.models import GovernorContact, Municipality, Participation
from tests.browsing import Walk, new_context, open_all, send_empty, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
UNBROKEN = "Rindfleischetikettierungsüberwachung" * 4


@pytest.fixture
def busy(participation, supervisor, units, head, levanger, office) -> Participation:
    """One that is silent with a measure over its deadline, one that has not answered, and a person of a long name."""
    GroupMember.objects.update(started_on=timezone.localdate() - timedelta(days=400))
    held_session(participation, supervisor, units, days=-200)
    a_measure(units[0], head, ends_on=timezone.localdate() - timedelta(days=3))
    person = make_user(f"{'a' * 60}@{'b' * 60}.example.no", UNBROKEN)
    GovernorContact.objects.create(governor=office, user=person, started_on=timezone.localdate())
    former = make_user("tidligere@example.no", "Tidligere Embete")
    today = timezone.localdate()
    GovernorContact.objects.create(governor=office, user=former, started_on=today, ended_on=today)
    return participation


def fill_in(page: Page) -> None:
    page.locator("[name=name]").fill("Randi Rådgiver")
    page.locator("[name=email]").fill("randi@example.no")
    page.locator("[name=function]").select_option("owner")
    page.locator("[name='enhet-0-name']").fill(UNBROKEN)
    page.locator("[name='enhet-0-kind']").select_option("school")
    page.locator("main .ds-button[type=submit]").last.click()


def test_pages_of_an_office(walk: Walk, busy, levanger, later, office, officer, staff):
    page = walk.as_person(officer)
    own = officer.governor_contacts.get()
    place = Municipality.objects.get(number="5006")
    walk.see(page, "/")
    walk.see(page, "/statsforvalter/")
    walk.see(page, "/statsforvalter/?q=finnes+ikke")
    walk.see(page, reverse("governor:choose"), act=send_empty)
    walk.see(page, reverse("governor:nominate", args=[later.pk, place.pk]), act=send_empty)
    walk.see(page, reverse("governor:nominate", args=[later.pk, place.pk]), act=fill_in)
    walk.see(page, reverse("governor:nominate", args=[later.pk, busy.municipality_id]))
    walk.see(page, reverse("governor:accept", args=[levanger.pk]), act=send_empty)
    walk.see(page, reverse("governor:decline", args=[levanger.pk]), act=send_empty)
    walk.see(page, reverse("governor:add", args=[levanger.pk]), act=send_empty)
    walk.see(page, levanger.get_absolute_url())
    walk.see(page, reverse("governor:people", args=[office.pk]), act=open_all)
    walk.see(page, reverse("governor:add_person", args=[office.pk]), act=send_empty)
    walk.see(page, reverse("governor:correct_person", args=[own.pk]))
    walk.see(page, reverse("governor:end_person", args=[own.pk]))
    levanger.decline(on=timezone.localdate(), said_by=UNBROKEN, reason=UNBROKEN, by=officer, now=timezone.now())
    walk.see(page, levanger.get_absolute_url())
    staffs = walk.as_person(staff)
    walk.see(staffs, reverse("governor:take_back", args=[levanger.pk]))
    walk.see(staffs, reverse("board:board", args=[later.pk]))
    walk.see(staffs, reverse("governor:people", args=[office.pk]))
    walk.see(staffs, reverse("admin:participants_countygovernor_change", args=[office.pk]))


def test_nominated_without_javascript(browser, site, later, officer):
    context = new_context(browser, width=320, java_script_enabled=False)
    sign_in(context, site, officer)
    page = context.new_page()
    page.goto(f"{site}/statsforvalter/nominer/")
    page.get_by_label("Kommune").select_option(label="Levanger")
    page.get_by_role("button", name="Gå videre").click()
    page.get_by_label("Navn").first.fill("Randi Rådgiver")
    page.get_by_label("E-postadresse").fill("randi@example.no")
    page.get_by_label("Funksjon").select_option("owner")
    page.locator("[name='enhet-0-name']").fill("Ytterøy skole")
    page.locator("[name='enhet-0-kind']").select_option("school")
    page.get_by_role("button", name="Flere enheter").click()
    expect(page.locator("[name='enhet-0-name']")).to_have_value("Ytterøy skole")
    page.get_by_role("button", name="Se hva som skjer").click()
    page.get_by_label("Vi vet ikke nummeret nå").check()
    page.get_by_role("button", name="Se hva som skjer").click()
    page.get_by_role("button", name="Nominer").click()
    expect(page.get_by_text("Levanger er nominert til pulje 10.")).to_be_visible()
    assert Participation.objects.get(cohort=later).units.get().name == "Ytterøy skole"
