"""The mails that let a person in, and the one that says that it became easier."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from outbox.models import Message
from outbox.posting import post
from outbox.texts import MailText, Values


def _no_samples(language: str) -> list[tuple[str, Values]]:
    return []


SIGN_IN_CODE = MailText(
    name="accounts.sign_in_code",
    title=_("Kode for å logge inn"),
    placeholders={"kode": _("Koden"), "klokkeslett": _("Når koden slutter å gjelde")},
    samples=_no_samples,
    secret=True,
)
REAUTHENTICATION_CODE = MailText(
    name="accounts.reauthentication_code",
    title=_("Kode for å bekrefte hvem du er"),
    placeholders=SIGN_IN_CODE.placeholders,
    samples=_no_samples,
    secret=True,
)
SECOND_FACTOR_RESET = MailText(
    name="accounts.second_factor_reset",
    title=_("Totrinnsinnloggingen er nullstilt fra serveren"),
    placeholders={
        "person": _("navnet på den det gjelder"),
        "adresse": _("adressen personen logger inn med"),
        "tidspunkt": _("når det ble gjort"),
        "begrunnelse": _("begrunnelsen som ble oppgitt"),
    },
    samples=_no_samples,
)

TEXTS = (SIGN_IN_CODE, REAUTHENTICATION_CODE, SECOND_FACTOR_RESET)


def send_code(email: str, code: str, *, now: datetime, text: MailText = SIGN_IN_CODE, why: str = "") -> None:
    """Send a code to a person who may sign in.

    For any other address the same mail is written and taken back: what the page answers must not be told apart
    by how long it takes either, and writing to the database is nearly all of that time.
    """
    expires_at = now + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    with transaction.atomic():
        person = User.objects.with_email(email)
        user = person if person and person.is_active else None
        language = (user.language if user else "") or get_language() or settings.LANGUAGE_CODE
        message = post(
            text,
            key=f"{text.name}:{uuid4()}",
            to=user or email,
            language=language,
            values={"kode": code, "klokkeslett": _clock(expires_at, language)},
            why=why or str(_("Har bedt om en kode for å logge inn.")),
            now=now,
            about=user,
            expires_at=expires_at,
        )
        # The same single statement for both; for a person it finds nothing. (`delete` would first look for what
        # hangs on the message, and nothing does.)
        Message.objects.filter(pk=0 if user else message.pk)._raw_delete(DEFAULT_DB_ALIAS)


def _clock(moment: datetime, language: str) -> str:
    with override(language):
        return time_format(timezone.localtime(moment), "H.i")


def second_factor_was_reset(user: User, *, reason: str, now: datetime) -> list[Message]:
    """Notify the person and every superuser: what makes it easier to open an account must be seen."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return [_reset_mail(user, recipient, reason=reason, now=now) for recipient in [user, *others]]


def _reset_mail(user: User, recipient: User, *, reason: str, now: datetime) -> Message:
    language = recipient.language or settings.LANGUAGE_CODE
    with override(language):
        when = date_format(timezone.localtime(now), "DATETIME_FORMAT")
        why = str(_("Totrinnsinnloggingen er nullstilt fra serveren."))
    return post(
        SECOND_FACTOR_RESET,
        key=f"{SECOND_FACTOR_RESET.name}:{uuid4()}",
        to=recipient,
        language=language,
        values={"person": str(user), "adresse": user.email, "tidspunkt": when, "begrunnelse": reason},
        why=why,
        now=now,
        about=user,
    )
