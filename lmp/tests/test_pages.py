"""The pages about the portal, and those that say that something went wrong."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views import defaults

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


def test_accessibility_statement_is_linked_when_there_is_one(client, settings):
    settings.ACCESSIBILITY_STATEMENT_URL = "https://uustatus.no/nb/erklaringer/publisert/1"
    assert settings.ACCESSIBILITY_STATEMENT_URL in client.get(reverse("accessibility")).content.decode()


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
