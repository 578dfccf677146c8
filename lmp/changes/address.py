"""A person's address becomes another: one action, whoever does it, and all that hangs on the address follows."""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import AddressChange, User
from gatherings import following as gatherings_following
from gatherings.models import Registration
from guidance import following as guidance_following
from guidance.models import GuidanceSession
from lmp.changes import mails
from outbox.models import Attachment, Message, MessageQuerySet
from participants import functions
from participants.models import Municipality
from parts import ics


@dataclass(frozen=True)
class AddressFollowed:
    """What a change of an address brought along."""

    changed: AddressChange
    registrations: list[Registration]
    sessions: list[GuidanceSession]
    waiting: int  # mails that had not left yet


@transaction.atomic
def change(person: User, new: str, *, by: User, now: datetime) -> AddressFollowed | None:
    """Give the person another address. None when it is the one they have.

    Both addresses are told, the calendar entries to come move, and the person is signed out everywhere. Raise
    ValidationError when the address is somebody else's.
    """
    gatherings_following.lock([person])
    try:
        with transaction.atomic():
            changed = person.change_email(new, by=by, now=now)
    except IntegrityError as error:  # somebody was given the address this very moment
        raise ValidationError(_("Adressen er nettopp tatt i bruk av en annen."), code="taken") from error
    if changed is None:
        return None
    waiting = _readdress_what_waits(changed, now=now)
    mails.address_changed(changed, now=now)
    registrations = gatherings_following.moved(person, before=changed.before, by=by, now=now)
    sessions = guidance_following.moved(person, before=changed.before, now=now)
    person.end_sessions()
    if by != person:
        # Whoever had the wrong address may have signed in by a provider; the right person is linked anew.
        SocialAccount.objects.filter(user=person).delete()
    return AddressFollowed(changed, registrations, sessions, waiting)


def _readdress_what_waits(changed: AddressChange, *, now: datetime) -> int:
    """The address on the mails has changed with the person's. Return how many mails wait."""
    waiting = Message.objects.unclaimed(now).to_person(changed.user)
    readdress_entries(waiting, before=changed.before, after=changed.after)
    return waiting.count()


def readdress_entries(waiting: MessageQuerySet, *, before: str, after: str) -> None:
    """The calendar entries in mails that wait name the person by their address too."""
    for entry in Attachment.objects.filter(message__in=waiting, content_type__startswith="text/calendar"):
        entry.content = ics.readdressed(bytes(entry.content), before=before, after=after)
        entry.save(update_fields=["content"])


def why_not(person: User, municipality: Municipality, *, today: date) -> str:
    """Why who answers for this municipality may not change this person's address; empty when they may.

    They may for whoever has no function anywhere else: for others it is not theirs to say who somebody is.
    """
    elsewhere = [
        *([_("Utdanningsdirektoratet")] if person.is_staff or person.is_superuser else []),
        *functions.places_elsewhere(person, than=municipality),
        *guidance_following.places_elsewhere(person, today=today),
        *gatherings_following.places_elsewhere(person, than=municipality, today=today),
    ]
    if not elsewhere:
        return ""
    return _(
        "%(name)s har også funksjoner i %(places)s. Be %(name)s endre adressen på Mine opplysninger, "
        "eller skriv til %(us)s."
    ) % {
        "name": person,
        "places": get_text_list(list(dict.fromkeys(elsewhere)), _("og")),
        "us": settings.SUPPORT_EMAIL,
    }
