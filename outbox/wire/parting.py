"""A mail that the server took for some of its recipients only becomes several, each with one truth about it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from outbox.models import Attachment, FurtherRecipient, Message, MessageQuerySet
from outbox.posting import message_id

Facts = dict[str, Any]
# What is the mail's, whoever gets it.
SHARED = (
    "reply_to",
    "language",
    "text_name",
    "subject",
    "body",
    "html",
    "why",
    "note",
    "about_type_id",
    "about_id",
    "about_label",
    "created_at",
    "expires_at",
    "disconnects",
    "doubts",
    "resend_of_id",
    "resend_reason",
    "resent_by_id",
)


def store(message: Message, ours: MessageQuerySet, facts: Facts, apart: Mapping[str, Facts]) -> int:
    """Store the facts of the mail if it is still ours, and at once a mail for each of those who are set apart."""
    if not apart:
        return ours.update(**facts)
    with transaction.atomic():
        changed = ours.update(**facts)
        if changed:
            for address, own in apart.items():
                _part(message, address, own)
            _close_ranks(message, gone=apart)
    return changed


def _part(message: Message, address: str, facts: Facts) -> None:
    further = next((one for one in message.further.all() if one.to == address), None)
    person = further.person_id if further else message.recipient_id
    key = f"parted:{message.pk}:{person}"
    own = Message.objects.create(
        key=key,
        message_id=message_id(key),
        to=address,
        recipient_id=person,
        parted_from=message,
        **{name: getattr(message, name) for name in SHARED},
        **{"attempts": message.attempts + 1} | facts,
    )
    Attachment.objects.bulk_create(
        Attachment(message=own, name=file.name, content_type=file.content_type, content=file.content)
        for file in message.attachments.all()
    )


def _close_ranks(message: Message, *, gone: Mapping[str, Facts]) -> None:
    """Let the mail name those who are left: one of them first, the others after."""
    staying = [further for further in message.further.all() if further.to not in gone]
    leaving = [further.pk for further in message.further.all() if further.to in gone]
    if message.to in gone:
        first = staying.pop(0)
        Message.objects.filter(pk=message.pk).update(to=first.to, recipient=first.person_id)
        leaving.append(first.pk)
    FurtherRecipient.objects.filter(pk__in=leaving).delete()
