"""Which language a page is in, and who says so."""

import pytest

from accounts.tests.conftest import ADDRESS
from conftest import make_contact

PAGE = "/konto/logg-inn/"
CHOOSE = "/konto/sprak/"


def language_of(page) -> str:
    return page.content.decode().split('<html lang="')[1][:2]


@pytest.mark.parametrize(
    ("accepts", "expected"),
    [("", "nb"), ("nn-NO,nn;q=0.9,nb;q=0.5", "nn"), ("nb-NO", "nb"), ("no", "nb"), ("en-GB,en", "nb"), ("se,nn", "nn")],
)
def test_browser_says_it_first(client, db, accepts, expected):
    page = client.get(PAGE, HTTP_ACCEPT_LANGUAGE=accepts)
    assert language_of(page) == expected
    assert page.headers["Content-Language"] == expected


def test_choice_is_remembered_without_signing_in(client, db):
    response = client.post(CHOOSE, {"_language": "nn", "_next": PAGE})
    assert response.url == PAGE
    cookie = response.cookies["language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("nn", True, "Lax")
    assert language_of(client.get(PAGE, HTTP_ACCEPT_LANGUAGE="nb")) == "nn"


def test_choice_is_kept_on_the_person_and_follows_to_another_browser(client, kari):
    client.force_login(kari)
    client.post(CHOOSE, {"_language": "nn", "_next": "/konto/"})
    kari.refresh_from_db()
    assert kari.language == "nn"
    other = type(client)()
    other.force_login(kari)
    other.cookies["language"] = "nb"
    assert language_of(other.get("/konto/", HTTP_ACCEPT_LANGUAGE="nb")) == "nn"


def test_person_who_has_not_chosen_has_the_browsers(client, kari):
    client.force_login(kari)
    assert language_of(client.get("/konto/", HTTP_ACCEPT_LANGUAGE="nn")) == "nn"


def test_one_persons_language_does_not_leak_into_the_next_page(client, kari):
    kari.choose_language("nn")
    client.force_login(kari)
    client.get("/konto/")
    assert language_of(type(client)().get(PAGE)) == "nb"


@pytest.mark.parametrize("language", ["", "en", "nb-NO", "x" * 5000, "<script>", "nn\r\nSet-Cookie: a=b"])
def test_other_languages_change_nothing(client, kari, language):
    client.force_login(kari)
    response = client.post(CHOOSE, {"_language": language, "_next": PAGE})
    assert response.status_code == 302
    assert "language" not in response.cookies
    kari.refresh_from_db()
    assert kari.language == ""


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "/\\evil"])
def test_leads_to_no_other_site(client, db, next):
    assert client.post(CHOOSE, {"_language": "nn", "_next": next}).url == "/"


def test_goes_back_to_the_page_before(client, db):
    assert client.post(CHOOSE, {"_language": "nn"}, HTTP_REFERER="http://testserver/hjelp/").url == (
        "http://testserver/hjelp/"
    )
    assert client.post(CHOOSE, {"_language": "nn"}, HTTP_REFERER="http://evil.example/").url == "/"


def test_takes_a_post_and_a_token(client, db):
    assert client.get(CHOOSE).status_code == 405
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(CHOOSE, {"_language": "nn"}).status_code == 403


def test_whole_sign_in_in_nynorsk(client, kari, ask, latest_code):
    client.post(CHOOSE, {"_language": "nn", "_next": PAGE})
    page = ask(ADDRESS)
    assert language_of(page) == "nn"
    assert language_of(client.post("/konto/logg-inn/kode/", {"code": "1"})) == "nn"
    client.post("/konto/logg-inn/kode/", {"code": latest_code()})
    assert language_of(client.get("/konto/")) == "nn"


@pytest.mark.parametrize(("language", "drawn"), [("nn", "nn"), ("nb", "nb"), ("neutral", "nb")])
def test_who_has_chosen_none_reads_in_the_language_of_the_municipality(
    client, participation, staff, kari, ask, latest_code, language, drawn
):
    """As the mails are. A neutral municipality says nothing of it, so the browser does."""
    participation.municipality.language = language
    participation.municipality.save()
    make_contact(participation, kari, "owner", by=staff)
    ask(ADDRESS)
    client.post("/konto/logg-inn/kode/", {"code": latest_code()})
    assert language_of(client.get("/konto/", HTTP_ACCEPT_LANGUAGE="nb")) == drawn
    client.post(CHOOSE, {"_language": "nb" if drawn == "nn" else "nn", "_next": "/konto/"})
    assert language_of(client.get("/konto/")) != drawn, "the person's own choice goes first"
