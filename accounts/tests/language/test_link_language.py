"""A link that names a language, as those in nynorsk mails do."""

from urllib.parse import urlsplit

import pytest
from django.core import mail

from accounts.tests.language.test_language import language_of
from outbox import texts

SIGN_IN = "/konto/logg-inn/"


def test_whoever_is_signed_out_meets_the_sign_in_page_in_it(client, db):
    page = client.get("/konto/?sprak=nn", follow=True, HTTP_ACCEPT_LANGUAGE="nb")
    assert page.redirect_chain[0] == ("/konto/", 302)
    assert page.redirect_chain[-1][0].startswith(SIGN_IN)
    assert "sprak" not in page.redirect_chain[-1][0]
    assert language_of(page) == "nn"
    assert language_of(client.get(SIGN_IN, HTTP_ACCEPT_LANGUAGE="nb")) == "nn"


def test_it_lasts_until_the_browser_is_closed(client, db):
    cookie = client.get("/?sprak=nn").cookies["language"]
    assert (cookie.value, cookie["max-age"], cookie["expires"]) == ("nn", "", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_whoever_has_chosen_keeps_their_choice(client, kari):
    client.cookies["language"] = "nb"
    response = client.get(f"{SIGN_IN}?sprak=nn", follow=True)
    assert language_of(response) == "nb"
    kari.choose_language("nb")
    del client.cookies["language"]
    client.force_login(kari)
    assert language_of(client.get("/konto/?sprak=nn", follow=True)) == "nb"
    kari.refresh_from_db()
    assert kari.language == "nb"


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("/?sprak=nn", "/"),
        ("/a/?pulje=7&sprak=nn&q=%C3%A5", "/a/?pulje=7&q=%C3%A5"),
        ("/a/?sprak=nb&sprak=nn", "/a/"),
        ("/a/?sprak=&sprak=nn", "/a/"),
    ],
)
def test_the_address_is_the_pages_own_again(client, db, address, own):
    assert client.get(address).headers["Location"] == own


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "/\r\nSet-Cookie: a=b/"])
def test_it_leads_to_no_other_site(client, db, path):
    response = client.get("/", {"sprak": "nn"}, PATH_INFO=path)
    assert response.headers["Location"].startswith(("/%2F", "/%5C", "/%0D"))


@pytest.mark.parametrize("language", ["", "en", "nb-NO", "x" * 5000, "<script>", "nn%0d%0aSet-Cookie:a=b", "%00"])
def test_other_languages_change_nothing(client, db, language):
    response = client.get(f"{SIGN_IN}?sprak={language}", HTTP_ACCEPT_LANGUAGE="nb")
    assert (response.status_code, language_of(response)) == (200, "nb")
    assert "language" not in response.cookies


def test_a_query_longer_than_any_of_ours_is_the_pages_own(client, db):
    assert client.get(SIGN_IN, {"sprak": "nn", "q": "å" * 20_000}).status_code == 200


def test_what_is_sent_is_not_led_elsewhere(client, db):
    assert client.post(f"{SIGN_IN}?sprak=nn", {"email": ""}).status_code == 200


def test_every_link_of_every_nynorsk_mail_names_it(settings, db):
    """Of pages of ours; the shipped wordings, with an address for each value that could be one."""
    settings.SITE_URL = site = "https://portal.example.no"
    for text in texts.all_texts().values():
        values = dict.fromkeys(text.placeholders, f"{site}/side/") | dict.fromkeys(text.paragraphs, "Ein tekst")
        rendered = texts.fill(text, "nn", *texts.shipped_wording(text, "nn"), values)
        found = [urlsplit(word.strip("().,:»")) for word in rendered.text.split() if site in word]
        assert found, text.name
        assert {each.query for each in found} == {"sprak=nn"}, text.name
    assert mail.outbox == []
