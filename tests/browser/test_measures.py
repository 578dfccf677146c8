"""Measures and involvement in Chromium: both languages, phone and desk; empty, filled, overlong, with errors."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guidance.models import Measure
from guidance.tests.conftest import a_measure, a_session
from participants.models import Participation, ProjectGroup
from tests.browsing import new_context, new_page, open_all, send_empty, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "Ålesund og omland åpne oppvekst- og læringssenter " * 5
UNBROKEN = "Rindfleischetikettierungsüberwachung" * 5


@pytest.fixture
def filled(participation, units, contact, head, officer, supervisor, leader) -> Participation:
    """Measures in every state, one overdue, and something of everybody who was involved."""
    today = timezone.localdate()
    took_part, asked = {"children": 5, "head": 1}, {"children": ["asked"], "parents": ["asked", "chose"]}
    day = today - timedelta(days=9)
    session = a_session(participation, units[:2], supervisor, day=day, took_part=took_part, involved=asked)
    for number, state in enumerate(Measure.State.values):
        last = today + timedelta(days=number * 7 - 3)
        progress = "Alle er orientert.\nVi begynner etter ferien."
        a_measure(units[0], head, state=state, progress=progress, ends_on=last, opened_in=session, sub_goal=number + 3)
    group = ProjectGroup.objects.create(unit=units[0], updated_at=timezone.now())
    group.members.create(name="Per Pappa", part="parent")
    return participation


@pytest.fixture
def overlong(filled, units, head) -> Participation:
    """Texts as long as they may be, with and without a place to break, and years too many."""
    units[0].name = UNBROKEN
    units[0].save()
    for text in (LONG, UNBROKEN):
        facts = {"what": (text * 2)[:300], "why": (text * 20)[:2000], "who": (text * 2)[:200]}
        days = {
            "ends_on": timezone.localdate() - timedelta(days=4000),
            "starts_on": timezone.localdate() - timedelta(days=4700),
        }
        a_measure(units[0], head, state="underway", progress=(text * 20)[:2000], **facts, **days)
    return filled


def at(name: str, pk: int, query: str = "") -> str:
    return reverse(f"guidance:{name}", args=[pk]) + query


def of(unit) -> Measure:
    """The most urgent one."""
    return unit.measures.most_urgent_first()[0]


def change_what_another_changes(page) -> None:
    """Somebody else is faster, so the page comes back with both."""
    measure = Measure.objects.get(pk=page.url.rstrip("/").rsplit("/", 1)[-1])
    page.locator("textarea[name=progress]").fill("Det jeg skrev")
    measure.change(
        facts=measure.facts, state="finished", progress="Andres ord", by=measure.opened_by, now=timezone.now()
    )
    send_empty(page)
    assert page.locator("textarea[name=progress]").input_value() == "Det jeg skrev"


def test_those_who_keep_them(walk, filled, head, contact, units):
    page = walk.as_person(head)
    walk.see(page, at("measures", units[0].pk), act=open_all)
    walk.see(page, at("measures", units[0].pk, "?delmal=1"))
    walk.see(page, at("add_measure", units[0].pk))
    walk.see(page, at("involvement", filled.pk))
    page = walk.as_person(contact)
    walk.see(page, at("municipality_measures", filled.pk, "?sorter=-til"))
    walk.see(page, at("involvement", filled.pk))
    walk.see(page, at("measure", of(units[0]).pk, "?fort-opp"), act=open_all)
    walk.see(page, at("measure", of(units[0]).pk), act=change_what_another_changes)
    walk.see(page, reverse("overview:participation", args=[filled.pk]))
    walk.see(page, reverse("participants:unit", args=[units[0].pk]))


def test_those_who_see(walk, filled, supervisor, officer, leader, units):
    page = walk.as_person(supervisor)
    walk.see(page, at("measures", units[0].pk))
    walk.see(page, at("measure", of(units[0]).pk))
    page = walk.as_person(officer)
    walk.see(page, at("involvement", filled.pk))
    page = walk.as_person(leader)
    walk.see(page, at("cohort_involvement", filled.cohort_id))
    walk.see(page, at("cohort_involvement", filled.cohort_id, "?mangler=children&sorter=ppt"))


def test_pages_before_there_is_a_measure(walk, participation, units, head, contact, leader):
    page = walk.as_person(head)
    walk.see(page, at("measures", units[0].pk))
    walk.see(
        page, at("add_measure", units[0].pk), act=lambda page: (page.locator("[name=who]").fill(""), send_empty(page))
    )
    walk.see(page, at("involvement", participation.pk))
    page = walk.as_person(contact)
    walk.see(page, at("municipality_measures", participation.pk))
    page = walk.as_person(leader)
    walk.see(page, at("cohort_involvement", participation.cohort_id))


def test_pages_hold_the_longest_texts(walk, overlong, contact, units):
    page = walk.as_person(contact)
    walk.see(page, at("measures", units[0].pk), act=open_all)
    walk.see(page, at("add_measure", units[0].pk))
    walk.see(page, at("measure", of(units[0]).pk), act=open_all)
    walk.see(page, at("municipality_measures", overlong.pk))
    walk.see(page, at("involvement", overlong.pk))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_measure_from_first_to_last(browser, site, units, head, javascript):
    """Entered, begun and carried out, as a head does it on a phone; with the back button and a second press."""
    context = new_context(browser, width=360, java_script_enabled=javascript)
    sign_in(context, site, head)
    page = new_page(context)
    page.goto(site + at("measures", units[0].pk))
    page.get_by_role("link", name="Legg til tiltak").click()
    page.get_by_label("Hva skal dere gjøre?").fill("Felles rutine")
    page.get_by_label("Delmål 4").check()
    page.get_by_label("Observasjoner").check()
    page.get_by_label("Hva vet dere, som gjør at dere velger dette?").fill("Vi så mye uro ved bordene i høst.")
    page.get_by_role("button", name="Legg til tiltaket").click()
    page.get_by_text("Tiltaket er lagt til.").wait_for()
    page.go_back()
    page.get_by_role("button", name="Legg til tiltaket").click()
    page.get_by_text("Tiltaket er lagt til.").wait_for()
    assert Measure.objects.count() == 1
    page.get_by_label("Gjennomført").check()
    page.get_by_label("Fortell kort hvordan det går").fill("Rutinen er i bruk")
    page.locator("[name=effect]").fill("Det er roligere ved bordene.")
    page.locator("[name=known_by]").fill("Vi gjentok observasjonene.")
    page.get_by_role("button", name="Lagre").click()
    page.get_by_text("Tiltaket er lagret.").wait_for()
    [made] = Measure.objects.all()
    assert (made.state, made.progress, made.what) == ("finished", "Rutinen er i bruk", "Felles rutine")
    context.close()
