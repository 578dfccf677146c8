"""Our own words for what Django and other packages show, where theirs are missing or hard to read."""

from importlib.util import find_spec
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.forms import CharField, DateField
from django.urls import reverse
from django.utils import translation

from accounts.authentication import second_factor
from lmp.catalogue import wrong_with

LANGUAGES = ["nb", "nn"]


def ours(language: str) -> list[polib.POEntry]:
    folder = settings.BASE_DIR / f"locale/packages/{language}/LC_MESSAGES"
    return [entry for file in sorted(folder.glob("*.po")) for entry in polib.pofile(str(file))]


def texts_of(package: str) -> set[str]:
    spec = find_spec(package.replace("/", "."))
    assert spec
    assert spec.origin
    catalogues = Path(spec.origin).parent.glob("locale/*/LC_MESSAGES/django*.po")
    return {entry.msgid for file in catalogues for entry in polib.pofile(str(file)) if not entry.obsolete}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_still_in_its_package_and_fits(language):
    known: dict[str, set[str]] = {}
    for entry in ours(language):
        assert list(wrong_with(entry)) == []
        for package, _line in entry.occurrences:
            if package not in known:
                known[package] = texts_of(package)
            assert entry.msgid in known[package], f"{package} no longer says this"


def test_what_has_our_words_in_bokmal_has_them_in_nynorsk():
    assert {entry.msgid for entry in ours("nb")} <= {entry.msgid for entry in ours("nn")}


def test_the_admins_scripts_speak_in_our_words(client, staff):
    staff.language = "nn"
    staff.save()
    client.force_login(staff)
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    assert "Vel ein dato" in client.get(reverse("admin:jsi18n")).content.decode()


@pytest.mark.parametrize(
    ("language", "required", "date"),
    [
        ("nb", "Må fylles ut.", "Skriv en dato, for eksempel 03.05.2027."),
        ("nn", "Må fyllast ut.", "Skriv ein dato, til dømes 03.05.2027."),
    ],
)
def test_a_form_speaks_in_our_words(language, required, date):
    with translation.override(language):
        assert CharField().error_messages["required"] == required
        assert DateField().error_messages["invalid"] == date
