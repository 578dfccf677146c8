"""One of the staff sees the portal as another person, for a while, and can change nothing.

Nobody is signed in as the other. The session stays the staff member's own, and the pages don't get at it: within the
request the user is the other person (`User.seen_by` says who looks), the session is an empty one that is thrown away,
and the database writes nothing (lock.py). Only asking for a page goes through; only named pages are shown (pages.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from csp.constants import NONE
from django.contrib import messages
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from accounts import unsent_forms
from accounts.authentication import place_language
from accounts.requests import PersonRequest, source_of
from lmp.seeing import pages
from lmp.seeing.lock import WriteRefusedError, read_only
from lmp.seeing.models import ViewedPage, Viewing
from lmp.seeing.request import banner, refusals
from lmp.seeing.request.current import LAST, TOKEN, Current, current

Handler = Callable[[HttpRequest], HttpResponse]
ASKS = ("GET", "HEAD")
NOTHING_RUNS = {"script-src": [NONE], "worker-src": [NONE], "connect-src": [NONE]}


class SeeAsMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seeing = current(request, now=timezone.now())
        if isinstance(seeing, HttpResponseRedirect):
            return seeing
        if seeing is None:
            return refusals.too_late(request) if _was_drawn_for_it(request) else self.get_response(request)
        if request.path == reverse("seeing:end"):
            return self.get_response(request)
        if request.path == reverse("account_logout"):
            return self._sign_out(request, seeing)
        if request.method == "POST" and request.path == reverse("seeing:begin", args=[seeing.viewing.person_id]):
            return redirect("home")  # the button was pressed twice
        return self._see(request, seeing)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        seeing: Current | None = getattr(request, "seeing", None)
        name = request.resolver_match.view_name if request.resolver_match else ""
        if seeing is None:
            if not name.startswith("seeing:"):  # whose own page says it
                _tell_that_it_is_over(request)
            return None
        return None if pages.is_shown(name) else refusals.hidden(request, seeing, why=pages.why_hidden(name))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that stores something when it is opened."""
        seeing: Current | None = getattr(request, "seeing", None)
        if seeing is None or not isinstance(exception, WriteRefusedError):
            return None
        return refusals.hidden(request, seeing, why=_("Siden lagrer noe når den åpnes."))

    def _sign_out(self, request: HttpRequest, seeing: Current) -> HttpResponse:
        response = self.get_response(request)
        if not request.user.is_authenticated:
            seeing.viewing.end(how=Viewing.End.SIGNED_OUT, now=timezone.now())
        return response

    def _see(self, request: HttpRequest, seeing: Current) -> HttpResponse:
        kept = False
        if request.method not in ASKS and not _was_drawn_for_it(request):
            # From a page of their own, in another tab
            kept = unsent_forms.keep(request, why=unsent_forms.Why.SEEING, now=timezone.now())
        with _as_the_other(request, seeing), read_only():
            if request.method in ASKS:
                response = self.get_response(request)
            else:
                response = refusals.refused(request, seeing, kept=kept)
        if request.method == "GET" and response.status_code == HTTPStatus.OK:
            _note(seeing.viewing, request.path)
        add_never_cache_headers(response)
        response._csp_replace = NOTHING_RUNS  # type: ignore[attr-defined]
        return banner.put_on(response, request, seeing, now=timezone.now())


@contextmanager
def _as_the_other(request: HttpRequest, seeing: Current) -> Iterator[None]:
    own = {"user": request.user, "session": request.session}
    person = seeing.viewing.person
    person.seen_by = seeing.viewing.begun_by
    session = SessionStore()
    session[place_language.KEY] = seeing.language
    request.user, request.session, request.seeing = person, session, seeing  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for name, value in own.items():
            setattr(request, name, value)


def _was_drawn_for_it(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("csrfmiddlewaretoken") == TOKEN


def _note(viewing: Viewing, path: str) -> None:
    limit = ViewedPage._meta.get_field("path").max_length
    ViewedPage.objects.bulk_create([ViewedPage(viewing=viewing, path=path[:limit])], ignore_conflicts=True)


def _tell_that_it_is_over(request: HttpRequest | PersonRequest) -> None:
    """To another tab that still showed one of its pages, once."""
    if LAST not in request.session or request.method != "GET":
        return
    source = source_of(request, "Referer")
    if source.netloc != request.get_host():
        return
    seen = ViewedPage.objects.filter(viewing=request.session[LAST], path=source.path).select_related("viewing__person")
    if page := seen.first():
        del request.session[LAST]
        said = _("«Se som» er slutt. Du ser ikke lenger portalen som %(name)s, men som deg selv.")
        messages.warning(request, said % {"name": page.viewing.person})
