"""The browsers that a person has signed in with, told by a signed cookie.

It lets nobody in. It tells the person's own browser from a stranger's: limits that a stranger can fill don't hold it,
and only for such a browser is anything stored before somebody has signed in.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

LIFETIME = timedelta(days=365)
MOST_PEOPLE = 5  # in one browser, the latest ones
_SALT = "known browser"


def people(request: HttpRequest) -> list[int]:
    """The ids of those who have signed in with this browser, the latest last. Empty for a cookie that isn't ours."""
    value = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        return signing.loads(value, salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return []


def knows(request: HttpRequest, person: User | None) -> bool:
    return person is not None and person.pk in people(request)


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    others = [pk for pk in people(request) if pk != person.pk]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps([*others, person.pk][-MOST_PEOPLE:], salt=_SALT),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
