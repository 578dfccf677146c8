"""The pages about the portal, and those that say that something went wrong."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django.views import defaults

from lmp import pages
from lmp.outward import views as outward

PAGES = ["privacy", "cookies", "accessibility", "help"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", PAGES)
def test_open_to_nobody_in_particular(client, name):
    page = client.get(reverse(name)).content.decode()
    assert page.count("<h1") == 1
    footer = page.split('class="app-footer"', 1)[1]
    for other in PAGES:
        assert f'href="{reverse(other)}"' in footer


@pytest.mark.parametrize("name", PAGES)
def test_nothing_can_be_sent_to_them(client, name):
    assert client.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", PAGES)
def test_signed_in_person_is_named_escaped(client, stranger, name):
    stranger.name = "<b>Kari</b>"
    stranger.save()
    client.force_login(stranger)
    page = client.get(reverse(name)).content.decode()
    assert "&lt;b&gt;Kari&lt;/b&gt;" in page
    assert "<b>Kari" not in page


def test_help_and_privacy_say_whom_to_ask(client, settings):
    settings.SUPPORT_EMAIL = "spor@example.no"
    for name in ("privacy", "accessibility", "help"):
        assert 'href="mailto:spor@example.no"' in client.get(reverse(name)).content.decode()


def test_privacy_page_says_how_long_contacts_are_kept(client, settings):
    settings.CONTACTS_KEPT_DAYS = 123
    assert "123 dager" in client.get(reverse("privacy")).content.decode()


def test_cookie_page_names_every_cookie_that_is_set(client, settings):
    page = client.get(reverse("cookies"))
    text = page.content.decode()
    names = {
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        settings.KNOWN_BROWSER_COOKIE_NAME,
    }
    for name in names:
        assert f">{name}</h2>" in text
    assert set(page.cookies) <= names
    assert "SessionStorage" in settings.MESSAGE_STORAGE


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_page_links_straight_to_the_accessibility_statement(settings, language):
    settings.ACCESSIBILITY_STATEMENT_URL = "https://uustatus.no/nb/erklaringer/publisert/1"
    name = {"nb": "Tilgjengelighetserklæring", "nn": "Tilgjengelegheitserklæring"}[language]
    link = f'href="https://uustatus.no/{language}/erklaringer/publisert/1">{name}</a>'
    client = Client(headers={"accept-language": language})
    assert link in client.get(reverse("help")).content.decode().split("<footer", 1)[1]
    assert f"uustatus.no/{language}/" in client.get(reverse("accessibility")).content.decode().split("<footer")[0]


def test_complaints_go_to_the_body_that_decides_them(client):
    page = client.get(reverse("accessibility")).content.decode()
    complaint = page.split("<h2", 3)[3]
    assert complaint.index("diskrimineringsnemnda.no") < complaint.index("uutilsynet.no")


def test_the_owners_drawings_are_shown_when_there_are_any(client, settings, tmp_path):
    page = client.get(reverse("help")).content.decode()
    own = client.get(reverse("logo", args=["symbol"]))
    assert own["Content-Type"] == "image/svg+xml"
    assert b"<svg" in own.content
    assert "app-footer__logo" not in page
    assert client.get(reverse("logo", args=["logo"])).status_code == 404
    assert client.get(reverse("logo", args=["other"])).status_code == 404
    settings.LOGO_SYMBOL_FILE, settings.LOGO_FILE = tmp_path / "symbol.svg", tmp_path / "logo.svg"
    settings.LOGO_SYMBOL_FILE.write_text("<svg id='symbol'/>")
    settings.LOGO_FILE.write_text("<svg id='logo'/>")
    page = client.get(reverse("help")).content.decode()
    assert 'alt="Utdanningsdirektoratet"' in page.split("<footer", 1)[1]
    for which in ("symbol", "logo"):
        assert client.get(reverse("logo", args=[which])).content == f"<svg id='{which}'/>".encode()


def test_the_mark_is_fetched_once_by_whoever_is_signed_in(client, stranger):
    client.force_login(stranger)
    assert client.get(reverse("logo", args=["symbol"]))["Cache-Control"] == "public, max-age=3600"
    assert client.get(reverse("security_txt"))["Cache-Control"] == "private, no-store"


def test_whoever_finds_a_hole_is_told_where_to_write(client, settings):
    settings.SUPPORT_EMAIL = "spor@example.no"
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    assert lines["Contact"] == "mailto:spor@example.no"
    assert lines["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    ahead = datetime.fromisoformat(lines["Expires"]) - timezone.now()
    assert timedelta(days=outward.VALID_DAYS - 2) < ahead < timedelta(days=365)
    settings.SECURITY_CONTACT = "https://www.example.no/sikkerhet"
    assert "Contact: https://www.example.no/sikkerhet\n" in client.get("/.well-known/security.txt").content.decode()


def test_demo_is_announced_only_in_the_demo(client, settings):
    settings.DEMO = False
    assert "app-demo" not in client.get(reverse("help")).content.decode()
    settings.DEMO = True
    assert "app-demo" in client.get(reverse("help")).content.decode()


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_unknown_address(language):
    page = Client(headers={"accept-language": language}).get("/finnes-ikke/")
    assert page.status_code == 404
    text = page.content.decode()
    assert f'<html lang="{language}"' in text
    assert "<h1" in text
    assert "mailto:" in text


def test_no_access_is_told_in_the_frame():
    page = defaults.permission_denied(RequestFactory().get("/"), PermissionDenied("hemmelig"))
    assert page.status_code == 403
    assert "Du har ikke tilgang" in page.content.decode()
    assert "hemmelig" not in page.content.decode()


@pytest.mark.parametrize(("view", "status"), [(defaults.server_error, 500), (defaults.bad_request, 400)])
def test_pages_that_need_nothing_to_work(view, status, settings, django_assert_num_queries):
    # No static manifest, no database, no translation: both languages stand on the page
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    args = [ValueError("hemmelig")] if status == 400 else []
    with translation.override("nn"), django_assert_num_queries(0):
        page = view(RequestFactory().get("/"), *args)
    text = page.content.decode()
    assert page.status_code == status
    assert 'lang="nb"' in text
    assert 'lang="nn"' in text
    assert "hemmelig" not in text


@pytest.mark.parametrize("draw", [pages.bad_request, pages.server_error])
def test_pages_that_need_nothing_name_whom_to_ask_in_both_languages(draw, settings):
    settings.SUPPORT_EMAIL = "spor@example.no"
    assert draw(RequestFactory().get("/")).content.decode().count('href="mailto:spor@example.no"') == 2


@pytest.mark.parametrize(
    ("address", "begins"),
    [
        ("/favicon.ico", b"\x00\x00\x01\x00"),
        ("/apple-touch-icon.png", b"\x89PNG"),
        ("/robots.txt", b"User-agent: *\nDisallow: /\n"),
    ],
)
def test_what_machines_ask_for_by_name_is_there(client, address, begins, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer).startswith(begins)


def test_no_search_engine_keeps_a_page(client):
    for address in (reverse("help"), reverse("account_login"), "/finnes-ikke/"):
        page = client.get(address)
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in page.content.decode()
