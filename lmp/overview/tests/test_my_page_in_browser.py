"""My page on a phone: a head's questions are answered without a click, in both languages, and axe finds nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from gatherings import places
from gatherings.models import Gathering
from gatherings.tests.conftest import entry
from guidance.models import GuidanceSession, Measure, Supervisor
from guidance.tests.conftest import a_measure, held_session, planned_session
from outbox.models import Message
from participants.models import Contact, Participation
from parts.dates import day_in_words
from tests.browsing import new_context, new_page, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

PHONE = 360
FOLD = 740


@pytest.fixture
def guided(participation, units, contact, head, supervisor, staff) -> Participation:
    """Something of everything that the page holds."""
    now, today = timezone.now(), timezone.localdate()
    participation.welcome(by=staff, now=now)
    Contact.objects.update(phone="912 34 567")
    Supervisor.objects.update(phone="400 00 009")
    planned_session(participation, supervisor, units, days=5)
    GuidanceSession.objects.update(place="Møterom 2, rådhuset")
    held_session(participation, supervisor, units[:1], days=-9, agreed="Alle leser planen.")
    a_measure(units[0], head, state="underway", ends_on=today - timedelta(days=3))
    a_measure(units[0], head, what="Flere voksne ute", ends_on=today + timedelta(days=90))
    gathering = Gathering.objects.create(
        cohort=participation.cohort,
        semester=1,
        starts_on=today + timedelta(days=40),
        settled="fixed",
        opens_on=today,
        closes_on=today + timedelta(days=20),
        travel_closes_on=today + timedelta(days=25),
    )
    Gathering.objects.create(cohort=participation.cohort, semester=2)
    places.register(gathering, [entry(gathering=gathering)], participation=participation, by=contact, now=now)
    return participation


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_a_head_reads_it_all_without_a_click(browser, site, guided, head, language):
    """When do you come, who are you, what did we agree, what must I do."""
    head.choose_language(language)
    context = new_context(browser, width=PHONE, language=language, has_touch=True, is_mobile=True)
    sign_in(context, site, head)
    page = new_page(context)
    page.set_viewport_size({"width": PHONE, "height": FOLD})
    page.goto(site)
    coming, held = GuidanceSession.objects.planned().get(), GuidanceSession.objects.held().get()
    with translation.override(language):
        days = {session: day_in_words(session.held_on) for session in (coming, held)}
    said = {
        "sessions": [
            days[coming].capitalize(),
            "09.00",
            "Møterom 2, rådhuset",
            days[held].capitalize(),
            "Alle leser planen.",
        ],
        "people": [
            "Vera Veileder",
            "vera.veileder@example.no",
            "400\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}009",
            "Kari Kontakt",
            "kari.kontakt@example.no",
            "912\N{NO-BREAK SPACE}34\N{NO-BREAK SPACE}567",
        ],
        "todo": ["Fembøringen barnehage"],
        "measures": [*Measure.objects.values_list("what", flat=True)],
    }
    for part, texts in said.items():
        section = page.locator(f"section[aria-labelledby={part}]")
        for text in texts:
            expect(section.get_by_text(text).first).to_be_visible()
    buttons = page.locator("section[aria-labelledby=measures] .app-buttons a")
    assert buttons.count() == 2  # the one that each needs
    left = page.locator("#todo").bounding_box()
    assert left is not None
    assert left["y"] < FOLD / 2, "what is left to do is not on the first screen"


def test_every_page_of_ones_own(walk, guided, contact, head, supervisor, officer):
    for person in (head, contact, supervisor, officer):
        page = walk.as_person(person)
        walk.see(page, "/")
        if person in (head, contact):
            walk.see(page, reverse("overview:own_mails"))
        page.context.close()
    page = walk.as_person(head)
    walk.see(page, reverse("overview:who_sees_what", args=[guided.pk]))
    walk.see(page, reverse("changes:correct_contact", args=[Contact.objects.get(user=head).pk]))
    walk.see(page, reverse("gatherings:feed"), act=lambda page: page.get_by_role("button").last.click())


def test_a_participant_and_what_happens_now(walk, guided):
    registration = Gathering.objects.get(semester=1).registrations.get()
    page = walk.as_person(registration.user)
    walk.see(page, "/")
    walk.see(page, registration.get_absolute_url())
    mail = Message.objects.create(
        key="-",
        message_id="-",
        to=registration.user.email,
        recipient=registration.user,
        subject="Emne",
        body="Tekst https://example.no/" + "a" * 90,
        language="nb",
        created_at=timezone.now(),
        next_attempt_at=timezone.now(),
    )
    walk.see(page, reverse("overview:own_mail", args=[mail.pk]))


@pytest.mark.parametrize("javascript", [True, False])
def test_more_rows_keep_ones_place(browser, site, guided, contact, javascript):
    """On a phone the first new row is on the screen, with the reader in it, also without a script."""
    context = new_context(browser, width=PHONE, java_script_enabled=javascript)
    sign_in(context, site, contact)
    page = new_page(context)
    page.set_viewport_size({"width": PHONE, "height": FOLD})
    page.goto(site + reverse("gatherings:register", args=[Gathering.objects.get(semester=1).pk]))
    number = page.locator(".app-row").count()
    page.locator("button[name=action][value=more]").last.click()
    expect(page.locator(".app-row")).to_have_count(number + 3)
    new = page.locator(f"#person-{number}")
    expect(new).to_be_in_viewport()
    expect(new).to_be_focused()
