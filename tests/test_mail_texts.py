"""Every mail that the portal ships can be filled in, in both languages."""

import re
import tomllib

import pytest
from django.conf import settings

from outbox import texts
from outbox.models import Wording

TEXTS = texts.all_texts()
LANGUAGES = [language for language, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_the_shipped_wording_can_be_filled_in(name, language):
    text = TEXTS[name]
    invented = {placeholder: f"[{placeholder}]" for placeholder in text.placeholders}
    filled = texts.fill(text, language, *texts.shipped_wording(text, language), invented)
    assert "{" not in filled.subject + filled.text


@pytest.mark.parametrize("name", TEXTS)
def test_both_languages_use_the_same_placeholders_and_differ(name):
    found = [texts.shipped_wording(TEXTS[name], language) for language in LANGUAGES]
    used = [
        {placeholder for placeholder in TEXTS[name].placeholders if f"{{{placeholder}}}" in subject + body}
        for subject, body in found
    ]
    assert used[0] == used[1]
    assert found[0] != found[1]


@pytest.mark.parametrize("name", TEXTS)
def test_every_placeholder_is_explained_to_staff(name):
    text = TEXTS[name]
    assert str(text.title)
    assert all(str(meaning) for meaning in text.placeholders.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_a_deadline_is_said_in_one_way(name, language):
    """ "til og med" and its day, as on every page: parts.dates.through."""
    wording = "\n".join(texts.shipped_wording(TEXTS[name], language))
    for deadline in re.finditer(r"{(?:svar)?frist}", wording):
        assert wording[: deadline.start()].endswith("til og med ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_each_says_who_sends_it_why_and_whom_to_ask(name, language, settings):
    settings.SUPPORT_EMAIL = "hjelp@udir.example"
    filled = _filled(name, language)
    signature = {"nb": "Vennlig hilsen", "nn": "Venleg helsing"}[language]
    because, support = "Du får denne e-posten fordi ", "hjelp@udir.example"
    for page in (filled.text, filled.html):
        assert page.count(signature) == 1
        assert page.count(because) == 1
        assert support in page
        assert "Utdanningsdirektoratet" in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_a_link_is_named_in_html_and_an_address_in_the_text(name, language, settings):
    filled = _filled(name, language)
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', filled.html)
    assert links
    for address, said in links:
        assert "://" not in said
        assert address in filled.text


@pytest.mark.parametrize("name", TEXTS)
def test_html_that_outlook_draws_with_word(name):
    html = _filled(name, "nb").html
    assert not re.search(r"<main|\drem\b|(?<!\()max-width", html)
    assert 'role="presentation" width="600"' in html
    assert '<meta name="color-scheme" content="light dark">' in html


@pytest.mark.parametrize("name", TEXTS)
def test_two_lists_are_not_drawn_as_one(name):
    """With nothing but a blank line between them they are one list, with a paragraph in each item."""
    text = TEXTS[name]
    invented = {
        placeholder: [placeholder] * 2 if str(meaning).startswith("liste over") else placeholder
        for placeholder, meaning in text.placeholders.items()
    }
    filled = texts.fill(text, "nb", *texts.shipped_wording(text, "nb"), invented)
    assert not re.search(r"<li>\s*<p>", filled.html)


def test_no_reason_is_of_a_kind_that_is_gone():
    reasons = tomllib.loads((texts.WORDINGS / "because.toml").read_text(encoding="utf-8")).values()
    kinds = [kind for reason in reasons for kind in reason["kinds"]]
    assert sorted(kinds) == sorted(TEXTS)


@pytest.mark.django_db
def test_a_wording_of_staff_keeps_the_foot():
    name = "participants.reminder"
    Wording.objects.create(name=name, language="nb", subject="Husk", body="Svar oss, {navn}.")
    invented = {placeholder: f"[{placeholder}]" for placeholder in TEXTS[name].placeholders}
    rendered = texts.render(TEXTS[name], "nb", invented)
    assert rendered.text.startswith("Svar oss, [navn].\n\nVennlig hilsen\n")
    assert "Du får denne e-posten fordi du svarer for en kommune i Læringsmiljøprosjektet." in rendered.text


def _filled(name: str, language: str) -> texts.RenderedMail:
    text = TEXTS[name]
    invented = {placeholder: f"[{placeholder}]" for placeholder in text.placeholders}
    invented |= {
        place: f"{settings.SITE_URL}/sted/{place}/" for place in ("lenke", "ingen_kommer") if place in invented
    }
    return texts.fill(text, language, *texts.shipped_wording(text, language), invented)
