"""How many codes may be asked for. The numbers, and why, are in settings.ACCOUNT_RATE_LIMITS."""

from datetime import datetime

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.db import connection
from django.http import HttpRequest

from accounts.authentication import known_browser
from accounts.models import User


def allow_code(request: HttpRequest, email: str, person: User | None) -> bool:
    """Count one more code to this address, of this person if we know it. Return False when there are too many.

    A stranger fills the limit of the address and their own network. The one of the address alone is wide, and the
    person's own browser passes by both.
    """
    if known_browser.knows(request, person):
        return ratelimit.consume(request, action="code_to_known_browser", key=email)
    return (
        ratelimit.consume(request, action="request_login_code")
        and ratelimit.consume(request, action="code_from_network", key=f"{email} {get_ip(request)}")
        and ratelimit.consume(request, action="code_to_address", key=email)
    )


def forget_run_out(*, now: datetime) -> None:
    """From the table of the cache, which no model stands for."""
    moment = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE expires < %s", [moment])
