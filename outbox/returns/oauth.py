"""The token that opens a mailbox whose server takes no passwords: OAuth 2, client credentials (RFC 6749, 4.4)."""

import re

import httpx
from django.conf import settings

# What a server says besides the error's own word, and may be quoted: Microsoft's number tells an expired secret from a
# wrong one. Its sentences have keys in them.
_NUMBER = re.compile(r"AADSTS\d+")
_WORD = re.compile(r"[a-z_]{1,50}")


class TokenError(Exception):
    """No token was given. Says why, without anything secret."""


def is_used() -> bool:
    return bool(settings.RETURN_MAILBOX_CLIENT_ID)


def token() -> str:
    """A new one: it lives an hour or so, and the mailbox is read every five minutes."""
    asked = {
        "grant_type": "client_credentials",
        "client_id": settings.RETURN_MAILBOX_CLIENT_ID,
        "client_secret": settings.RETURN_MAILBOX_CLIENT_SECRET,
        "scope": settings.RETURN_MAILBOX_SCOPE,
    }
    try:
        answer = httpx.post(settings.RETURN_MAILBOX_TOKEN_URL, data=asked, timeout=settings.EMAIL_TIMEOUT)
        said = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise TokenError(f"no token: {type(error).__name__}") from None
    given = said.get("access_token") if isinstance(said, dict) else None
    if answer.status_code != httpx.codes.OK or not isinstance(given, str) or not given.isprintable():
        raise TokenError(f"no token: {answer.status_code} {_why(said)}".rstrip())
    return given


def as_xoauth2(user: str, given: str) -> bytes:
    """As Exchange Online, Google and Dovecot take it (SASL XOAUTH2)."""
    return f"user={user}\x01auth=Bearer {given}\x01\x01".encode()


def _why(said: object) -> str:
    if not isinstance(said, dict):
        return ""
    word = str(said.get("error", ""))
    number = _NUMBER.search(str(said.get("error_description", "")))
    return " ".join(filter(None, (word if _WORD.fullmatch(word) else "", number.group() if number else "")))
