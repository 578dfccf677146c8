"""The mailbox that mail comes back to, read by IMAP.

A mail that was understood is stored first and deleted then, so that one is met twice rather than lost. One that was
not is flagged and left for people; flagged ones are not looked at again.
"""

import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from outbox.models import MailboxReading, ReturnedMail
from outbox.returns import oauth
from outbox.returns.taking import take
from outbox.wire.answers import describe

logger = logging.getLogger(__name__)

# What is read of a mail. The report comes before the mail that it brings back.
MAX_BYTES = 1_000_000
MAX_AT_ONCE = 200


@dataclass
class Looked:
    """How many mails were understood, and how many lie flagged in the mailbox afterwards."""

    taken: int = 0
    left: int = 0


class MailboxError(Exception):
    """The server does not do what was asked."""


def read_all(*, now: datetime) -> Looked | None:
    """Read what is new, and store how that went. None when there is no mailbox, or it does not answer."""
    if not settings.RETURN_MAILBOX_URL:
        return None
    try:
        with opened(settings.RETURN_MAILBOX_URL) as server:
            looked = _read(server)
    except (imaplib.IMAP4.error, OSError, MailboxError, oauth.TokenError) as error:
        # Never the address of the mailbox, which has its password.
        logger.warning("the return mailbox cannot be read: %s", describe(error))
        MailboxReading.failed(error=describe(error), now=now)
        return None
    MailboxReading.went_well(left=looked.left, now=now)
    return looked


def _read(server: imaplib.IMAP4) -> Looked:
    looked = Looked()
    for uid in _search(server, "UNFLAGGED UNDELETED")[:MAX_AT_ONCE]:
        source = _fetch(server, uid)
        if source is None:  # another has taken it meanwhile
            continue
        if take(source, now=timezone.now()) == ReturnedMail.Kind.UNREAD:
            _ask(server, "STORE", uid, "+FLAGS", r"(\Flagged)")
        else:
            _ask(server, "STORE", uid, "+FLAGS", r"(\Seen \Deleted)")
            looked.taken += 1
    server.expunge()
    looked.left = len(_search(server, "FLAGGED UNDELETED"))
    return looked


@contextmanager
def opened(url: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(url)
    host, timeout = parts.hostname or "", settings.EMAIL_TIMEOUT
    context = ssl.create_default_context()
    if parts.scheme == "imaps":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=timeout)
    else:
        server = imaplib.IMAP4(host, parts.port or 143, timeout=timeout)
    try:
        if parts.scheme == "imap+tls":
            server.starttls(context)
        _sign_in(server, unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        state, said = server.select(f'"{folder}"')
        if state != "OK":
            raise MailboxError(f"no folder {folder}: {said!r}")
        yield server
    finally:
        try:
            server.logout()
        except (imaplib.IMAP4.error, OSError):
            server.shutdown()


def _sign_in(server: imaplib.IMAP4, user: str, password: str) -> None:
    if not oauth.is_used():
        server.login(user, password)
        return
    answers = [oauth.as_xoauth2(user, oauth.token())]
    # A server that refuses says why, and waits for an empty answer before it says no.
    server.authenticate("XOAUTH2", lambda _challenge: answers.pop() if answers else b"")


def _search(server: imaplib.IMAP4, what: str) -> list[str]:
    found = _ask(server, "SEARCH", what)
    return found[0].decode().split() if found and isinstance(found[0], bytes) else []


def _fetch(server: imaplib.IMAP4, uid: str) -> bytes | None:
    # PEEK leaves it unread for whoever looks into the mailbox.
    found = _ask(server, "FETCH", uid, f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
    return next((part[1] for part in found if isinstance(part, tuple)), None)


def _ask(server: imaplib.IMAP4, command: str, *arguments: str) -> list:
    state, found = server.uid(command, *arguments)
    if state != "OK":
        raise MailboxError(f"{command}: {found!r}")
    return found
