"""Each setting that is wrong is told in a sentence, and a server that others are to use does not start with it."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.core import checks as django_checks

from lmp.watching import checks
from tests.house.repository import ROOT

GOOD = {
    "DEMO": False,
    "EMBEDDED": False,
    "DEBUG": False,
    "REDIS_URL": "redis://127.0.0.1/0",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "SITE_URL": "https://portal.kommune.no",
    "ALLOWED_HOSTS": ["portal.kommune.no"],
    "DEFAULT_FROM_EMAIL": "Portalen <portal@kommune.no>",
    "SUPPORT_EMAIL": "hjelp@kommune.no",
    "LOG_FORMAT": "json",
    "LOGO_FILE": "",
    "LOGO_SYMBOL_FILE": "",
    "SECURITY_CONTACT": "",
    "ACCESSIBILITY_STATEMENT_URL": "https://uustatus.no/nb/erklaringer/publisert/1",
    "MONITORING_TOKEN": "",
    "MONITORING_ADDRESSES": [],
    "RETURN_ADDRESS": "",
    "RETURN_MAILBOX_URL": "",
    "RETURN_MAILBOX_CLIENT_ID": "",
    "RETURN_MAILBOX_CLIENT_SECRET": "",
    "RETURN_MAILBOX_TOKEN_URL": "",
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
}
MAIL = {"EMAIL_URL": "smtp://127.0.0.1"}


TOKENS = {
    "RETURN_ADDRESS": "retur@kommune.no",
    "RETURN_MAILBOX_URL": "imaps://retur%40kommune.no@kommune.no",
    "RETURN_MAILBOX_CLIENT_ID": "klient",
    "RETURN_MAILBOX_CLIENT_SECRET": "hemmelig",
    "RETURN_MAILBOX_TOKEN_URL": "https://kommune.no/token",
}


def found(environ=MAIL, **changes) -> list[str]:
    return list(checks.wrong(SimpleNamespace(**GOOD | changes), environ))


def test_nothing_is_wrong_with_good_settings():
    assert found() == []
    assert found(ALLOWED_HOSTS=[".kommune.no"]) == []
    assert found(environ={"EMAIL_URL_FILE": "mail"}) == []
    assert found(**TOKENS) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"EMBEDDED": True}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"DEBUG": True}, "DEBUG is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is shorter than 50 characters, or too even"),
        ({"SITE_URL": "http://portal.kommune.no"}, "SITE_URL is http://portal.kommune.no"),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS has a *"),
        ({"ALLOWED_HOSTS": ["other.kommune.no"]}, "ALLOWED_HOSTS lacks portal.kommune.no"),
        ({"environ": {}}, "EMAIL_URL is not set"),
        ({"DEFAULT_FROM_EMAIL": "a@example.no"}, "DEFAULT_FROM_EMAIL is the example's"),
        ({"SUPPORT_EMAIL": "a@example.no"}, "SUPPORT_EMAIL is the example's"),
        ({"LOGO_FILE": "/nowhere/logo.svg"}, "LOGO_FILE is /nowhere/logo.svg"),
        ({"LOGO_SYMBOL_FILE": "README.md"}, "LOGO_SYMBOL_FILE is README.md: there is no SVG or PNG"),
        ({"SECURITY_CONTACT": "a@kommune.no"}, "SECURITY_CONTACT is a@kommune.no: it begins with mailto:"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is xml"),
        ({"MONITORING_TOKEN": "short"}, "MONITORING_TOKEN is shorter"),
        ({"MONITORING_ADDRESSES": ["10.0.0.1/8"]}, "MONITORING_ADDRESSES has 10.0.0.1/8"),
        ({"RETURN_ADDRESS": "retur"}, "RETURN_ADDRESS is no e-mail address"),
        ({"RETURN_MAILBOX_URL": "imaps://u:p@kommune.no"}, "RETURN_MAILBOX_URL is set and RETURN_ADDRESS is not"),
        (
            {"RETURN_ADDRESS": "retur@kommune.no", "RETURN_MAILBOX_URL": "https://u:p@kommune.no"},
            "RETURN_MAILBOX_URL is not of a mailbox",
        ),
        (TOKENS | {"RETURN_MAILBOX_CLIENT_ID": ""}, "RETURN_MAILBOX_CLIENT_ID is not set, and other settings"),
        (
            {"RETURN_ADDRESS": "retur@kommune.no", "RETURN_MAILBOX_URL": "imaps://retur@kommune.no"},
            "RETURN_MAILBOX_URL has no password",
        ),
        (
            TOKENS | {"RETURN_MAILBOX_CLIENT_SECRET": ""},
            "RETURN_MAILBOX_CLIENT_ID is set and RETURN_MAILBOX_CLIENT_SECRET",
        ),
        (TOKENS | {"RETURN_MAILBOX_TOKEN_URL": ""}, "RETURN_MAILBOX_CLIENT_ID is set and RETURN_MAILBOX_TOKEN_URL"),
        (
            TOKENS | {"RETURN_MAILBOX_TOKEN_URL": "http://kommune.no"},
            "RETURN_MAILBOX_TOKEN_URL does not begin with https",
        ),
        (
            TOKENS | {"RETURN_MAILBOX_URL": "imaps://u:p@kommune.no"},
            "RETURN_MAILBOX_URL is to have the mailbox's address",
        ),
        (TOKENS | {"RETURN_MAILBOX_URL": "imaps://kommune.no"}, "RETURN_MAILBOX_URL is to have the mailbox's address"),
        (TOKENS | {"RETURN_MAILBOX_URL": "imap://u@kommune.no"}, "RETURN_MAILBOX_URL is imap://"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(changes, said):
    (sentence,) = found(**changes)
    assert sentence.startswith(said)


def test_on_ones_own_machine_nothing_is_asked():
    assert found(environ={}, SITE_URL="http://localhost:8000", ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="x") == []


def test_a_name_that_is_nearly_one_of_ours_is_doubted():
    told = SimpleNamespace(**GOOD)
    environ = {"DATBASE_URL": "x", "LMP_DEBUG": "x", "SECRET_KEY_FILE": "x", "PATH": "x", "HOME": "x", "LANG": "nb"}
    assert list(checks.doubtful(told, environ)) == [
        "DATBASE_URL is no setting of the portal: is DATABASE_URL meant?",
        "LMP_DEBUG is no setting of the portal, and changes nothing.",
    ]
    told.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert [sentence[:16] for sentence in checks.doubtful(told, {})] == ["PROXY_COUNT is 0"]


def test_django_is_told(settings):
    settings.LOG_FORMAT = "xml"
    assert "lmp.E001" in {message.id for message in django_checks.run_checks()}


SERVERS = {
    "web": ["-c", "import lmp.wsgi"],
    "worker": ["-m", "celery", "-A", "lmp", "worker", "--pool=solo"],
    "beat": ["-m", "celery", "-A", "lmp", "beat"],
}


@pytest.mark.slow
@pytest.mark.parametrize("server", SERVERS)
def test_no_server_starts_with_wrong_settings(server, tmp_path):
    environ = {
        "PATH": "/usr/bin:/bin",
        "LMP_VAR_DIR": str(tmp_path),
        "SITE_URL": "http://portal.example.no",
        "DATABASE_URL": "postgres://127.0.0.1:9/none",
        "SECRET_KEY": "short",
    }
    run = subprocess.run(
        [sys.executable, *SERVERS[server], *(["--schedule", str(tmp_path / "beat")] if server == "beat" else [])],
        check=False,
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode != 0
    assert "- SECRET_KEY is shorter than 50 characters" in run.stderr
    assert "- EMAIL_URL is not set" in run.stderr


@pytest.mark.parametrize(
    "address", ["", "http://uustatus.no/nb/1", "https://www.kommune.no/nb/1", "https://uustatus.no/"]
)
def test_a_release_lacks_its_statement_until_it_is_published(address):
    [sentence] = checks.lacking(SimpleNamespace(**GOOD | {"ACCESSIBILITY_STATEMENT_URL": address}))
    assert sentence.startswith("ACCESSIBILITY_STATEMENT_URL is ")
    assert list(checks.lacking(SimpleNamespace(**GOOD))) == []
    local = {"SITE_URL": "http://localhost", "ALLOWED_HOSTS": [], "ACCESSIBILITY_STATEMENT_URL": address}
    assert list(checks.lacking(SimpleNamespace(**GOOD | local))) == []
    assert found(ACCESSIBILITY_STATEMENT_URL=address) == [], "a portal that runs goes on"
