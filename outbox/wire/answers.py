"""What a mail server's answer, or its silence, means for the message in the air."""

import smtplib

# RFC 5321: the server is closing the connection. RFC 1870: the message is larger than it takes.
CLOSING = 421
TOO_LARGE = 552


class Refused(Exception):
    """The server will never take this message."""


class Deferred(Exception):
    """The server does not take this message now."""


class Disconnected(Exception):
    """The server does not answer, or does not let us send anything."""


def classify(error: Exception) -> Refused | Deferred | Disconnected:
    match error:
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
    if code == CLOSING:
        return Disconnected(describe(error, code, answer))
    return (Refused if code >= 500 else Deferred)(describe(error, code, answer))


def describe(error: Exception, code: int | None = None, answer: bytes | str = b"") -> str:
    if code is None:
        return f"{type(error).__name__}: {error}"
    return f"{code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"
