"""The one way in: write the mail in the transaction of the fact that causes it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from html import escape

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, models, transaction

from outbox import texts
from outbox.models import Attachment, FurtherRecipient, Message, MessageQuerySet
from outbox.queue import queue_delivery
from outbox.returns import addresses
from outbox.texts import MailText, Values
from parts import ics
from parts.files import File
from parts.names import one_line

_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; *[\w-]+=[\w.-]+)*", re.ASCII)


def post(
    text: MailText,
    *,
    key: str,
    to: AbstractBaseUser | str,
    also: Sequence[AbstractBaseUser] = (),
    language: str,
    values: Values,
    why: str,
    now: datetime,
    about: models.Model | None = None,
    attachments: Sequence[File] = (),
    expires_at: datetime | None = None,
    wording: tuple[str, str] | None = None,
    reply_to: str = "",
) -> Message:
    """Write this mail, unless one with this key is written already; that one is returned then.

    `to` is a person, whose address it goes to, or an address that is nobody's: the project's own, or an office's.
    `also` are further people whom the same mail goes to, who see each other's addresses: never a code or a calendar
    entry, which are one person's. Each may get another address later, so the text names none.
    `wording` is a subject and a body for this one mail, instead of the text's own. Answers go to `reply_to`, or else to
    the project's own address.
    The key says which mail it is: rule, object and the version of its date, recipient. Nothing here fails for
    what a person has typed; a missing value, an overlong key or address is the caller's mistake: ValueError.
    """
    existing = Message.objects.filter(key=key).first()
    if existing:
        return existing
    if also and (isinstance(to, str) or text.secret or any(map(_is_calendar, attachments))):
        raise ValueError(f"{text.name} goes to one")
    rendered = texts.fill(text, texts.supported(language), *wording, values) if wording else None
    rendered = rendered or texts.render(text, language, values)
    message = Message(
        key=key,
        to=one_line(to if isinstance(to, str) else to.get_username()),
        reply_to=one_line(reply_to),
        recipient_id=None if isinstance(to, str) else to.pk,
        language=texts.supported(language),
        text_name=text.name,
        subject=rendered.subject,
        body=rendered.text,
        html=rendered.html,
        why=one_line(why),
        note=rendered.note,
        about=about,
        about_label=one_line(str(about)) if about else "",
        expires_at=expires_at,
        secret=text.secret,
    )
    return write(message, attachments, also=also, now=now)


def resend(message: Message, *, reason: str, token: str, by: AbstractBaseUser, now: datetime, to: str = "") -> Message:
    """Write this mail again, with a Message-ID of its own. A token makes one mail, however often it is used.

    It goes to the address that each recipient has now, and says so where it names the old one. Only a mail that was
    written to nobody's address may go to another, `to`.
    """
    if to and message.recipient_id:
        raise ValueError(f"message {message.pk} goes to its recipient")
    address, body, html = one_line(to) or message.address_now, message.body, message.html
    if message.recipient_id:
        body, html = _with_address(message, address)
    again = Message(
        key=f"resend:{message.pk}:{token}",
        to=address,
        reply_to=message.reply_to,
        recipient_id=message.recipient_id,
        language=message.language,
        text_name=message.text_name,
        subject=message.subject,
        body=body,
        html=html,
        why=message.why,
        about_type=message.about_type,
        about_id=message.about_id,
        about_label=message.about_label,
        resend_of=message,
        resend_reason=reason,
        resent_by_id=by.pk,
    )
    existing = Message.objects.filter(key=again.key).first()
    if existing:
        return existing
    if not message.may_be_resent(now):
        raise ValueError(f"message {message.pk} cannot be sent again")
    # Two of them may have been found to be one since.
    others = message.further.exclude(person=message.recipient_id).select_related("person")
    also = {further.person_id: further.person for further in others}
    for each in [again.to, *(person.get_username() for person in also.values())]:
        addresses.lift(each, now=now)  # whoever sends it again means that it arrives
    return write(again, _files(message, address), also=list(also.values()), now=now)


def _files(message: Message, address: str) -> list[File]:
    """As they were, but that a calendar entry names the person by the address it goes to."""
    files = [File(file.name, file.content_type, bytes(file.content)) for file in message.attachments.all()]
    if message.recipient_id is None or address == message.to:
        return files
    return [
        replace(file, content=ics.readdressed(file.content, before=message.to, after=address))
        if _is_calendar(file)
        else file
        for file in files
    ]


def _is_calendar(file: File) -> bool:
    return file.content_type.startswith("text/calendar")


def readdress(messages: MessageQuerySet, *, person: AbstractBaseUser, to: str) -> None:
    """Send these, which wait, to this recipient's new address. No worker has claimed them."""
    for message in messages.prefetch_related("further"):
        # Who turns out to be another of its recipients gets it once.
        there = to in message.addresses
        if message.recipient_id == person.pk:
            if there:
                message.further.filter(to=to).delete()
            body, html = _with_address(message, to)
            messages.filter(pk=message.pk).update(to=to, body=body, html=html, stopped_at=None)
        for mine in [further for further in message.further.all() if further.person_id == person.pk]:
            if there:
                mine.delete()
            else:
                FurtherRecipient.objects.filter(pk=mine.pk).update(to=to)


