"""Who has chosen no language reads the portal in their municipality's: asked once, when they sign in."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from accounts.models import User

KEY = "place_language"


def remember(request: HttpRequest, user: User) -> None:
    """No app below knows of municipalities: settings.PLACE_LANGUAGE."""
    request.session[KEY] = import_string(settings.PLACE_LANGUAGE)(user)
