"""Putting together the groups in Chromium: both languages, phone and desk; empty, proposed and overlong."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from conftest import make_user, withdraw
from guidance.groups import seating
from guidance.models import Capacity, Composition, ProposedSeat, Supervisor
from participants.models import Municipality, Participation
from tests.browsing import WIDTHS, check, open_all, send_empty

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

UNBROKEN = "Rindfleischetikettierungsüberwachung" * 4


def at(name: str, *args) -> str:
    return reverse(f"guidance:{name}", args=args)


@pytest.fixture
def waiting(participation, units, staff, leader, cohort) -> Composition:
    """Thirteen municipalities, too few people with names that nobody has, and one that has withdrawn."""
    now = timezone.now()
    for number in range(5):
        user = make_user(f"v{number}@example.no", f"{UNBROKEN}{number}")
        employer = Supervisor.Employer.CENTRE if number % 2 else Supervisor.Employer.PRACTICE
        one = Supervisor.objects.create(user=user, name=user.name, employer=employer, knows_school=number > 2)
        Capacity.objects.create(supervisor=one, cohort=cohort, most=number + 1)
    others = Municipality.objects.exclude(pk=participation.municipality_id)[:12]
    for municipality in others:
        other = Participation.objects.create(
            cohort=cohort, municipality=municipality, accepted_at=now, accepted_by=staff
        )
    made = Composition.objects.open_for(cohort, by=leader, now=now)
    seating.propose(cohort, made, by=leader, now=now)
    ProposedSeat.objects.create(composition=made, participation=other, supervisor=one, locked=True)
    withdraw(other, by=staff, now=now)
    return made


def test_from_nothing_to_published(walk, participation, units, leader, cohort):
    page = walk.as_person(leader)
    walk.see(page, at("composition", cohort.pk))
    page.locator("main button[name=begin]").click()
    walk.see(page, at("composition", cohort.pk))
    walk.see(page, at("publish", cohort.pk))
    walk.see(page, at("composition_municipality", participation.pk), act=send_empty)


def test_too_little_for_too_many(walk, waiting, participation, leader, cohort):
    page = walk.as_person(leader)
    walk.see(page, at("cohorts"))
    walk.see(page, at("composition", cohort.pk), act=open_all)
    walk.see(page, at("composition", cohort.pk) + "?vis=brudd&q=finnes+ikke")
    walk.see(page, at("composition_municipality", participation.pk), act=send_empty)
    walk.see(page, at("publish", cohort.pk), act=send_empty)
    walk.see(page, at("discard", cohort.pk))
    walk.see(page, at("composition", cohort.pk))
    waiting.publish(by=leader, now=timezone.now())
    walk.see(page, at("composition", cohort.pk))
    walk.see(page, at("publications", cohort.pk))


def test_the_way_back(walk, waiting, leader, cohort):
    """Published groups are asked about before they are unlocked, a step is undone, and the rest is discarded."""
    waiting.publish(by=leader, now=timezone.now())
    page = walk.as_person(leader)
    page.goto(walk.site + at("composition", cohort.pk))
    page.locator("main button[name=begin]").click()
    page.locator("main button[name=unlock][value=all]").click()
    expect(page.locator("main input[name=sure]")).to_have_count(1)
    check(page, widths=WIDTHS)
    page.locator("main form button[type=submit]").click()
    walk.see(page, at("composition", cohort.pk))
    page.locator("main button[name=undo]").click()
    expect(page.locator("main button[name=undo]")).to_have_count(0)
    page.locator("main a[href$='/forkast/']").click()
    page.locator("main form button[type=submit]").click()
    walk.see(page, at("composition", cohort.pk))
    page.locator("main button[name=restore]").click()
    expect(page.locator("main a[href$='/publiser/']")).to_have_count(1)
