"""An error reaches somebody, once an hour and without anybody's data; and a page says so only when that is true."""

import logging
import sys
import threading

import pytest
import sentry_sdk
from django.core import mail
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from parts.logs import reporting

# In two parts: a Sentry is shown the lines of code around the place, and these are some.
TYPED = "Hem" + "meligsen kari.hem" + "melig@example.no"


def error_record(message: str = "it broke") -> logging.LogRecord:
    try:
        raise ValueError(TYPED)
    except ValueError:
        return logging.LogRecord("x", logging.ERROR, __file__, 1, message, (), sys.exc_info())


@pytest.fixture
def mailed(settings, monkeypatch) -> list:
    """The mails, without waiting for a thread."""
    settings.ADMINS = [("Drift", "drift@example.no")]

    class AtOnce(threading.Thread):
        def start(self) -> None:
            self.run()

    monkeypatch.setattr(reporting.threading, "Thread", AtOnce)
    return mail.outbox


def test_admins_get_the_place_and_not_the_words(mailed):
    reporting.MailToAdmins().handle(error_record(f"it broke for {TYPED.split()[1]}"))
    assert mailed[0].to == ["drift@example.no"]
    assert "ValueError" in mailed[0].body
    assert "test_reporting.py" in mailed[0].body
    assert "emmelig" not in mailed[0].subject + mailed[0].body


def test_the_same_error_is_mailed_once_an_hour_and_a_flood_ends_at_twenty(mailed, monkeypatch):
    handler = reporting.MailToAdmins()
    for _time in range(3):
        handler.handle(error_record())
    assert len(mailed) == 1
    for line in range(50):
        handler.handle(logging.LogRecord("x", logging.ERROR, "there.py", line, "broke", (), None))
    assert len(mailed) == reporting.MAX_AN_HOUR
    later = reporting.time.monotonic() + reporting.PAUSE + 1
    monkeypatch.setattr(reporting.time, "monotonic", lambda: later)
    handler.handle(error_record())
    assert len(mailed) == reporting.MAX_AN_HOUR + 1


def test_warnings_and_no_admins_mail_nobody(mailed, settings):
    handler = logging.Logger("y")
    handler.addHandler(reporting.MailToAdmins())
    handler.warning("careful")
    settings.ADMINS = []
    handler.error("broke")
    assert mailed == []


def test_a_mail_server_that_is_gone_stops_nothing(mailed, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    reporting.MailToAdmins().handle(error_record())
    assert "could not be mailed" in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


class Kept(Transport):
    def __init__(self, options=None) -> None:
        super().__init__(options)
        self.events: list[str] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.events.append(str([item.payload.json for item in envelope.items]))


@pytest.fixture
def sentry(settings, monkeypatch):
    settings.SENTRY_DSN = "http://key@127.0.0.1:9/1"
    kept = Kept()
    plain = sentry_sdk.init
    monkeypatch.setattr(
        sentry_sdk, "init", lambda **options: plain(**options, transport=kept, default_integrations=False)
    )
    reporting.start_sentry()
    yield kept
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def test_a_sentry_gets_the_kind_and_the_place_alone(sentry):
    sentry_sdk.set_user({"email": TYPED})
    sentry_sdk.set_extra("typed", TYPED)
    sentry_sdk.set_context("form", {"typed": TYPED})
    local = TYPED  # noqa: F841 – a variable of a frame
    try:
        raise ValueError(TYPED)
    except ValueError:
        sentry_sdk.capture_exception()
    sentry_sdk.capture_message(f"about {TYPED.split()[1]}")
    sentry_sdk.get_isolation_scope().clear()
    assert len(sentry.events) == 2
    assert "ValueError" in sentry.events[0]
    assert "test_a_sentry_gets" in sentry.events[0]
    assert not [event for event in sentry.events if "emmelig" in event]


def test_without_a_dsn_nothing_starts(settings, monkeypatch):
    settings.SENTRY_DSN = ""
    monkeypatch.setattr(sentry_sdk, "init", lambda **_options: pytest.fail("started"))
    reporting.start_sentry()


@pytest.mark.parametrize(
    ("admins", "dsn", "said"),
    [([], "", False), ([("a", "a@example.no")], "", True), ([], "http://key@127.0.0.1:9/1", True)],
)
def test_the_page_says_that_it_is_reported_only_when_it_is(rf, settings, admins, dsn, said):
    from lmp.pages import server_error

    settings.ADMINS, settings.SENTRY_DSN = admins, dsn
    page = server_error(rf.get("/")).content.decode()
    assert ("den er meldt" in page, "han er meld" in page) == (said, said)
    assert f"mailto:{settings.SUPPORT_EMAIL}" in page
