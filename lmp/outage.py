"""When the database can't be reached, or the disk is full: a page that says so, with what was typed, to be sent again.

It is drawn from the request alone. Without the database there is neither a session nor a person, so nothing is kept
here: what was typed goes back to the browser that sent it, and only when one of our own pages did.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, InterfaceError, OperationalError, close_old_connections, connection
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.template import loader
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import unsent_forms
from lmp import pages
from parts.files import NO_ROOM

Handler = Callable[[HttpRequest], HttpResponse]
SECONDS = 30  # until a browser or a program that can wait may try again
_ASKED, _ANSWER = "lmp.view_was_asked", "lmp.view_answered"
_LOST = "lmp.database_was_lost"
QUICK = 5  # seconds: what took longer to fail has not been cut, and would keep its person waiting twice as long
# What a person wrote has a space in it, or is an address. The rest is choices, days and what the page put there.
_WRITTEN = re.compile(r"^[^{\[].*(\s|@)", re.DOTALL)


class OnceMoreMiddleware:
    """Stands outside all that asks the database. A page whose connection was cut is read once more, on a new one.

    A form is not: whether it was stored is not known when it is the commit that was cut (decision 0042).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not isinstance(request, WSGIRequest):
            return self.get_response(request)
        as_it_came, begun = dict(request.environ), time.monotonic()
        response = self.get_response(request)
        if _LOST in request.META and time.monotonic() - begun < QUICK and _is_back():
            response.close()
            again = WSGIRequest(as_it_came)
            response = self.get_response(again)
            request.resolver_match = again.resolver_match
        return response


def _is_back() -> bool:
    """Whether the database can be asked again, on a connection that is not the one which failed."""
    if connection.in_atomic_block:
        return False
    close_old_connections()
    try:
        connection.ensure_connection()
    except Error:
        return False
    return True


class AnsweredMiddleware:
    """Stands innermost, and remembers what the view said: what fails after that has undone nothing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _ASKED in request.META:
            request.META[_ANSWER] = response
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> None:
        request.META[_ASKED] = True


def server_error(request: HttpRequest) -> HttpResponse:
    """What Django shows in place of a page that failed."""
    error = sys.exc_info()[1]
    return _explain(request, error) if is_outage(error) or is_full(error) else pages.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A session that can't be stored for want of a database is to Django one that somebody has ended meanwhile."""
    return _explain(request, exception) if is_outage(exception) else pages.bad_request(request)


def _explain(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    if is_outage(error):
        request.META[_LOST] = True
    context = {
        "support_email": settings.SUPPORT_EMAIL,
        "page": _page(request),
        "is_post": request.method == "POST",
        "is_full": not is_outage(error),
        "signs_in": request.path.startswith(reverse("account_login")),
    }
    if context["is_post"] and _was_received(request):
        context |= {"received": True, "go_on": _go_on(request)}
    elif context["is_post"]:
        context |= _typed(request)
    response = HttpResponse(loader.render_to_string("pages/outage.html", context), status=503)
    response["Retry-After"] = str(SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def is_outage(error: BaseException | None) -> bool:
    """Whether it comes of a database that is gone, restarts, or has no room; a caught one that led to it counts too."""
    return any(isinstance(each, (OperationalError, InterfaceError)) for each in _led_to(error))


def is_full(error: BaseException | None) -> bool:
    """Whether the disk, or its folder for temporary files, had no room."""
    return any(isinstance(each, OSError) and each.errno in NO_ROOM for each in _led_to(error))


def _led_to(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _page(request: HttpRequest) -> str:
    page = request.get_full_path()
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else "/"


def _was_received(request: HttpRequest) -> bool:
    """Whether the view was done with it. To sign in is nothing without its session, so that never is."""
    said = request.META.get(_ANSWER)
    return said is not None and said.status_code < 400 and not unsent_forms.signs_in(request)


def _go_on(request: HttpRequest) -> str:
    go_on = request.META[_ANSWER].get("Location", "")
    return go_on if url_has_allowed_host_and_scheme(go_on, allowed_hosts=None) else _page(request)


def _typed(request: HttpRequest) -> dict[str, Any]:
    try:
        if not unsent_forms.is_own_form(request):
            return {}
        fields = list(unsent_forms.fields_of(request))
        files = [(name, file.name) for name, files in request.FILES.lists() for file in files if file]
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError, OSError):
        return {}
    return {
        "can_be_sent": True,
        "fields": fields,
        "files": files,
        "written": [value for _name, value in fields if _WRITTEN.search(value)],
        "perhaps_received": _ASKED in request.META,
        "token": get_token(request),
    }
