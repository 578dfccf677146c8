"""What a person sees of themselves: everything held about them at gatherings, and nothing of anybody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gatherings import personal_data, places
from gatherings.day import evaluation, needs
from gatherings.models import Feed, LateRequest
from gatherings.tests.hall import mark, move, put_in, signed_in


@pytest.fixture
def filled(gathering, registration, welcomed, contact, staff, today):
    """The contact with everything at a gathering, beside another who also has something."""
    now = timezone.now()
    move(gathering, starts_on=today)
    [other] = put_in(gathering, {"name": "Anna Annen", "email": "anna@example.no"}, participation=welcomed, by=contact)
    needs.keep(registration, food="Uten melk", access="Teleslynge", now=now)
    needs.keep(other, food="Vegetar", access="", now=now)
    for day in gathering.days:
        mark(registration, day=day, by=staff)
    late_request = LateRequest.objects.create(
        gathering=gathering, participation=welcomed, text="Kan vi være tre?", asked_at=now, asked_by=contact
    )
    late_request.reply(answer="Ja, det går fint.", by=staff, now=now)
    LateRequest.objects.create(
        gathering=gathering, participation=welcomed, text="Og fire?", asked_at=now, asked_by=contact
    )
    scores = {question.name: 2 for question in evaluation.QUESTIONS}
    evaluation.answer(gathering, user=contact, scores=scores, comment="Det jeg svarte")
    Feed.objects.open_for(contact, now=now)
    return registration


def said(user) -> str:
    sections = [personal_data.registrations(user), personal_data.traces(user)]
    return "\n".join(f"{what}: {value}" for _title, rows in sections for what, value in rows)


def test_both_see_that_one_came_instead_of_the_other(registration, contact):
    instead = {"name": "Vikar Viksen", "email": "vikar@example.no", "function": "owner"}
    _kept, swap = places.swap(registration, **instead, by=contact, now=timezone.now())
    assert "Kari Kontakt ga fra seg påmeldingen til 1. samling, Pulje 9" in said(contact)
    assert "Vikar Viksen" not in said(contact)
    assert "Du overtok påmeldingen til 1. samling, Pulje 9" in said(swap.after)


def test_everything_is_there(filled, contact, gathering):
    _title, rows = personal_data.registrations(contact)
    about = "1. samling, Pulje 9"
    assert [what for what, _value in rows] == [
        about,
        f"Du møtte, {about}",
        f"Du trenger, {about}",
        f"Evaluering, {about}",
    ]
    held = dict(rows)
    assert "Kari Kontakt, Indre Fosen, eier, Påmeldt, Bestiller reise etter framgangsmåten" in held[about]
    assert held[f"Du møtte, {about}"].count(str(gathering.starts_on.year)) == 2
    assert held[f"Du trenger, {about}"] == "Uten melk; Teleslynge"
    _title, rows = personal_data.traces(contact)
    assert [value for _what, value in rows][:2] == ["Kan vi være tre? Svar: Ja, det går fint.", "Og fire?"]
    assert rows[2][0] == "Kalenderadresse"
    assert rows[2][1].startswith("Laget ")


def test_never_what_was_answered_or_the_secret_address(filled, contact):
    assert "Det jeg svarte" not in said(contact)
    assert Feed.objects.get().token not in said(contact)


def test_nothing_of_anybody_else(filled, contact):
    assert "Anna" not in said(contact)
    assert "Vegetar" not in said(contact)


def test_a_cancelled_registration_is_still_held(filled, contact):
    places.cancel(filled, by=contact, now=timezone.now())
    assert "Meldt av" in said(contact)


def test_nothing_is_an_empty_section(stranger):
    assert said(stranger) == ""


def test_a_calendar_address_alone(stranger):
    Feed.objects.open_for(stranger, now=timezone.now())
    assert "Kalenderadresse" in said(stranger)


def test_on_the_page_and_in_the_download(filled, contact):
    client = signed_in(contact)
    assert "Teleslynge" in client.get(reverse("accounts:me")).text
    assert "Teleslynge" in client.get(reverse("accounts:export")).text


def test_a_query_for_each_section(filled, contact):
    with CaptureQueriesContext(connection) as queries:
        said(contact)
    assert len(queries) == 5  # one more for what else they come for, one for their answers, and one for swaps
