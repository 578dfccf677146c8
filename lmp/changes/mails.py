"""The mails about a change of who a person is to the portal: their address, and two that turned out to be one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AddressChange, User
from gatherings.models import Registration
from outbox import striking
from outbox.models import Message
from outbox.posting import post
from outbox.texts import MailText, Values
from participants.models import Contact, GovernorContact
from parts.dates import moment_in_words


def _no_samples(language: str) -> list[tuple[str, Values]]:
    return []


ADDRESS_CODE = MailText(
    name="changes.address_code",
    title=gettext_lazy("Kode for å bekrefte en ny e-postadresse"),
    placeholders={"kode": gettext_lazy("Koden"), "klokkeslett": gettext_lazy("Når koden slutter å gjelde")},
    samples=_no_samples,
    secret=True,
)
ADDRESS_CHANGED = MailText(
    name="changes.address_changed",
    title=gettext_lazy("E-postadressen er endret"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "gammel": gettext_lazy("adressen før"),
        "ny": gettext_lazy("adressen nå"),
        "tidspunkt": gettext_lazy("når det ble gjort"),
        "hvem": gettext_lazy("hvem som gjorde det; står bare i e-posten til den nye adressen"),
    },
    samples=_no_samples,
)
MERGED = MailText(
    name="changes.merged",
    title=gettext_lazy("To innlogginger er slått sammen"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "adresse": gettext_lazy("adressen personen logger inn med"),
        "andre": gettext_lazy("adressen som ikke brukes lenger"),
        "tidspunkt": gettext_lazy("når det ble gjort"),
    },
    samples=_no_samples,
)

ERASED = MailText(
    name="changes.erased",
    title=gettext_lazy("Opplysningene om en person er slettet"),
    placeholders={
        "tidspunkt": gettext_lazy("når det ble gjort"),
        "igjen": gettext_lazy("liste over det som blir igjen, når noe gjør det"),
    },
    samples=_no_samples,
)

TEXTS = (ADDRESS_CODE, ADDRESS_CHANGED, MERGED, ERASED)
ERASED_KEPT = timedelta(days=7)  # the mail that says so is the last that is kept of the address


def language_of(person: User) -> str:
    """Their own choice, else that of a municipality that they are in or came for, the newest first, or of an office."""
    of = ("participation__municipality__county", "participation__cohort")
    contact = Contact.objects.filter(user=person).select_related(*of).order_by("-pk").first()
    place = contact or Registration.objects.filter(user=person).select_related(*of).order_by("-pk").first()
    if place:
        return place.participation.language_for(person)
    at = GovernorContact.objects.filter(user=person).select_related("governor").order_by("-pk").first()
    return at.governor.language_for(person) if at else person.language or settings.LANGUAGE_CODE


def address_code(person: User, email: str, code: str, *, now: datetime) -> None:
    """To an address that is not the person's yet, and may be a typing error: it says nothing about anybody."""
    until = now + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    language = language_of(person)
    with translation.override(language):
        clock = time_format(timezone.localtime(until), "H.i")
    post(
        ADDRESS_CODE,
        key=f"{ADDRESS_CODE.name}:{uuid4()}",
        to=email,
        language=language,
        values={"kode": code, "klokkeslett": clock},
        why=_("Har bedt om en kode for å endre e-postadressen sin."),
        now=now,
        about=person,
        expires_at=until,
    )


def address_changed(changed: AddressChange, *, now: datetime) -> None:
    """To both addresses. The old one may be somebody else's, and learns only what they need to object."""
    person = changed.user
    language = language_of(person)
    with translation.override(language):
        own = _("Du gjorde det selv.")
        by = own if changed.changed_by == person else _("%(name)s gjorde det.") % {"name": changed.changed_by}
        when = moment_in_words(now)
    for way, to, who in (("before", changed.before, ""), ("after", person, by)):
        post(
            ADDRESS_CHANGED,
            key=f"{ADDRESS_CHANGED.name}:{changed.pk}:{way}",
            to=to,
            language=language,
            values={
                "navn": person.name or _("du som bruker Læringsmiljøportalen"),
                "gammel": changed.before,
                "ny": changed.after,
                "tidspunkt": when,
                "hvem": who,
            },
            why=_("E-postadressen til %(name)s er en annen") % {"name": person},
            now=now,
            about=person,
        )


def merged(kept: User, gone: User, *, now: datetime) -> None:
    """To both addresses, of which one is no longer anybody's."""
    language = language_of(kept)
    with translation.override(language):
        when = moment_in_words(now)
    for way, to in (("gone", gone.email), ("kept", kept)):
        post(
            MERGED,
            key=f"{MERGED.name}:{gone.pk}:{kept.pk}:{way}",
            to=to,
            language=language,
            values={"navn": kept.get_full_name(), "adresse": kept.email, "andre": gone.email, "tidspunkt": when},
            why=_("%(name)s hadde to innlogginger, og de er slått sammen") % {"name": kept},
            now=now,
            about=kept,
        )


def erased(email: str, *, pk: int, language: str, left: Sequence[str], now: datetime) -> None:
    """To the address, which is nobody's any more. It names nobody."""
    with translation.override(language):
        when = moment_in_words(now)
    post(
        ERASED,
        key=f"{ERASED.name}:{pk}:{now.isoformat()}",
        to=email,
        language=language,
        values={"tidspunkt": when, "igjen": list(left)},
        why=_("Har bedt om å bli slettet"),
        now=now,
        expires_at=now + ERASED_KEPT,
    )


def forget_erased(*, now: datetime) -> int:
    """Delete the mails that told people they were erased: with them goes the last of their addresses."""
    old = Message.objects.filter(text_name=ERASED.name, created_at__lt=now - ERASED_KEPT)
    count = old.count()
    striking.delete(old)
    return count
