"""Requests of people who are signed in, and where a request says that it comes from."""

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest

from accounts.models import User


class PersonRequest(HttpRequest):
    """A request that a signed-in person makes; the middleware lets no other through to a page that takes it."""

    user: User  # type: ignore[assignment]


def source_of(request: HttpRequest, *headers: str) -> SplitResult:
    """The address in the first of these headers that has one; an empty one for what is no address."""
    try:
        return urlsplit(next(filter(None, map(request.headers.get, headers)), ""))
    except ValueError:  # no browser says that
        return urlsplit("")
