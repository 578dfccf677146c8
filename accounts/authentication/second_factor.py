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
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from parts import sealing

BY_PROVIDER = "provider"
SEALED_AS = "second factor"
_SECRETS = ("secret", "seed")  # of an app, and of recovery codes
_KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_set_up(user: User | AnonymousUser) -> bool:
    return is_mfa_enabled(user, _KINDS)


def is_used(request: HttpRequest) -> bool:
    """Used in this session, or asked for by the provider that the person signed in through."""
    return any(record["method"] == "mfa" for record in _records(request))


def is_shown_recently(request: HttpRequest, *, now: datetime) -> bool:
    """Whether this person has shown who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT.

    With a second factor nothing less than the factor counts, without one whatever they signed in by.
    Source: docs/decisions/0019.
    """
    since = now.timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    recent = [record for record in _records(request) if record["at"] > since]
    if is_set_up(request.user):
        recent = [record for record in recent if record["method"] == "mfa"]
    return bool(recent)


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return get_authentication_records(request, request.user)


def remember(session: SessionBase, user: User, *, kind: str) -> None:
    """Note in the session that this person has used their second factor, of a kind such as "totp"."""
    request = HttpRequest()
    request.session = session
    record_authentication(request, user, "mfa", type=kind, reauthenticated=True)


def forget(session: SessionBase) -> None:
    """Let what was used here count no more; what the provider asked for, it has still asked for."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record["method"] != "mfa" or record["type"] == BY_PROVIDER
    ]


def reset(user: User) -> int:
    """Remove every second factor of a person, end what they are signed in to, and return how many there were."""
    count, _each = Authenticator.objects.filter(user=user).delete()
    user.end_sessions()
    return count


def use_up(user: User, *, code: str) -> None:
    """Make a code work only once, also the one that the app was set up with, which allauth does not count."""
    Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).wrap().validate_code(code)


def reseal() -> int:
    """Seal by the current key what another has sealed. Return how many there were."""
    count = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().get(pk=pk)
            old = {name: factor.data[name] for name in _SECRETS if name in factor.data}
            new = {name: _sealed_anew(sealed) for name, sealed in old.items()}
            if new != old:
                factor.data |= new
                factor.save(update_fields=["data"])
                count += 1
    return count


def _sealed_anew(sealed: str) -> str:
    try:
        if sealing.is_current(sealed, purpose=SEALED_AS):
            return sealed
        return sealing.seal(sealing.unseal(sealed, purpose=SEALED_AS), purpose=SEALED_AS)
    except sealing.UnreadableError:
        return sealed
