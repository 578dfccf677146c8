"""What one mail from the return mailbox is, and which message it is about. Nothing is stored here.

Anybody can send a mail there. Only the tag in the address that it came to proves which message it is about, and whoever
knows that tag got the message or carried it.
"""

import email
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import Message as Mail
from email.utils import getaddresses, parseaddr

from flufl.bounce import all_failures
from icalendar import Calendar

from outbox.models import ReturnedMail, ReturnReason
from outbox.returns import tag
from outbox.returns.reasons import reason_for
from parts.names import one_line

Kind = ReturnedMail.Kind
Why = ReturnedMail.Why
MAX_SAID = 500
MAX_SENDER, MAX_SUBJECT = 320, 200
# What staff are shown of a mail that was not understood.
MAX_TEXT = 5000
# Where a mail server writes the address that it delivered to; the envelope's own, if the pipe told, comes first.
_DELIVERED_TO = (
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Forwarded-To",
    "Resent-To",
    "To",
    "Cc",
)
_AUTOMATIC = re.compile(r"^(automati\w+ \w+|autosvar|out of office)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Failure:
    """What became of the mail for one recipient. The address is as their server knows it, which may be another."""

    address: str
    reason: ReturnReason
    said: str
    final: bool


@dataclass(frozen=True)
class CalendarAnswer:
    uid: str
    attendee: str
    answer: str  # ACCEPTED, DECLINED, TENTATIVE


@dataclass(frozen=True)
class MailReading:
    kind: ReturnedMail.Kind
    digest: str
    why: str = ""  # it was not understood
    message: int | None = None
    failures: list[Failure] = field(default_factory=list)
    answers: list[CalendarAnswer] = field(default_factory=list)


def read(source: bytes, *, recipient: str = "") -> MailReading:
    """`recipient`: the address that the mail was delivered to, when the mail server tells. Never raises."""
    digest = _digest(source)
    try:
        return _read(_parsed(source), digest, recipient)
    except Exception:  # a parser that fails on a hostile mail: it is one that was not understood
        return MailReading(Kind.UNREAD, digest, Why.BROKEN)


def found_by(source: bytes) -> tuple[str, str]:
    """Who a mail says it is from, and its subject, as far as they can be read. Never raises."""
    try:
        mail = _parsed(source)
        sender = parseaddr(str(mail.get("From", "")))[1]
    except Exception:
        return "", ""
    try:
        subject = _subject(mail)
    except Exception:  # an encoding that is none
        subject = ""
    return one_line(sender)[:MAX_SENDER], one_line(subject)[:MAX_SUBJECT]


def _parsed(source: bytes) -> Mail:
    """With headers that are texts: letters sent as they are make objects of them, which few programs expect."""
    mail = email.message_from_bytes(source)
    for part in mail.walk():
        headers = [(name, value.encode("ascii", "surrogateescape")) for name, value in part.raw_items()]
        if all(value.isascii() for _name, value in headers):
            continue
        for name in set(part.keys()):
            del part[name]
        for name, value in headers:
            part[name] = _decoded_header(value)
    return mail


def _decoded_header(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _digest(source: bytes) -> str:
    """The same for a mail that came two ways: servers on the way add headers, and change nothing else."""
    head, _gap, body = source.replace(b"\r\n", b"\n").partition(b"\n\n")
    found = re.search(rb"^message-id:\s*(\S+)", head, re.IGNORECASE | re.MULTILINE)
    return hashlib.sha256((found.group(1) if found else head) + b"\n\n" + body).hexdigest()


def _read(mail: Mail, digest: str, recipient: str) -> MailReading:
    if answers := list(_calendar_answers(mail)):
        return MailReading(Kind.CALENDAR, digest, answers=answers)
    key = tag.message_of(_delivered_to(mail, recipient))
    failures = _failures(mail)
    if failures:
        if key is None:
            return MailReading(Kind.UNREAD, digest, Why.NO_TAG)
        kind = Kind.FAILED if any(failure.final for failure in failures) else Kind.DELAYED
        return MailReading(kind, digest, message=key, failures=failures)
    if _is_automatic(mail):
        return MailReading(Kind.AUTOMATIC, digest)
    return MailReading(Kind.UNREAD, digest, Why.PERSON)


def _delivered_to(mail: Mail, recipient: str) -> Iterator[str]:
    if recipient:
        yield recipient
    for name in _DELIVERED_TO:
        headers = [str(header) for header in mail.get_all(name, [])]
        # SRS and BATV put "=" and "+" in an address, which is fine; a name around it is taken off.
        yield from (address for _name, address in getaddresses(headers))


def _failures(mail: Mail) -> list[Failure]:
    """By the report's own fields (RFC 3464), else as the library finds them in what older servers write."""
    if reports := [part for part in mail.walk() if part.get_content_type() == "message/delivery-status"]:
        return [failure for report in reports for failure in _reported(report)]
    if mail.get_content_type() == "multipart/report":  # a receipt that the mail was opened, say
        return []
    if _is_automatic(mail) and not _from_a_daemon(mail):
        return []
    delayed, failed = all_failures(mail)
    said = one_line(_text(mail))
    return [
        Failure(address.decode(errors="replace").lower(), reason_for("", said), said[:MAX_SAID], final)
        for addresses, final in ((failed, True), (delayed, False))
        for address in sorted(addresses)
    ]


def _reported(report: Mail) -> Iterator[Failure]:
    blocks = report.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Mail):
            continue
        action = str(block.get("Action", "")).strip().lower()
        if action not in ("failed", "delayed"):
            continue
        # What we wrote to, when their server tells; else where it went on to.
        address = _of_type(block.get("Original-Recipient") or block.get("Final-Recipient"))
        said = one_line(_of_type(block.get("Diagnostic-Code")))
        yield Failure(
            address.strip("<>").lower(),
            reason_for(str(block.get("Status", "")), said),
            said[:MAX_SAID],
            final=action == "failed",
        )


def _of_type(value: object) -> str:
    """The value without its type: rfc822; kari@example.no."""
    return str(value or "").partition(";")[2].strip() or str(value or "").strip()


def _from_a_daemon(mail: Mail) -> bool:
    sender = str(mail.get("From", "")).lower()
    return any(name in sender for name in ("mailer-daemon", "postmaster", "mail delivery", "microsoftexchange"))


def _is_automatic(mail: Mail) -> bool:
    """Written by a program, RFC 3834: nobody waits for somebody to read it."""
    submitted = str(mail.get("Auto-Submitted", "no")).strip().lower()
    return (
        not submitted.startswith("no")
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "X-MS-Exchange-Inbox-Rules-Loop"))
        or str(mail.get("Precedence", "")).strip().lower() == "auto_reply"
        or mail.get_content_type() == "multipart/report"
        or bool(_AUTOMATIC.match(_subject(mail)))
    )


