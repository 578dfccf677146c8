"""While the texts are written: the letter with what is typed, and nothing stored."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lmp.welcome.admin import preview
from lmp.welcome.models import Letter, LetterText
from lmp.welcome.tests.test_admin import text
from outbox.models import Message
from participants.models import Cohort

PAGE = "admin:welcome_preview_texts"


@pytest.fixture
def typed(participation) -> dict:
    return {
        "cohort": participation.cohort_id,
        "language": "nn",
        "intro": "Hei, {kommune}.",
        "senders": "Kari Nordmann, direktør",
        "case_worker": "Siv Sak",
        "kommune": participation.pk,
    }


@pytest.fixture
def set_letters(monkeypatch) -> list:
    """The facts of each letter that was set."""
    found = []
    real = preview.render

    def render(facts):
        found.append(facts)
        return real(facts)

    monkeypatch.setattr(preview, "render", render)
    return found


def test_what_is_typed_is_shown_and_not_stored(staff_client, typed, participation, set_letters):
    own = LetterText.objects.create(cohort=participation.cohort, language="nn", intro="Lagra.", closing="Lagra.")
    response = staff_client.post(reverse(PAGE), typed)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    [facts] = set_letters
    assert (facts.language, facts.municipality) == ("nn", "Indre Fosen")
    assert (facts.wording.intro, facts.wording.closing) == ("Hei, {kommune}.", "")
    assert (facts.wording.senders, facts.wording.case_worker) == ("Kari Nordmann, direktør", "Siv Sak")
    own.refresh_from_db()
    assert own.intro == "Lagra."
    assert LetterText.objects.count() == LetterText.history.count() == 1
    assert not Letter.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"intro": "Hei {kommunne}"}, "Ukjent flettefelt: {kommunne}."),
        ({"reply": "{frist"}, "«{frist» er ikke et flettefelt."),
        ({"closing": "x" * 1001}, "1000 tegn"),
        ({"kommune": "0"}, "Kommunen venter ikke på brevet lenger. Velg en annen."),
        ({"language": ""}, "Målform"),
        ({"language": "n\0n"}, "Målform"),
        ({"cohort": "x"}, "Pulje"),
    ],
)
def test_what_is_wrong_is_told_in_words(staff_client, typed, set_letters, wrong, said):
    response = staff_client.post(reverse(PAGE), typed | wrong)
    assert response.status_code == 422
    assert said in text(response)
    assert "er ikke lagret ennå" in text(response)
    assert not set_letters


def test_a_municipality_of_another_cohort(staff_client, typed, cohort):
    other = Cohort.objects.get(pk=cohort.pk)
    other.pk, other.number = None, cohort.number + 1
    other.save()
    response = staff_client.post(reverse(PAGE), typed | {"cohort": other.pk})
    assert "Kommunen er ikke med i den pulja." in text(response)


def test_the_button_is_on_the_page_with_those_who_wait(staff_client, participation, other_participation, staff):
    own = LetterText.objects.create(cohort=participation.cohort, language="nb")
    page = reverse("admin:welcome_lettertext_change", args=[own.pk])
    found = text(staff_client.get(page))
    assert f'formaction="{reverse(PAGE)}"' in found
    assert f'<option value="{participation.pk}">Indre Fosen' in found
    assert f'<option value="{participation.pk}">Indre Fosen' in text(
        staff_client.get(reverse("admin:welcome_lettertext_add"))
    )
    for each in (participation, other_participation):
        each.welcome(by=staff, now=timezone.now())
    assert reverse(PAGE) not in text(staff_client.get(page))


def test_nobody_reads_it_by_a_link(staff_client):
    assert staff_client.get(reverse(PAGE)).status_code == 405
