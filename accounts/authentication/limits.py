"""How many codes may be asked for. The numbers, and why, are in settings.ACCOUNT_RATE_LIMITS."""

from datetime import datetime

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.db import connection, transaction
from django.http import HttpRequest

from accounts.authentication import known_browser
from accounts.models import User


def allow_code(request: HttpRequest, email: str, person: User | None) -> bool:
    """Count one more code to this address, of this person if we know it. Return False when there are too many.

    A stranger fills the limit of the address and their own network. The one of the address alone is wide, and the
    person's own browser passes by both.
    """
    if known_browser.knows(request, person):
        return count(request, action="code_to_known_browser", key=email)
    return (
        count(request, action="request_login_code")
        and count(request, action="code_from_network", key=f"{email} {get_ip(request)}")
        and count(request, action="code_to_address", key=email)
    )


def count(request: HttpRequest, *, action: str, key: str | None = None) -> bool:
    """Count one more of what a whole network shares. Return False when there are too many.

    allauth waits a second for its own lock and then refuses, limit or not: of a hall behind one address somebody was
    told to come back in some minutes. PostgreSQL lets each wait for their turn, and ends it with the transaction, also
    when the process is killed. In SQLite a transaction that writes has the database to itself.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                turn = f"{action} {get_ip(request)}"
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [turn])
        return bool(ratelimit.consume(request, action=action, key=key))


def forget_run_out(*, now: datetime) -> None:
    """From the table of the cache, which no model stands for."""
    moment = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE expires < %s", [moment])