def _subject(mail: Mail) -> str:
    return str(email.header.make_header(email.header.decode_header(str(mail.get("Subject", "")))))


def text_of(source: bytes) -> str:
    """The first text in a mail, for staff to read; empty where none is found. Never raises."""
    try:
        return _text(_parsed(source))[:MAX_TEXT].strip()
    except Exception:
        return ""


def _text(mail: Mail) -> str:
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return _decoded(content[:20_000], part.get_content_charset() or "utf-8")
    return ""


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, errors="replace")
    except LookupError:  # a charset that is none
        return content.decode(errors="replace")


def _calendar_answers(mail: Mail) -> Iterator[CalendarAnswer]:
    """RFC 6047: a part that is a calendar whose method is REPLY."""
    for part in mail.walk():
        if part.get_content_type() not in ("text/calendar", "application/ics"):
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        whole = Calendar.from_ical(content)
        if str(whole.get("method", "")).upper() == "REPLY":
            yield from _answers(whole)
            return


def _answers(whole: Calendar) -> Iterator[CalendarAnswer]:
    for event in whole.walk("VEVENT"):
        attendees = event.get("attendee") or []
        for attendee in attendees if isinstance(attendees, list) else [attendees]:
            answer = str(attendee.params.get("PARTSTAT", "")).upper()
            address = re.sub(r"^mailto:", "", str(attendee), flags=re.IGNORECASE)
            yield CalendarAnswer(str(event.get("uid", "")), address.strip().lower(), answer)


def recipients_named(failures: Iterable[Failure], addresses: list[str]) -> dict[str, Failure]:
    """What became of which of these addresses that we wrote to. Empty when the report names none of several."""
    found = {failure.address: failure for failure in failures}
    if len(addresses) == 1:  # their server may know the person by another address
        final = [failure for failure in found.values() if failure.final]
        return {addresses[0]: (final or list(found.values()))[0]} if found else {}
    known = {address.lower(): address for address in addresses}
    return {known[address]: failure for address, failure in found.items() if address in known}
