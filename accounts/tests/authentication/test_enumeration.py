"""Nobody learns from the sign-in page whether an address is known: not by what it says, nor by how long it takes."""

import asyncio
import re
from socket import socket
from statistics import median
from time import perf_counter

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import mails
from accounts.models import User
from accounts.tests.conftest import ADDRESS
from outbox.models import Message

UNKNOWN = "ukjent@example.no"
ROUNDS = 40
SMTP_MS = 30  # what an SMTP server nearby takes to accept a mail


def told(page, email: str) -> str:
    text = page.content.decode().replace(email, "ADRESSE")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.fixture
def gone(db) -> User:
    return User.objects.create_user("gone@example.no", is_active=False)


@pytest.mark.parametrize("email", [UNKNOWN, "gone@example.no"])
def test_page_is_the_same_for_known_unknown_and_closed(kari, gone, email):
    pages = {
        address: Client().post("/konto/logg-inn/", {"email": address}, follow=True) for address in (ADDRESS, email)
    }
    assert pages[ADDRESS].redirect_chain == pages[email].redirect_chain
    assert told(pages[ADDRESS], ADDRESS) == told(pages[email], email)


@pytest.mark.parametrize("email", [UNKNOWN, "gone@example.no"])
def test_unknown_and_closed_get_no_mail(client, gone, ask, email):
    ask(email)
    assert "code" not in str(client.session["account_login"]["state"]["stages"]["login_by_code"]["data"])
    client.post("/konto/logg-inn/kode/", {"action": "resend"})
    assert not Message.objects.exists()


@pytest.mark.parametrize("email", [UNKNOWN, "gone@example.no"])
def test_no_code_lets_them_in_and_the_answers_are_the_same(kari, gone, email):
    answers = []
    for address in (ADDRESS, email):
        client = Client()
        client.post("/konto/logg-inn/", {"email": address})
        client.post("/konto/logg-inn/kode/", {"action": "resend"})
        pages = [client.post("/konto/logg-inn/kode/", {"code": "12345678"}, follow=True) for _each in range(3)]
        answers.append([(page.redirect_chain, told(page, address)) for page in pages])
        assert "_auth_user_id" not in client.session
    assert answers[0] == answers[1]


def test_who_was_closed_after_asking_gets_no_further(client, kari, ask, latest_code):
    ask()
    kari.is_active = False
    kari.save()
    response = client.post("/konto/logg-inn/kode/", {"code": latest_code()})
    assert response.status_code == 403
    assert "_auth_user_id" not in client.session


def test_who_is_closed_is_out_at_once(client, kari):
    client.force_login(kari)
    kari.is_active = False
    kari.save()
    assert client.get("/konto/").url.startswith("/konto/logg-inn/")


def test_known_and_unknown_ask_the_database_the_same(kari):
    asked = []
    for email in (ADDRESS, UNKNOWN, ADDRESS, UNKNOWN):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            client.post("/konto/logg-inn/", {"email": email})
        asked.append([kind(query["sql"]) for query in queries])
    assert asked[2] == asked[3]


def kind(sql: str) -> str:
    """Such as INSERT INTO "outbox_message": without the values, and without the numbers of savepoints."""
    table = re.search(r'(FROM|INTO|UPDATE) "(\w+)"', sql)
    return " ".join([sql.split(maxsplit=1)[0], table.group(2) if table else ""])


class Acceptor:
    async def handle_DATA(self, server, session, envelope) -> str:
        await asyncio.sleep(SMTP_MS / 1000)
        return "250 OK"


@pytest.fixture
def smtp():
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Acceptor(), hostname="127.0.0.1", port=port)
    server.start()
    yield server
    server.stop()


def seconds(email: str) -> float:
    client = Client()
    client.get("/konto/logg-inn/")
    start = perf_counter()
    response = client.post("/konto/logg-inn/", {"email": email})
    took = perf_counter() - start
    assert response.status_code == 302
    return took


def medians(settings) -> tuple[float, float]:
    """Of known and unknown addresses in milliseconds. By turns, and each of them first every other time."""
    settings.ACCOUNT_RATE_LIMITS = False
    times: dict[str, list[float]] = {ADDRESS: [], UNKNOWN: []}
    for email in [ADDRESS, UNKNOWN, UNKNOWN, ADDRESS] * (ROUNDS // 2 + 2):
        times[email].append(seconds(email))
    return median(times[ADDRESS][4:]) * 1000, median(times[UNKNOWN][4:]) * 1000


@pytest.mark.django_db(transaction=True)
def test_known_and_unknown_take_the_same_time(kari, settings):
    known, unknown = medians(settings)
    print(f"\nknown {known:.1f} ms, unknown {unknown:.1f} ms, ratio {known / unknown:.2f}")
    assert 0.6 < known / unknown < 1.6


@pytest.mark.django_db(transaction=True)
def test_the_measure_sees_a_mail_sent_in_the_request(kari, settings, monkeypatch, smtp):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = smtp.hostname, smtp.port

    def send_at_once(email, code, *, now):
        if email == ADDRESS:
            EmailMessage("Kode", code, to=[email]).send()

    monkeypatch.setattr(mails, "send_code", send_at_once)
    known, unknown = medians(settings)
    print(f"\nsent in the request: known {known:.1f} ms, unknown {unknown:.1f} ms, ratio {known / unknown:.2f}")
    assert known - unknown > SMTP_MS * 0.75
