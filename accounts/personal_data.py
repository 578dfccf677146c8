"""What this app and the outbox store about a person. The other apps' sections are in settings.PERSONAL_DATA."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.authentication.providers import name_of
from accounts.models import PrivateReading, User
from outbox.models import Message


class LinkedText(str):
    """A value that leads on to more, on the page; in the download it is a text like the others."""

    url: str

    def __new__(cls, text: str, url: str) -> "LinkedText":
        made = super().__new__(cls, text)
        made.url = url
        return made


Section = tuple[str, Sequence[tuple[str, str]]]


class Explanation(Protocol):
    """Of one section: why it is held, how long, and who sees it."""

    why: Any
    kept: str
    seen_by: Any


def sections(user: User) -> list[Section]:
    return [import_string(path)(user) for path in settings.PERSONAL_DATA]


def explained(user: User) -> list[tuple[str, Sequence[tuple[str, str]], Explanation | None]]:
    """Each section with what settings.WHY_HELD says of it."""
    explanation = import_string(settings.WHY_HELD)
    shown = zip(settings.PERSONAL_DATA, sections(user), strict=True)
    return [(title, rows, explanation(path)) for path, (title, rows) in shown]


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
    return _("Innlogging"), [
        (_("Sist logget inn"), moment(user.last_login)),
        *(_factor(factor) for factor in Authenticator.objects.filter(user=user).order_by("created_at")),
        *_ways_in(user),
    ]


def _ways_in(user: User) -> list[tuple[str, str]]:
    """The providers, and the addresses that the person signed in with before: one query for both, each beside each."""
    facts = (
        "socialaccount__provider",
        "socialaccount__date_joined",
        "address_changes__before",
        "address_changes__changed_at",
    )
    found = User.objects.filter(pk=user.pk).order_by("socialaccount__date_joined", "address_changes__pk")
    rows: dict[tuple[str, str], None] = {}
    for provider, joined_at, before, changed_at in found.values_list(*facts):
        if provider:
            rows[_("Innlogging gjennom %(provider)s") % {"provider": name_of(provider)}, moment(joined_at)] = None
        if before:
            rows[_("E-postadresse før %(when)s") % {"when": moment(changed_at)}, before] = None
    return list(rows)


def _factor(factor: Authenticator) -> tuple[str, str]:
    kinds = {
        Authenticator.Type.TOTP: _("Kode fra app"),
        Authenticator.Type.WEBAUTHN: _("Passnøkkel"),
        Authenticator.Type.RECOVERY_CODES: _("Reservekoder"),
    }
    times = {"added": moment(factor.created_at), "used": moment(factor.last_used_at)}
    if factor.last_used_at:
        text = _("Lagt til %(added)s, sist brukt %(used)s") % times
    else:
        text = _("Lagt til %(added)s, ikke brukt ennå") % times
    return kinds[Authenticator.Type(factor.type)], text


def mails(user: User) -> Section:
    messages = Message.objects.to_person(user).order_by("-created_at")
    return _("E-poster til deg"), [(moment(message.created_at), message.subject) for message in messages]


def readings(user: User) -> Section:
    """Who has read what about them that few may see, and what they have read and taken out themselves."""
    found = PrivateReading.objects.filter(Q(about=user) | Q(read_by=user)).select_related("read_by").distinct()
    rows = []
    for each in found:
        facts = {"who": each.read_by, "kind": each.get_kind_display(), "what": each.what}
        own = each.read_by_id == user.pk
        said = _("Du: %(kind)s, %(what)s") if own else _("%(who)s: %(kind)s, %(what)s")
        rows.append((moment(each.read_at), said % facts))
    return _("Hvem som har lest det få kan se"), rows


def moment(value: datetime | None) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""
