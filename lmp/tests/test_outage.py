"""The database is gone: a page that says so in both languages, and has what was typed in it."""

import errno
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import reverse

from bench.page_form import Page
from lmp import outage

ORIGIN = {"origin": "http://testserver"}


@contextmanager
def gone(beginning: str = "", table: str = "", error: type[Exception] = OperationalError):
    def refuse(execute, sql, params, many, context):
        if sql.startswith(beginning) and table in sql:
            raise error("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def kari(contact) -> Client:
    """Checks tokens as production does, and gets the page that a person would."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True, headers=ORIGIN)
    client.force_login(contact)
    client.get(reverse("accounts:me"))
    return client


@pytest.fixture
def me() -> str:
    return reverse("accounts:me")


def sent(client: Client, path: str, **data):
    return client.post(path, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value} | data)


def form_on(page) -> dict[str, list[str]]:
    [form] = Page(page.content.decode()).forms
    return form.fields


def test_a_page_that_cannot_be_read_is_asked_for_again(kari):
    with gone():
        page = kari.get("/?a=1")
    text = page.content.decode()
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "30", "no-store")
    assert "Portalen får ikke tak i databasen akkurat nå" in text
    assert "Portalen får ikkje tak i databasen akkurat no" in text
    assert 'href="/?a=1"' in text
    assert "<form" not in text


def test_what_was_typed_stands_there_and_is_sent_again_as_it_was(kari, contact, me):
    typed = {"name": "Kari Æ. <Kontakt>", "phone": "900 00 000", "language": ["nn", "nb"]}
    with gone():
        page = sent(kari, me, **typed)
    assert page.status_code == 503
    again = form_on(page)
    assert again.pop("csrfmiddlewaretoken") != [kari.cookies["csrftoken"].value]
    assert again == {"name": ["Kari Æ. <Kontakt>"], "phone": ["900 00 000"], "language": ["nn", "nb"]}
    assert "Kari Æ. &lt;Kontakt&gt;" in page.content.decode().partition("<h2 class")[2]
    answer = kari.post(me, form_on(page))
    assert answer.status_code == 302
    contact.refresh_from_db()
    assert contact.name == "Kari Æ. <Kontakt>"


def test_a_view_that_fails_in_the_middle_may_have_stored_it_and_the_page_says_so(kari, me):
    with gone("UPDATE", "accounts_user"):
        page = sent(kari, me, name="Kari Ny")
    assert page.status_code == 503
    assert "Det kan hende at det ble lagret likevel" in page.content.decode()
    assert form_on(page)["name"] == ["Kari Ny"]


def test_what_was_stored_before_the_session_failed_is_not_offered_again(kari, contact, me):
    with gone("UPDATE", "django_session"):
        page = sent(kari, me, name="Kari Ny", language="nb")
    text = page.content.decode()
    contact.refresh_from_db()
    assert (page.status_code, contact.name) == (503, "Kari Ny")
    assert "er tatt imot" in text
    assert f'href="{me}"' in text
    assert "<form" not in text


def test_files_are_asked_for_again(kari, me):
    with gone():
        page = sent(kari, me, name="Kari", file=SimpleUploadedFile("plan.pdf", b"%PDF-", "application/pdf"))
    text = page.content.decode()
    assert text.count("Filer blir ikke med") == text.count("Filer blir ikkje med") == 1
    assert '<label class="ds-label app-break" for="file-1">plan.pdf</label>' in text
    assert 'enctype="multipart/form-data"' in text
    assert '<input class="ds-input" type="file" id="file-1" name="file" aria-describedby="files-again">' in text


@pytest.mark.parametrize("header", [{"origin": "https://other.example.no"}, {"sec-fetch-site": "cross-site"}])
def test_another_sites_words_are_not_put_in_anybodys_mouth(kari, me, header):
    with gone():
        page = kari.post(me, {"name": "Noe annet"}, headers=header)
    assert page.status_code == 503
    assert "Noe annet" not in page.content.decode()
    assert "<form" not in page.content.decode()


def test_a_code_is_never_shown(kari):
    with gone():
        page = sent(kari, reverse("account_confirm_login_code"), code="1234-5678")
    assert page.status_code == 503
    assert "1234" not in page.content.decode()


def test_signing_in_says_that_it_is_down_in_both_languages(db):
    client = Client(raise_request_exception=False)
    with gone():
        typed = {"email": "kari@example.no", "code": "1234-5678"}
        pages = [client.post(reverse(name), typed) for name in ("account_login", "account_confirm_login_code")]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 503
        assert "Innloggingen er nede akkurat nå. Prøv igjen om litt." in text
        assert "Innlogginga er nede akkurat no. Prøv igjen om litt." in text


def test_a_script_is_told_and_keeps_what_it_has(kari, me):
    with gone():
        page = kari.post(me, {"name": "Kari Ny"}, headers={"sec-fetch-mode": "cors"})
    assert page.status_code == 503
    assert "Kari Ny" not in page.content.decode()


def test_it_leads_nowhere_else(kari):
    with gone():
        page = sent(kari, "//other.example.no/x", name="Kari")
    assert 'action="//' not in page.content.decode()
    assert 'href="//' not in page.content.decode()


def test_other_faults_are_not_called_that(kari, me):
    with gone(error=ProgrammingError):
        page = sent(kari, me, name="Kari")
    assert page.status_code == 500
    assert "databasen" not in page.content.decode()


def test_a_session_that_ended_meanwhile_is_no_outage(kari, me):
    with gone("UPDATE", "django_session", error=ProgrammingError):
        assert sent(kari, me, name="Kari Ny", language="nb").status_code == 400


def test_a_fault_that_came_of_it_counts_too():
    later = KeyError()
    later.__context__ = OperationalError()
    assert outage.is_outage(later)
    assert not outage.is_outage(KeyError())


def test_a_disk_that_is_full_is_told_as_that(kari, me, monkeypatch):
    def full(*_arguments, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("accounts.views.AboutMeForm.save", full)
    page = sent(kari, me, name="Kari Ny", language="nb")
    assert page.status_code == 503
    assert "Portalen har ikke mer plass akkurat nå" in page.content.decode()
    assert "Portalen har ikkje meir plass akkurat no" in page.content.decode()
    assert form_on(page)["name"] == ["Kari Ny"]
