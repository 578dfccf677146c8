"""A session of one of the staff ends when nobody has used it for a while: what they see is about everybody."""

from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

_KEY = "used_at"
NOTED_EVERY = timedelta(minutes=5)  # so that not every page writes


def has_ended(request: HttpRequest, *, now: datetime) -> bool:
    used_at = _used_at(request)
    return used_at is not None and now.timestamp() - used_at >= settings.STAFF_IDLE.total_seconds()


def note_use(request: HttpRequest, *, now: datetime) -> None:
    used_at = _used_at(request)
    if used_at is None or now.timestamp() - used_at >= NOTED_EVERY.total_seconds():
        request.session[_KEY] = now.timestamp()


def _used_at(request: HttpRequest) -> float | None:
    """When it was last noted, or somebody signed in by it."""
    moments = [record["at"] for record in get_authentication_records(request, request.user)]
    return max([*moments, *([request.session[_KEY]] if _KEY in request.session else [])], default=None)
