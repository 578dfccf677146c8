from django.http import HttpRequest

from accounts.models import User


class PersonRequest(HttpRequest):
    """A request that a signed-in person makes; the middleware lets no other through to a page that takes it."""

    user: User  # type: ignore[assignment]
