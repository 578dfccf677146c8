"""What one browser sends at once is handled in turn, where each answer hangs on what the one before has written."""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase


def in_turn(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lock the session while a form is handled, and read it when it is ours.

    Guesses of a code are counted in the session. Without this, sixteen at once are all the first one.
    """

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.session.session_key
        if request.method != "POST" or key is None:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            list(Session.objects.select_for_update().filter(pk=key).values_list("pk"))
            request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
            response = view(request, *args, **kwargs)
            if request.session.modified and not request.session.is_empty():
                request.session.save()
                # Saved once more, later, it would undo what the next one writes. The browser is told of a new one.
                request.session.modified = request.session.session_key != key
        return response

    return handle
