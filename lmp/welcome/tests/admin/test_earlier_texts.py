"""A new cohort's texts may be taken from an earlier one: shown before, nothing old by itself, nothing overwritten."""

import pytest
from django.urls import reverse

from lmp.welcome.grammar import times
from lmp.welcome.models import LetterText
from lmp.welcome.tests.test_admin import text
from participants.models import Cohort


@pytest.fixture
def earlier(cohort) -> Cohort:
    found = Cohort.objects.get(pk=cohort.pk)
    found.pk, found.number = None, cohort.number - 1
    found.save()
    for language in ("nb", "nn"):
        LetterText.objects.create(
            cohort=found,
            language=language,
            intro="Vi er glade for å ha {kommune} med.",
            kick_off_note="Den blir digital.",
            reply="Svar innen 11. mai 2025.",
            senders="Kari Nordmann, direktør",
            case_worker="Siv Sak",
        )
    return found


@pytest.fixture
def page(cohort) -> str:
    return reverse("admin:welcome_copy_texts", args=[cohort.pk])


def ticked(response) -> dict:
    offer = response.context["offer"]
    found = [passage.key for _code, _name, passages in offer.passages for passage in passages if passage.is_ticked]
    return {"fra": response.context["source"].pk, "sett": offer.fingerprint, "felt": found}


def test_what_is_shown_is_taken_and_what_names_a_time_is_not(staff_client, page, earlier, cohort):
    response = staff_client.get(page)
    shown = text(response)
    assert "Vi er glade for å ha {kommune} med." in shown
    assert "Nevner 11. mai 2025." in shown
    assert f"Gjelder oppstarten til {str(earlier).lower()}." in shown
    assert not cohort.letter_texts.exists()
    assert "Tekstene er hentet fra" in text(staff_client.post(page, ticked(response), follow=True))
    for own in cohort.letter_texts.all():
        assert own.intro == "Vi er glade for å ha {kommune} med."
        assert (own.senders, own.case_worker) == ("Kari Nordmann, direktør", "Siv Sak")
        assert (own.reply, own.kick_off_note) == ("", "")
    assert cohort.letter_texts.count() == 2


def test_what_names_a_time_is_taken_by_whoever_ticks_it(staff_client, page, earlier, cohort):
    staff_client.post(page, ticked(staff_client.get(page)) | {"felt": ["nn-reply"]})
    own = cohort.letter_texts.get()
    assert (own.language, own.reply, own.intro) == ("nn", "Svar innen 11. mai 2025.", "")


def test_what_is_written_is_never_overwritten(staff_client, page, earlier, cohort):
    own = LetterText.objects.create(cohort=cohort, language="nb", closing="Vår egen.")
    response = staff_client.get(page)
    assert "Pulja har egne tekster på bokmål. De blir ikke endret." in text(response)
    staff_client.post(page, ticked(response) | {"felt": ["nb-intro", "nn-intro"]})
    own.refresh_from_db()
    assert (own.intro, own.closing) == ("", "Vår egen.")
    assert cohort.letter_texts.get(language="nn").intro
    told = text(staff_client.get(page, follow=True))
    assert "Pulja har egne tekster. Ingenting ble hentet" in told


def test_written_meanwhile_by_somebody_else(staff_client, page, earlier, cohort):
    data = ticked(staff_client.get(page))
    LetterText.objects.create(cohort=cohort, language="nb", intro="Skrevet imens.")
    response = staff_client.post(page, data)
    assert "Tekstene er endret siden du så dem." in text(response)
    assert cohort.letter_texts.get().intro == "Skrevet imens."


def test_changed_there_meanwhile(staff_client, page, earlier, cohort):
    data = ticked(staff_client.get(page))
    earlier.letter_texts.update(intro="En ny tekst.")
    assert "Tekstene er endret siden du så dem." in text(staff_client.post(page, data))
    assert not cohort.letter_texts.exists()


def test_a_text_with_nothing_in_it_is_filled(staff_client, page, earlier, cohort):
    LetterText.objects.create(cohort=cohort, language="nb")
    staff_client.post(page, ticked(staff_client.get(page)))
    assert cohort.letter_texts.get(language="nb").senders == "Kari Nordmann, direktør"


def test_a_button_pressed_twice_takes_them_once(staff_client, page, earlier, cohort):
    data = ticked(staff_client.get(page))
    staff_client.post(page, data)
    assert "Ingenting ble hentet" in text(staff_client.post(page, data, follow=True))
    assert LetterText.history.filter(cohort=cohort).count() == 2


def test_what_would_be_refused_is_not_taken(staff_client, page, earlier, cohort):
    earlier.letter_texts.update(intro="Hei {kommunne}")
    response = staff_client.get(page)
    assert "Kan ikke hentes: Ukjent flettefelt: {kommunne}." in text(response)
    staff_client.post(page, ticked(response) | {"felt": ["nb-intro", "nb-senders"]})
    own = cohort.letter_texts.get()
    assert (own.intro, own.senders) == ("", "Kari Nordmann, direktør")


@pytest.mark.parametrize("felt", [[], ["x"], ["nb-history"], ["nb-cohort"]])
def test_nothing_ticked_takes_nothing(staff_client, page, earlier, cohort, felt):
    response = staff_client.post(page, ticked(staff_client.get(page)) | {"felt": felt})
    assert "Kryss av for det som skal med." in text(response)
    assert not cohort.letter_texts.exists()


def test_a_later_cohort_gives_none(staff_client, page, earlier, cohort):
    Cohort.objects.filter(pk=earlier.pk).update(number=cohort.number + 1)
    assert "Ingen tidligere pulje har tekster å hente." in text(staff_client.get(page, follow=True))


def test_the_way_there_is_shown_until_both_texts_are_written(staff_client, page, earlier, cohort):
    link = reverse("admin:welcome_cohortletters_change", args=[cohort.pk])
    LetterText.objects.create(cohort=cohort, language="nb", intro="Hei.")
    LetterText.objects.create(cohort=cohort, language="nn")
    assert page in text(staff_client.get(link))
    cohort.letter_texts.update(intro="Hei.")
    assert page not in text(staff_client.get(link))


@pytest.mark.parametrize(
    ("wording", "named"),
    [
        ("Svar innen 11. mai 2026, eller 3.4. om det haster.", ["11. mai 2026", "3.4."]),
        ("Vi møtes onsdag kl. 10.30 i veke 12.", ["onsdag", "kl. 10.30", "veke 12"]),
        ("Måndag er Mai Mars her.", []),
        ("Møtet er måndag 4. mars.", ["måndag 4. mars"]),
        ("Pulje 7 går i 2026/2027 og fra august 2026.", ["Pulje 7", "2026/2027", "august 2026"]),
        ("Ring 73 00 00 00, eller møt i rom 201. Takk.", []),
    ],
)
def test_the_times_that_a_text_names(wording, named):
    assert times(wording) == named
