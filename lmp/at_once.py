"""Two who write the same at the same moment: the second is asked again, and then meets what the first one wrote.

A form looks before it writes, and the database has the last word. Whoever lost the race has typed nothing wrong: the
second time their form sees the other's row, and says what it says to anybody who comes after it. A constraint that no
form knows would say no again; then what was typed is kept, to be sent again.
"""

import logging
from collections.abc import Callable

from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts import unsent_forms

logger = logging.getLogger(__name__)


class AtOnceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(exception, IntegrityError) or request.method != "POST" or not match:
            return None
        if connection.needs_rollback:  # in a transaction around this, nothing more can be asked
            return None
        for _name, files in request.FILES.lists():
            for file in files:
                file.seek(0)
        try:
            return match.func(request, *match.args, **match.kwargs)
        except IntegrityError as error:
            logger.error("%s: no form knows the constraint %s", match.view_name, constraint(error))
            if unsent_forms.keep(request, why=unsent_forms.Why.AT_ONCE, now=timezone.now()):
                return redirect("accounts:unsent_forms")
            return None


def constraint(error: IntegrityError) -> str:
    """Its name alone: what the database says besides quotes what was typed."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or "(unnamed)"
