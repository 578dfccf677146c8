"""The code by which a person shows that they read the mail of an address that is to become theirs.

It is sent to that address, and is good in the session that asked for it, for the person who did.
"""

from datetime import datetime

from allauth.core import ratelimit
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.authentication.adapters import AccountAdapter
from accounts.requests import PersonRequest
from lmp.changes import mails

_KEY = "new_address"


def send_code(request: PersonRequest, email: str, *, now: datetime) -> bool:
    """Send a code that replaces the last one. Return False when too many codes have been sent already."""
    if not ratelimit.consume(request, action="change_address", user=request.user):
        return False
    if not ratelimit.consume(request, action="code_to_new_address", key=email):
        return False
    code = AccountAdapter().generate_login_code()
    asked = {"user": request.user.pk, "email": email, "code": _digest(code), "at": now.timestamp(), "guesses": 0}
    request.session[_KEY] = asked | {"proved": False}
    mails.address_code(request.user, email, code, now=now)
    return True


def asked_for(request: PersonRequest, *, now: datetime) -> str:
    """The address that a code has gone to and still is good for; empty when there is none."""
    asked = request.session.get(_KEY)
    if asked is None or asked["user"] != request.user.pk:
        return ""
    is_good = now.timestamp() - asked["at"] < settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
    return asked["email"] if is_good else ""


def is_proved(request: PersonRequest, *, now: datetime) -> bool:
    return bool(asked_for(request, now=now)) and request.session[_KEY]["proved"]


def try_code(request: PersonRequest, code: str, *, now: datetime) -> None:
    """Compare with the code that was sent, and note the right one.

    Raises ValidationError, for the person to read. After the last guess the code is no longer valid.
    """
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise AccountAdapter().validation_error("rate_limited")
    asked = request.session.pop(_KEY)
    if constant_time_compare(_digest(code), asked["code"]):
        request.session[_KEY] = asked | {"proved": True, "at": now.timestamp()}
        return
    guesses = asked["guesses"] + 1
    if guesses < settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS:
        request.session[_KEY] = asked | {"guesses": guesses}
    raise AccountAdapter().validation_error("incorrect_code")


def forget(request: PersonRequest) -> None:
    request.session.pop(_KEY, None)


def _digest(code: str) -> str:
    return salted_hmac(_KEY, "".join(code.split()).replace("-", ""), algorithm="sha256").hexdigest()
