"""What other programs and people have said is in no log: an address and a typed text are planted in each kind of it."""

import io
import json
import logging
import logging.config
import smtplib
import sys
from types import SimpleNamespace

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from lmp import urls
from outbox import delivery
from outbox.models import Message
from parts.logs.config import logging_config
from parts.logs.redaction import answer_code, describe, redact

ADDRESS, TYPED = "kari.hemmelig@example.no", "Skolen strever med Hemmeligsen"


def told(error: Exception) -> Exception:
    raise error


@csrf_exempt
@login_not_required
def failing(request, **_address):
    raise ValueError(f"{TYPED} {ADDRESS} {request.POST.get('text')}")


urlpatterns = [*urls.urlpatterns, path("svikter/<str:what>/", failing, name="failing")]
handler500 = urls.handler500


@pytest.fixture(params=[True, False], ids=["json", "line"])
def log(request):
    """Everything that a process writes, at its most talkative."""
    before = logging.root.handlers[:], logging.root.level
    logging.config.dictConfig(logging_config(json=request.param, level="DEBUG"))
    stream = io.StringIO()
    for handler in logging.root.handlers:
        if type(handler) is logging.StreamHandler:
            handler.setStream(stream)
    yield stream
    logging.root.handlers[:] = before[0]
    logging.root.setLevel(before[1])


def is_clean(text: str) -> bool:
    return not any(word in text for word in ("kari.hemmelig", "hemmelig@", "Hemmeligsen", "strever"))


ERRORS = [
    ValueError(f"{ADDRESS}: {TYPED}"),
    KeyError(TYPED),
    UnicodeEncodeError("ascii", TYPED, 0, 1, ADDRESS),
    ValidationError(TYPED),
    smtplib.SMTPDataError(550, f"5.1.1 <{ADDRESS}>: {TYPED}".encode()),
    smtplib.SMTPRecipientsRefused({ADDRESS: (550, TYPED.encode())}),
    OSError(5, TYPED),
    ExceptionGroup(TYPED, [ValueError(ADDRESS)]),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_told_without_its_words(log, error):
    logger = logging.getLogger("somebody.else")
    try:
        try:
            told(ValueError(TYPED))
        except ValueError as cause:
            raise error from cause
    except type(error) as caught:
        logger.exception("it failed with %s", caught)
        logger.error("again: %(exc)s", {"exc": repr(caught), "args": TYPED})
        logger.error(caught)
    assert type(error).__name__ in log.getvalue()
    assert "test_no_personal_data.py" in log.getvalue()  # where it happened
    assert is_clean(log.getvalue()), log.getvalue()


def test_an_address_in_a_message_is_left_out(log):
    logging.getLogger("allauth").warning("user %s at %s", ADDRESS, ADDRESS.replace("@", "%40"))
    logging.getLogger("x").warning("born 010190 12345, mail <%s>, mailto:%s?x=1", ADDRESS, ADDRESS)
    assert is_clean(log.getvalue()), log.getvalue()
    assert "12345" not in log.getvalue()
    assert log.getvalue().count("<address>") == 4


# What it quotes: the row that is there already, and (PostgreSQL, in its CONTEXT) the text that can't be read.
TWICE = "insert into django_session (session_key, session_data, expire_date) values (%s, '', '2027-01-01')"
DATABASE_ERRORS = {"sqlite": [(TWICE, "")], "postgresql": [(TWICE, "23505"), ("select cast(%s as jsonb)", "22P05")]}


@transaction.atomic
def run_twice(statement: str, typed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [typed])
        cursor.execute(statement, [typed])


@pytest.mark.django_db
def test_a_database_error_names_its_constraint_and_quotes_nothing(log):
    typed = '"Hemmeligsen \\u0000"'
    for statement, state in DATABASE_ERRORS[connection.vendor]:
        with pytest.raises(DatabaseError) as caught:
            run_twice(statement, typed)
        logging.getLogger("x").error("broken", exc_info=caught.value)
        assert f"sqlstate {state}" in describe(caught.value) or not state
    assert is_clean(log.getvalue()), log.getvalue()


@pytest.mark.django_db
@pytest.mark.urls("tests.logs.test_no_personal_data")
def test_a_page_that_fails_tells_its_pattern_and_its_place(log, client):
    client.raise_request_exception = False
    answer = client.post(f"/svikter/{ADDRESS}/?q={TYPED}", {"text": TYPED}, headers={"x-request-id": "proxy-12345678"})
    assert answer.status_code == 500
    assert is_clean(log.getvalue()), log.getvalue()
    assert "svikter/<str:what>/" in log.getvalue()
    assert "in failing" in log.getvalue()
    assert "proxy-12345678" in log.getvalue()


@pytest.mark.django_db
def test_refused_requests_are_one_line_each_without_address_or_trace(log, client):
    client.get(f"/{ADDRESS}/{TYPED}/")
    client.get("/", headers={"host": "hemmelig@example.no"})
    client.post("/konto/logg-inn/", {"login": ADDRESS})
    assert is_clean(log.getvalue()), log.getvalue()
    assert "Traceback" not in log.getvalue()
    assert "(no page) 404" in log.getvalue()
    assert "django.request" not in log.getvalue()  # told once, in the request's own line


def test_a_mail_that_is_refused_tells_the_code_alone(log, monkeypatch):
    monkeypatch.setattr(delivery.parting, "store", lambda *_facts: 1)
    refused = Exception(f"550 5.1.1 <{ADDRESS}>: {TYPED}")
    facts = delivery.failure(Message.Failure.REFUSED, refused, timezone.now(), delivery.FIRST_PAUSE)
    delivery.settle(Message(pk=6031, to=ADDRESS), SimpleNamespace(claim=None), facts)
    assert "message 6031: refused: 550 5.1.1\n" in log.getvalue().replace('"', "\n")
    assert is_clean(log.getvalue()), log.getvalue()


def test_every_line_of_json_can_be_read(capsys):
    logging.config.dictConfig(logging_config(json=True, level="INFO"))
    stream = io.StringIO()
    handler = next(h for h in logging.root.handlers if type(h) is logging.StreamHandler)
    handler.setStream(stream)
    try:
        told(ValueError("a\nb"))
    except ValueError:
        logging.getLogger("x").exception("line one\nline %s", "two")
    handler.setStream(sys.stderr)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines[0]["message"] == "line one\nline two"
    assert lines[0]["level"] == "ERROR"
    assert lines[0]["trace"].endswith("ValueError")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("550 5.1.1 <a@example.no>: gone", "550 5.1.1"),
        ("451 later a@example.no", "451"),
        ("TimeoutError: words", "TimeoutError"),
        ("a@example.no: 550 gone", ""),
        ("words", ""),
    ],
)
def test_of_an_answer_the_codes_are_left(said, code):
    assert answer_code(said) == code


def test_what_is_no_address_stays():
    assert redact("lmp/settings.py:12 took 12 ms, 12345678 @ home") == "lmp/settings.py:12 took 12 ms, 12345678 @ home"
