"""The token that opens a mailbox whose server takes no passwords."""

import pytest
from django.utils import timezone

from outbox.models import MailboxReading
from outbox.returns import mailbox, oauth
from outbox.tests.faults.house import MARKS
from outbox.tests.returns.conftest import about
from outbox.tests.returns.imap_server import ImapServer
from outbox.tests.returns.token_server import TokenServer


@pytest.fixture
def gives(settings):
    server = TokenServer()
    settings.RETURN_MAILBOX_CLIENT_ID, settings.RETURN_MAILBOX_CLIENT_SECRET = "klient", "hemmelig"
    settings.RETURN_MAILBOX_TOKEN_URL = server.url
    yield server
    server.close()


def test_it_is_asked_for_by_client_credentials(gives):
    assert oauth.token() == "token-1"
    assert oauth.token() == "token-2"  # a new one each time: one that is taken back stops nothing
    assert gives.asked[0] == {
        "grant_type": "client_credentials",
        "client_id": "klient",
        "client_secret": "hemmelig",
        "scope": "https://outlook.office365.com/.default",
    }


def test_why_none_is_given_is_told_without_what_is_secret(gives):
    gives.secrets = {"en-ny"}
    with pytest.raises(oauth.TokenError) as refused:
        oauth.token()
    assert str(refused.value) == "no token: 401 invalid_client AADSTS7000222"


@pytest.mark.parametrize(
    "says",
    [
        (200, b"<html>hemmelig"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"access_token": 5}'),
        (200, b'{"access_token": "a\\u0001user=annen"}'),
        (500, b'{"error": "Hemmelig <b>", "access_token": "a"}'),
    ],
)
def test_nonsense_is_no_token(gives, says):
    gives.says = says
    with pytest.raises(oauth.TokenError) as refused:
        oauth.token()
    assert "emmelig" not in str(refused.value)


def test_an_endpoint_that_does_not_answer_is_told_and_nothing_else_stops(db, gives, settings):
    settings.RETURN_MAILBOX_URL = "imap://retur@127.0.0.1:1/INBOX"
    assert mailbox.read_all(now=timezone.now()) is None
    gives.close()
    with pytest.raises(oauth.TokenError) as refused:
        oauth.token()
    assert str(refused.value) == "no token: ConnectError"


@pytest.fixture
def imap(gives, settings):
    server = ImapServer(introspects=f"http://127.0.0.1:{gives.port}/introspect")
    settings.RETURN_MAILBOX_URL = server.url.replace(":hemmelig@", "@")
    yield server
    server.close()


class TestWithDovecot:
    pytestmark = MARKS

    def test_the_mailbox_is_read_with_a_token(self, imap, gives, sent):
        imap.deliver(about(sent, "postfix_unknown"))
        assert mailbox.read_all(now=timezone.now()) == mailbox.Looked(taken=1, left=0)
        sent.refresh_from_db()
        assert sent.returned_at
        assert imap.lying() == []

    def test_a_secret_is_changed_without_losing_a_mail(self, imap, gives, sent, settings):
        imap.deliver(about(sent, "postfix_unknown"))
        gives.secrets = {"den-nye"}
        assert mailbox.read_all(now=timezone.now()) is None
        reading = MailboxReading.objects.get()
        assert "AADSTS7000222" in reading.error
        assert "hemmelig" not in reading.error
        assert len(imap.lying()) == 1
        settings.RETURN_MAILBOX_CLIENT_SECRET = "den-nye"
        assert mailbox.read_all(now=timezone.now()) == mailbox.Looked(taken=1, left=0)
        assert MailboxReading.objects.get().failing_since is None

    def test_a_token_that_the_server_refuses_is_told(self, imap, gives, db, monkeypatch):
        monkeypatch.setattr(oauth, "token", lambda: "en-annens")
        assert mailbox.read_all(now=timezone.now()) is None
        assert MailboxReading.objects.get().failing_since
        assert "en-annens" not in MailboxReading.objects.get().error
