"""Storing what a mail that came back says: once, however often it is read, and whole or not at all."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce

from outbox import texts
from outbox.models import Message, MessageState, ReturnedMail, ReturnReason
from outbox.returns import addresses
from outbox.returns.reading import CalendarAnswer, Failure, MailReading, found_by, read, recipients_named
from outbox.returns.reasons import OF_THE_ADDRESS
from outbox.wire import parting

logger = logging.getLogger(__name__)

Kind = ReturnedMail.Kind
# A mailbox that is full, or a rule that refuses, may pass; a second mail that comes back in this time says it does not.
SAME_TROUBLE = timedelta(days=30)
# Mails that nobody has seen to yet. Anybody can write to the address: what floods it is not to fill the database.
MAX_KEPT = 500


class TooManyUnreadError(Exception):
    """The mail is not stored: whoever has it is to keep it, until staff have read some of the others."""


def take(source: bytes, *, now: datetime, recipient: str = "", keeps_source: bool = False) -> ReturnedMail.Kind:
    """Read one mail and store what it says. Returns what it was: one that is UNREAD has done nothing.

    `keeps_source`: nobody else keeps the mail, so that one which is not understood is stored, or TooManyUnreadError.
    """
    reading = read(source, recipient=recipient)
    try:
        with transaction.atomic():
            return _store(reading, source, now, keeps_source=keeps_source)
    except IntegrityError:
        # It has been read before, or is being read by another.
        known = ReturnedMail.objects.filter(digest=reading.digest).first()
        if known is None:
            raise
        return Kind(known.kind)


def _store(reading: MailReading, source: bytes, now: datetime, *, keeps_source: bool) -> ReturnedMail.Kind:
    row = ReturnedMail(digest=reading.digest, kind=reading.kind, why=reading.why, received_at=now)
    message = None
    if reading.message is not None:
        message = Message.objects.select_for_update().filter(pk=reading.message).first()
    found = recipients_named(reading.failures, message.addresses) if message else {}
    if message and not found:
        row.kind, row.why = Kind.UNREAD, ReturnedMail.Why.NOBODY
    if row.kind == Kind.UNREAD:
        row.sender, row.subject = found_by(source)
        row.source = source if keeps_source else None
    if row.source and ReturnedMail.objects.to_be_read().filter(source__isnull=False).count() >= MAX_KEPT:
        raise TooManyUnreadError
    if message and (first := next(iter(found.values()), None)):
        row.message, row.reason, row.said = message, first.reason, first.said
    row.save(force_insert=True)
    if message:
        _returned(message, {to: failure for to, failure in found.items() if failure.final}, now)
    for answer in reading.answers:
        _answered(answer, now)
    return Kind(row.kind)


def _returned(message: Message, failures: dict[str, Failure], now: datetime) -> None:
    if not failures or message.state_at(now) == MessageState.RETURNED:
        return
    sent_at = message.sent_at or now
    for to, failure in failures.items():
        if _is_of_the_address(message, to, failure.reason, now):
            addresses.bury(to, failure.reason, sent_at=sent_at, now=now)
    mail = Message.objects.filter(pk=message.pk)
    if len(failures) == len(message.addresses):
        facts = _facts(message, next(iter(failures.values())), now)
        # What came back was taken, also when the server never said so.
        mail.update(**facts | {"sent_at": Coalesce("sent_at", now), "given_up_at": None, "stopped_at": None})
        mail.update(claim=None, claimed_until=None)
    else:
        own = {"sent_at": sent_at, "next_attempt_at": now}
        apart = {to: _facts(message, failure, now) | own for to, failure in failures.items()}
        parting.store(message, mail, {"attempts": message.attempts}, apart)


def _facts(message: Message, failure: Failure, now: datetime) -> parting.Facts:
    wiped = {"body": "", "html": ""} if message.secret else {}
    return {"returned_at": now, "returned_why": failure.reason, "last_error": failure.said, "failed_at": now} | wiped


def _is_of_the_address(message: Message, to: str, reason: ReturnReason, now: datetime) -> bool:
    if reason in OF_THE_ADDRESS:
        return True
    others = Message.objects.exclude(pk=message.pk).filter(to=to, returned_at__gt=now - SAME_TROUBLE)
    return others.exists()


def _answered(answer: CalendarAnswer, now: datetime) -> None:
    for app in texts.mail_apps():
        if answered := getattr(app, "answered_in_calendar", None):
            answered(answer.uid, attendee=answer.attendee, answer=answer.answer, now=now)