def hand_over(person: AbstractBaseUser, *, to: AbstractBaseUser) -> int:
    """What was written to this person is the other's from now on, for they are one. Return how many mails."""
    count = Message.objects.to_person(person).count()
    FurtherRecipient.objects.filter(person=person.pk).update(person=to)
    Message.objects.filter(recipient=person.pk).update(recipient=to)
    return count


def let_go(person: AbstractBaseUser) -> None:
    """Take this person out of the mails that others got too. What is theirs alone is not touched."""
    FurtherRecipient.objects.filter(person=person.pk).delete()
    for message in Message.objects.filter(recipient=person.pk, further__isnull=False).distinct():
        first = message.further.select_related("person")[0]
        Message.objects.filter(pk=message.pk).update(to=first.to, recipient=first.person)
        first.delete()


def _with_address(message: Message, address: str) -> tuple[str, str]:
    """The mail's text and HTML. They tell its reader which address to sign in with, so they name the new one."""
    html = _replaced(message.html, escape(message.to), escape(address))
    return _replaced(message.body, message.to, address), html


def _replaced(text: str, before: str, after: str) -> str:
    """Another address instead of this one, but not within a longer one."""
    return re.sub(rf"(?<![\w.+-]){re.escape(before)}(?![\w-]|\.\w)", lambda _found: after, text)


def write(
    message: Message, attachments: Sequence[File], *, also: Sequence[AbstractBaseUser] = (), now: datetime
) -> Message:
    """For a mail that is not written yet. One that somebody else writes meanwhile is returned instead."""
    for name in ("key", "to"):
        limit = getattr(Message._meta.get_field(name), "max_length")  # noqa: B009 – a field of another kind has none
        if len(getattr(message, name)) > limit:
            raise ValueError(f"a message's {name} has at most {limit} characters")
    message.created_at = message.next_attempt_at = now
    message.message_id = message_id(message.key)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
            if also:
                FurtherRecipient.objects.bulk_create(
                    FurtherRecipient(message=message, person_id=person.pk, to=one_line(person.get_username()))
                    for person in also
                )
            if attachments:
                Attachment.objects.bulk_create(_attachment(message, file) for file in attachments)
            # Robust: a queue that is down costs nothing but time, since the sweep finds the message.
            transaction.on_commit(queue_delivery, robust=True)
    except IntegrityError:
        # The callers have looked, so most likely somebody has written this mail since.
        written = Message.objects.filter(key=message.key).first()
        if written is None:
            raise
        return written
    return message


def message_id(key: str) -> str:
    """The Message-ID of the mail with this key, the same at every attempt."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _attachment(message: Message, file: File) -> Attachment:
    if not _CONTENT_TYPE.fullmatch(file.content_type):
        raise ValueError(f"not a content type: {file.content_type!r}")
    name = one_line(file.name)[-200:]
    return Attachment(message=message, name=name, content_type=file.content_type, content=file.content)
