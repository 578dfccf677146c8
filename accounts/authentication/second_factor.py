"""Whether a person has proved more than that they read the mail sent to their address."""

from datetime import datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.models import User

_KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_set_up(user: User | AnonymousUser) -> bool:
    return is_mfa_enabled(user, _KINDS)


def is_used(request: HttpRequest) -> bool:
    """Used in this session, or asked for by the provider that the person signed in through."""
    return any(_is_second_factor(record) for record in _records(request))


def is_shown_recently(request: HttpRequest, *, now: datetime) -> bool:
    """Whether this person has shown who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT.

    With a second factor nothing less than the factor counts, without one whatever they signed in by.
    Source: docs/decisions/0019.
    """
    since = now.timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    recent = [record for record in _records(request) if record["at"] > since]
    if is_set_up(request.user):
        recent = [record for record in recent if _is_second_factor(record)]
    return bool(recent)


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return get_authentication_records(request, request.user)


def _is_second_factor(record: dict[str, Any]) -> bool:
    return record["method"] == "mfa" or is_exempt(record)


def is_exempt(record: dict[str, Any]) -> bool:
    return record["method"] == "socialaccount" and record.get("provider") in settings.MFA_EXEMPT_PROVIDERS


def remember(session: SessionBase, user: User, *, kind: str) -> None:
    """Note in the session that this person has used their second factor, of a kind such as "totp"."""
    request = HttpRequest()
    request.session = session
    record_authentication(request, user, "mfa", type=kind, reauthenticated=True)


def forget(session: SessionBase) -> None:
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [record for record in records if record["method"] != "mfa"]


def reset(user: User) -> int:
    """Remove every second factor of a person, end what they are signed in to, and return how many there were."""
    count, _each = Authenticator.objects.filter(user=user).delete()
    user.end_sessions()
    return count


def use_up(user: User, *, code: str) -> None:
    """Make a code work only once, also the one that the app was set up with, which allauth does not count."""
    Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).wrap().validate_code(code)
