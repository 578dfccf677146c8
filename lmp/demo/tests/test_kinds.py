"""The demo shows every kind of mail as a mail program draws it; nothing else ever does."""

import re

import polib
import pytest
from django.conf import settings as configured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from lmp.catalogue import CATALOGUE
from lmp.demo import kinds
from lmp.urls import urlpatterns as project
from outbox import texts

# What kind_examples.py says that no mail has in its code: who or what is invented, or stands in a wording alone.
INVENTED = {
    "%(name)s meldte deg av.",
    "2 spørsmål etter fristen",
    "3 utkast til innlegg",
    "Kommunen har fått inn flere folk.",
    "Loggene fra veiledningsmøtene, uten navnet ditt",
    "Mistet telefonen",
    "Påmeldinger til samlinger",
    "Påmeldingen til samlingen",
    "Statsforvalteren i %(county)s",
    "Vakter i friminuttene",
    "Vi har en plass til, og har meldt på den du spurte om.",
    "veilederen er syk",
}

LANGUAGES = [language for language, _name in configured.LANGUAGES]

pytestmark = [pytest.mark.urls("lmp.demo.tests.demo_urls"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _demo_mode(settings):
    settings.DEMO = True


def listed(client, **asked) -> list[str]:
    page = client.get(reverse("demo:kinds"), asked).content.decode()
    return re.findall(r'href="/demo/post/alle/([\w.]+)/"', page)


def test_lists_every_kind(client):
    assert listed(client) == list(texts.all_texts())


def test_every_kind_is_of_an_app_that_has_a_name():
    assert {kinds.app_of(text) for text in texts.all_texts().values()} == set(kinds.APPS)


def test_an_example_says_what_its_mail_says_today():
    """A sentence that is bettered in the mail's code, and not here, would be shown as it no longer is."""
    here = "lmp/demo/kind_examples.py"
    said = {
        entry.msgid: {place for place, _line in entry.occurrences}
        for entry in polib.pofile(str(CATALOGUE))
        if here in {place for place, _line in entry.occurrences}
    }
    assert len(said) > len(INVENTED)
    assert {text for text, places in said.items() if places == {here}} == INVENTED


def test_those_of_an_app(client):
    found = listed(client, app="gatherings")
    assert found == [name for name in texts.all_texts() if name.startswith("gatherings.")]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Velkomstbrevet", "welcome.welcome"),  # in its name
        ("sign_in_code", "accounts.sign_in_code"),
        ("SE BORT fra denne påminnelsen", "participants.reminder"),  # in its text
        ("stadfest påminninga", "participants.reminder"),  # apart, in the other language
    ],
)
def test_a_search_finds_words_of_its_name_and_text(client, words, name):
    found = listed(client, q=words)
    assert name in found
    assert "guidance.called_off" not in found


def test_what_is_asked_wrongly_is_answered_with_all_or_nothing(client):
    assert listed(client, app="nothing") == list(texts.all_texts())
    assert "Ingen e-post passer" in client.get(reverse("demo:kinds"), {"q": "qqq"}).content.decode()


def test_the_page_of_a_kind_says_what_the_mail_says(client):
    page = client.get(reverse("demo:kind", args=["participants.reminder"])).content.decode()
    assert "Påminnelse før fristen" in page
    for language, word in (("nb", "bekreft opplysningene for"), ("nn", "stadfest opplysningane for")):
        assert word in page
        assert reverse("demo:kind_drawn", args=["participants.reminder", language]) in page
    assert "Du får denne e-posten fordi du svarer for en kommune i Læringsmiljøprosjektet." in page
    assert "Dette venter på dere i Læringsmiljøprosjektet" in page  # beside the subject in a list of mails


@pytest.mark.parametrize(
    ("asked", "width", "colours"),
    [
        ({}, "600", "light"),
        ({"bredde": "320"}, "320", "light"),
        ({"bredde": "1000", "farger": "dark"}, "1000", "dark"),
        ({"bredde": "7", "farger": "<b>"}, "600", "light"),
    ],
)
def test_the_frame_is_as_wide_and_dark_as_is_chosen(client, asked, width, colours):
    page = client.get(reverse("demo:kind", args=["participants.reminder"]), asked).content.decode()
    assert page.count(f'data-color-scheme="{colours}" width="{width}"') == len(LANGUAGES)


def test_the_mail_is_drawn_in_a_frame_of_ours_and_nothing_in_it_runs(client):
    answer = client.get(reverse("demo:kind_drawn", args=["participants.reminder", "nn"]))
    assert '<html lang="nn">' in answer.content.decode()
    assert '<base target="_top">' in answer.content.decode()
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("path", ["gone.kind/", "gone.kind/nb/", "participants.reminder/sv/"])
def test_what_there_is_not(client, path):
    assert client.get(reverse("demo:kinds") + path).status_code == 404


@pytest.mark.parametrize("path", ["", "participants.reminder/", "participants.reminder/nb/"])
def test_outside_the_demo_there_is_nothing(client, settings, path):
    address = reverse("demo:kinds") + path
    assert client.get(address).status_code == 200
    settings.DEMO = False
    assert client.get(address).status_code == 404


@pytest.mark.urls("lmp.urls")
@pytest.mark.skipif(any("demo" in str(pattern.pattern) for pattern in project), reason="runs in demo mode")
def test_its_addresses_are_the_demos_alone():
    with pytest.raises(NoReverseMatch):
        reverse("demo:kinds")


def test_the_list_asks_the_database_of_no_kind(client):
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("demo:kinds"))
    assert len(captured) <= 2


@pytest.mark.slow
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_filled_in_from_the_demo(language):
    """A placeholder's meaning in brackets is what stands where nothing is known."""
    for text in texts.all_texts().values():
        mail = kinds.filled(text, language)
        for said in (mail.subject, mail.text):
            assert not re.search(r"\[|\]", said), f"{text.name}: {said}"
        links = re.findall(r'href="([^"]+)"', mail.html)
        assert all(link.startswith(configured.SITE_URL) for link in links), text.name
        assert mail.because
        assert mail.preheader or text.name == "writing.written"  # which staff begin with, and fill
