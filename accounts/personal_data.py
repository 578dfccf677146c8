"""What this app and the outbox hold about a person. The other apps' sections stand in settings.PERSONAL_DATA."""

from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import DateTimeField, QuerySet, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import User
from outbox.models import Message

Section = tuple[str, Sequence[tuple[str, str]]]


def sections(user: User) -> list[Section]:
    return [import_string(path)(user) for path in settings.PERSONAL_DATA]


def person(user: User) -> Section:
    rows = [
        (_("Navn"), user.name),
        (_("E-postadresse"), user.email),
        (_("Språk"), str(user.get_language_display()) if user.language else _("Ikke valgt")),
        (_("Registrert"), moment(user.date_joined)),
    ]
    if user.is_staff:
        rows.append((_("Tilgang"), _("Ansatt i Utdanningsdirektoratet")))
    return _("Om deg"), rows


def sign_in(user: User) -> Section:
    rows = [(_("Sist logget inn"), moment(user.last_login))]
    kinds = {
        Authenticator.Type.TOTP: _("Kode fra app"),
        Authenticator.Type.WEBAUTHN: _("Passnøkkel"),
        Authenticator.Type.RECOVERY_CODES: _("Reservekoder"),
    }
    for of, kind, added, used in _ways_in(user):
        if of == "provider":
            rows.append((_("Innlogging gjennom %(provider)s") % {"provider": kind}, moment(added)))
            continue
        times = {"added": moment(added), "used": moment(used)}
        if used:
            said = _("Lagt til %(added)s, sist brukt %(used)s") % times
        else:
            said = _("Lagt til %(added)s, ikke brukt ennå") % times
        rows.append((kinds[Authenticator.Type(kind)], said))
    return _("Innlogging"), rows


def _ways_in(user: User) -> QuerySet:
    """(factor or provider, which, since, last used) in one query: the page has one budget for all apps."""
    unknown = Value(None, output_field=DateTimeField())
    factors = Authenticator.objects.filter(user=user).values_list(Value("factor"), "type", "created_at", "last_used_at")
    providers = SocialAccount.objects.filter(user=user)
    return factors.union(
        providers.values_list(Value("provider"), "provider", "date_joined", unknown), all=True
    ).order_by("created_at")


def mails(user: User) -> Section:
    messages = Message.objects.filter(to=user.email).order_by("-created_at")
    return _("E-poster til deg"), [(moment(message.created_at), message.subject) for message in messages]


def moment(value: datetime | None) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""
