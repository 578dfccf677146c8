"""A contact's function ends, and nobody takes over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from lmp.changes.succession import succeeding
from outbox.effects import Section
from participants import following as in_participants
from participants.mails import notices
from participants.models import Contact


@dataclass(frozen=True)
class EndedFunction:
    """What ended, and what the person has afterwards, in words."""

    contact: Contact
    keeps: Sequence[str]


@transaction.atomic
def end(contact: Contact, *, by: User, now: datetime) -> EndedFunction:
    """End the function, and tell the person. Somebody who is to take over on a day to come still does.

    Raises ValidationError for the municipality's last contact.
    """
    contact = succeeding.locked(contact)
    if contact.ended_at is None:
        contact.end(by=by, now=now)
        with translation.override(contact.participation.language_for(contact.user)):
            elsewhere = succeeding.kept(contact.user, now=now)
        notices.access_ended(contact, by=by, now=now, keeps=elsewhere)
    return EndedFunction(contact, [*in_participants.kept(contact.user), *succeeding.kept(contact.user, now=now)])


def sections(done: EndedFunction, *, own: bool) -> Sequence[Section]:
    contact = done.contact
    kept = _("Dette har du fortsatt") if own else _("Dette har %(old)s fortsatt")
    return [
        (_("Slutter nå"), [f"{_('Du') if own else contact.name}: {contact.title}, {contact.place}"]),
        (kept % {"old": contact.name}, done.keeps),
    ]
