"""The code by which a person without a second factor shows again who they are.

It is sent to their address, and is good in the session that asked for it, for the person who did.
"""

from datetime import datetime

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import mails
from accounts.authentication.adapters import AccountAdapter
from accounts.requests import PersonRequest

_KEY = "reauthentication_code"


def send_code(request: PersonRequest, *, now: datetime) -> bool:
    """Send a code that replaces the last one. Return False when too many codes have gone to the address already."""
    email = request.user.email
    if not ratelimit.consume(request, action="code_to_oneself", user=request.user):
        return False
    code = AccountAdapter().generate_login_code()
    request.session[_KEY] = {"user": request.user.pk, "code": _digest(code), "at": now.timestamp(), "guesses": 0}
    why = _("Har bedt om en kode for å bekrefte hvem de er.")
    mails.send_code(email, code, now=now, text=mails.REAUTHENTICATION_CODE, why=why)
    return True


def is_waiting(request: PersonRequest, *, now: datetime) -> bool:
    """Whether this person has a code that is still valid."""
    sent = request.session.get(_KEY)
    if sent is None or sent["user"] != request.user.pk:
        return False
    return now.timestamp() - sent["at"] < settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT


def try_code(request: PersonRequest, code: str) -> None:
    """Compare with the code that was sent. The right code counts once, and is noted in the session.

    Raises ValidationError, for the person to read. After the last guess the code is no longer valid.
    """
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise AccountAdapter().validation_error("rate_limited")
    sent = request.session.pop(_KEY)
    if constant_time_compare(_digest(code), sent["code"]):
        record_authentication(request, request.user, "code", email=request.user.email)
        return
    guesses = sent["guesses"] + 1
    if guesses < settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS:
        request.session[_KEY] = sent | {"guesses": guesses}
    raise AccountAdapter().validation_error("incorrect_code")


def _digest(code: str) -> str:
    return salted_hmac(_KEY, "".join(code.split()).replace("-", ""), algorithm="sha256").hexdigest()
