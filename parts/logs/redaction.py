"""What a log may hold: no address, no number of a person, and nothing that another program or a person has said.

A mail server answers with addresses, and PostgreSQL, Python and Django quote in their errors what was typed. So an
error is told by its kind, its place in the code and the facts that its program names apart, never by its words.
"""

import re
import smtplib
import traceback

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseProblem

# These speak of code and settings alone.
SPEAK_OF_CODE = (AttributeError, ImportError, NameError, ImproperlyConfigured)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:=/]+(?:@|%40)[\w.-]*[^\W_]", re.IGNORECASE)
_PERSON_NUMBER = re.compile(r"(?<!\d)\d{6} ?\d{5}(?!\d)")
_ANSWER = re.compile(r"([245]\d\d)[ -](?:([245]\.\d{1,3}\.\d{1,3})\b)?")


def redact(text: str) -> str:
    return _PERSON_NUMBER.sub("<number>", _ADDRESS.sub("<address>", text))


def answer_code(said: str) -> str:
    """Return the codes of a mail server's answer, without its words: "550 5.1.1"."""
    match = _ANSWER.match(said)
    if match:
        return " ".join(filter(None, match.groups()))
    kind, colon, _words = said.partition(":")
    return kind if colon and kind.isidentifier() else ""


def describe(error: BaseException) -> str:
    """Return the error's kind, and what can be told of it without its words."""
    kind = type(error).__name__
    if isinstance(error, SPEAK_OF_CODE):
        return f"{kind}: {redact(str(error))}"
    if isinstance(error, DatabaseProblem):
        return _of_database(kind, error.__cause__)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{kind}: {error.smtp_code}"
    if isinstance(error, OSError) and error.errno:
        return f"{kind}: errno {error.errno}"
    return kind


def describe_with_trace(error: BaseException) -> str:
    """Return where it went wrong, with what it came of, as Python tells it but for the words."""
    before = _what_it_came_of(error)
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{before}Traceback (most recent call last):\n{frames}{describe(error)}"


def _what_it_came_of(error: BaseException) -> str:
    if error.__cause__ is not None:
        return f"{describe_with_trace(error.__cause__)}\n\nwhich caused:\n\n"
    if error.__context__ is not None and not error.__suppress_context__:
        return f"{describe_with_trace(error.__context__)}\n\nwhile that was handled:\n\n"
    return ""


def _of_database(kind: str, cause: BaseException | None) -> str:
    told = getattr(cause, "diag", None)
    names = ("sqlstate", "table_name", "column_name", "constraint_name")
    facts = [f"{name} {value}" for name in names if (value := getattr(told, name, None))]
    return f"{kind}: {', '.join(facts)}" if facts else kind
