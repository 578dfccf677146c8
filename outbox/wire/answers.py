"""What a mail server's answer, or its silence, means for the message in the air."""

import smtplib
from collections.abc import Collection, Mapping

from django.core.mail.message import sanitize_address

from outbox.wire.smtp import WentSilent

# RFC 5321: the server is closing the connection. RFC 1870: the message is larger than it takes.
CLOSING = 421
TOO_LARGE = 552


class Refused(Exception):
    """The server will never take this message."""


class Deferred(Exception):
    """The server does not take this message now."""


class Disconnected(Exception):
    """The server does not answer, or does not let us send anything."""


class PerhapsTaken(Exception):
    """The server was handed the whole message, and went silent."""


def classify(error: Exception) -> Refused | Deferred | Disconnected | PerhapsTaken:
    match error:
        case WentSilent():
            return PerhapsTaken(describe(error))
        case smtplib.SMTPRecipientsRefused():
            code, answer = next(iter(error.recipients.values()))
        case smtplib.SMTPSenderRefused(smtp_code=code, smtp_error=answer) if code != TOO_LARGE:
            # Our own address, or our right to send, is refused: that concerns every message, not this one.
            return Disconnected(describe(error, code, answer))
        case smtplib.SMTPSenderRefused(smtp_code=code, smtp_error=answer):
            pass
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=answer):
            pass
        case smtplib.SMTPNotSupportedError():
            return Refused(describe(error))
        case _:
            return Disconnected(describe(error))
    return _meaning(code, describe(error, code, answer))


def _meaning(code: int, said: str) -> Refused | Deferred | Disconnected:
    if code == CLOSING:
        return Disconnected(said)
    return Refused(said) if code >= 500 else Deferred(said)


def for_each(recipients: Mapping[str, tuple[int, bytes]], addresses: Collection[str]) -> dict[str, Refused | Deferred]:
    """What became of a mail for each of these addresses that the server did not take. Raises Disconnected."""
    found: dict[str, Refused | Deferred] = {}
    as_sent = {sanitize_address(address, "utf-8"): address for address in addresses} if recipients else {}
    for recipient, (code, answer) in recipients.items():
        meaning = _meaning(code, describe(None, code, answer))
        if isinstance(meaning, Disconnected):
            raise meaning
        found[as_sent[recipient]] = meaning
    return found


def describe(error: Exception | None, code: int | None = None, answer: bytes | str = b"") -> str:
    if code is None:
        return f"{type(error).__name__}: {error}"
    return f"{code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"
