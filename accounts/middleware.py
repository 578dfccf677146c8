"""Who may go on with a request, in which language, and what a browser may keep of the answer."""

from collections.abc import Callable
from email.message import Message
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import unsent_forms
from accounts.authentication import idle, place_language, second_factor
from accounts.models import PrivateReading, TooManyAddresses
from parts.forms import restoring

Handler = Callable[[HttpRequest], HttpResponse]
_WAS_IDLE = "accounts.was_idle"
_LONGEST_QUERY = 2_000

# Nothing here asks for any of these; whatever got into a page could not either.
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class IdleStaffMiddleware:
    """Signs one of the staff out whose session nobody has used for a while. What they send then is kept."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        if request.user.is_authenticated and request.user.is_staff:
            if idle.has_ended(request, now=now):
                logout(request)
                request.META[_WAS_IDLE] = True
            else:
                idle.note_use(request, now=now)
        return self.get_response(request)


class LinkLanguageMiddleware:
    """A link in a mail names the mail's language: whoever has chosen none in this browser gets the portal in it.

    The address is then the page's own again, so that nobody hands the language on with it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.META.get("QUERY_STRING", "")
        named = request.GET.get(settings.LANGUAGE_PARAMETER) if settings.LANGUAGE_PARAMETER in sent else None
        # What no mail of ours has in its links is for the page to answer.
        of_a_mail = named in dict(settings.LANGUAGES) and len(sent) <= _LONGEST_QUERY
        if named is None or not of_a_mail or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        query = request.GET.copy()
        del query[settings.LANGUAGE_PARAMETER]
        page = escape_leading_slashes(escape_uri_path(request.path))  # "//evil.example/" would be another site
        response = HttpResponseRedirect(f"{page}?{query.urlencode()}" if query else page)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            remember_language(response, named, seconds=None)
        return response


def remember_language(response: HttpResponse, language: str, *, seconds: int | None) -> None:
    """In this browser, for so long; None: until it is closed."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=seconds,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class PersonLanguageMiddleware:
    """The language a person has chosen goes before their municipality's, and that before the browser's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "") or request.session.get(place_language.KEY, "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        return self.get_response(request)


class ReadableAddressMiddleware:
    """An address with an end of text in it is no page's, and PostgreSQL takes it in no query."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return self.get_response(request)


class PrivatePagesMiddleware:
    """What a person is shown is stored by no proxy, and forgotten when they sign out; no file is stored at all.

    No search engine keeps a page: robots.txt asks them not to come, but a link elsewhere may lead here.

    The browser may store a page, and asks again before it shows it: one that may not store it forgets what was typed
    there too, when its person goes back to it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["X-Robots-Tag"] = "noindex, nofollow"
        kind = response.get("Content-Type", "")
        # A script of ours is the same for everybody, and so is what its view calls public.
        is_shared = kind.startswith("text/javascript") or "public" in response.get("Cache-Control", "")
        if (was_signed_in or request.user.is_authenticated) and not is_shared:
            if kind.startswith("text/html"):
                response.setdefault("Cache-Control", "private, no-cache")
            else:
                patch_cache_control(response, private=True, no_store=True)
            patch_vary_headers(response, ["Cookie"])
        if was_signed_in and not request.user.is_authenticated:
            # The pages that "back" leads to, too. What is kept of logs without a network is no cache, and stays.
            response["Clear-Site-Data"] = '"cache"'
        return response


class DownloadLogMiddleware:
    """Each list that a person takes out of the portal is written down: most of them hold other people's data."""

    LISTS = ("application/vnd.openxmlformats", "application/zip", "application/json", "text/csv")
    # Empty sheets to fill in; and what is shared, whose readings are kept with it.
    OF_NOBODY = frozenset({"admin:participants_cohort_template", "guidance:supervisors_template", "sharing:file"})
    # Lists of names as well, which a browser shows before they are printed.
    PRINTED = frozenset({"gatherings:badges", "gatherings:attendance_list"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reader = request.user if request.user.is_authenticated else None  # also while they see as another
        response = self.get_response(request)
        if reader and response.status_code == HTTPStatus.OK and self._is_a_list(request, response):
            is_own = request.path == reverse("accounts:export")
            PrivateReading.log(
                PrivateReading.Kind.OWN if is_own else PrivateReading.Kind.FILE,
                what=_file_name(response["Content-Disposition"]),
                path=request.path,
                by=reader,
                about=[reader.pk] if is_own else [],
                now=timezone.now(),
            )
        return response

    def _is_a_list(self, request: HttpRequest, response: HttpResponse) -> bool:
        view = request.resolver_match.view_name if request.resolver_match else ""
        is_taken_out = response.get("Content-Disposition", "").startswith("attachment")
        is_sheet = response.get("Content-Type", "").startswith(self.LISTS)
        return view in self.PRINTED or (is_taken_out and is_sheet and view not in self.OF_NOBODY)


def _file_name(disposition: str) -> str:
    message = Message()
    message["Content-Disposition"] = disposition
    return message.get_filename() or ""


class TypedFormMiddleware:
    """The first page after a change of language has in its form what was typed before it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        typed = unsent_forms.take_typed(request) if request.method == "GET" else None
        if typed is None:
            return self.get_response(request)
        with restoring(typed):
            return self.get_response(request)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page, and keeps what they had typed when the session ended under them."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponseRedirect:
        if _WAS_IDLE in request.META:
            messages.info(request, _("Du ble logget ut fordi det var lenge siden du gjorde noe her."))
        return redirect_to_login(where_to_go_on(request), settings.LOGIN_URL)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        unsent_forms.tend(request, response.status_code, now=timezone.now())
        return response


class NewAddressesMiddleware:
    """Who has written in as many unknown addresses as one may is told so, and what they typed waits for them."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyAddresses):
            return None
        is_kept = unsent_forms.keep(request, why=unsent_forms.Why.TOO_MANY, now=timezone.now())
        context = {"is_kept": is_kept, "most": settings.NEW_ADDRESSES_AN_HOUR}
        return render(request, "accounts/too_many_addresses.html", context, status=429)


class SecondFactorMiddleware:
    """Staff reach no page that asks for sign-in before they have used a second factor in this session."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.is_staff:
            return None
        is_open = not getattr(view, "login_required", True)
        match = request.resolver_match
        is_for_it = match is not None and match.view_name.startswith(("mfa_", "accounts:reauthenticate"))
        if is_open or is_for_it or second_factor.is_used(request):
            return None
        go_on = where_to_go_on(request)
        if second_factor.is_set_up(request.user):
            return redirect_to_login(go_on, reverse("mfa_reauthenticate"))
        request.session["after_second_factor"] = go_on
        return redirect("mfa_activate_totp")


def where_to_go_on(request: HttpRequest) -> str:
    """Return where a person who is stopped at this request goes on afterwards. What they had typed is kept."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    if unsent_forms.keep(request, why=unsent_forms.Why.UNFINISHED, now=timezone.now()):
        return reverse("accounts:unsent_forms")
    if request.method == "POST" and unsent_forms.is_same_origin(request) and not is_own_page(request):
        messages.warning(request, _("Det du sendte inn, kom ikke fram. Skriv det på nytt når du har logget inn."))
    return page_before(request)


def is_own_page(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("accounts:me"))


def page_before(request: HttpRequest) -> str:
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return page
    return reverse(settings.LOGIN_REDIRECT_URL)
