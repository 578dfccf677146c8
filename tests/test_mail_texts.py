"""Every mail that the portal ships can be filled in, in both languages."""

import re

import pytest
from django.conf import settings

from outbox import texts

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
