"""Forms that could not be received, because the session had ended or the page was older than the last sign-in.

What was typed is kept in the session for an hour, and sent again when the person says so.

Only a form that came from our own page is kept, so that no other site can put words in a person's mouth.

Beside them, for one moment: what was typed in a page's form when somebody chose the other language.
"""

import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import import_module
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.authentication import known_browser, limits
from accounts.requests import source_of
from parts.forms import say
from parts.names import without

LIFETIME = timedelta(hours=1)
MAX_BYTES = 512 * 1024
MAX_FORMS = 4
MAX_BYTES_OF_A_STRANGER = 2048  # who is not signed in has an address to type, and no more
_KEY = "unsent_forms"
_TYPED = "typed_form"
# The names of the language's own buttons begin so, and of no field in a form.
OWN = "_"
# A code is used once, and stored nowhere.
_NOT_TYPED = {"csrfmiddlewaretoken", "code"}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def never_kept(view: Callable) -> Callable:
    """For the page of a form about somebody's health: it is stored where the form says, and nowhere else."""
    vars(view)["is_never_kept"] = True
    return view


class Why(StrEnum):
    """Why it was not received."""

    SIGNED_OUT = "signed_out"
    OUTDATED = "outdated"  # the page was drawn before the last sign-in, or before "see as"
    UNFINISHED = "unfinished"  # a second factor was still to come
    AT_ONCE = "at_once"  # somebody else wrote the same at the same moment
    TOO_MANY = "too_many"  # it held more unknown addresses than one may write in within an hour
    SEEING = "seeing"  # sent from the writer's own page while they saw as another


@dataclass(frozen=True)
class UnsentForm:
    id: str
    path: str
    body: str
    at: datetime
    had_files: bool
    why: str = Why.SIGNED_OUT

    @property
    def page(self) -> str:
        """The address as its reader knows it, without what was asked of it."""
        return unquote(urlsplit(self.path).path)

    @property
    def fields(self) -> Iterator[tuple[str, str]]:
        """Every name and value, in order, as often as it was sent."""
        for name, values in QueryDict(self.body, encoding="utf-8").lists():
            for value in values:
                yield name, value


def keep(request: HttpRequest, *, why: Why, now: datetime) -> bool:
    """Keep what this request posts, if it is a form from our own pages and not too large."""
    if not _may_be_kept(request) or len(body := _body(request)) > MAX_BYTES or not _is_anybody(request):
        return False
    form = UnsentForm(
        id=secrets.token_urlsafe(8),
        path=request.get_full_path(),
        body=body,
        at=now,
        had_files=any(request.FILES.values()),
        why=why if request.user.is_authenticated else Why.SIGNED_OUT,
    )
    others = [other for other in _stored(request.session) if (other.path, other.body) != (form.path, form.body)]
    _store(request.session, [*others, form][-MAX_FORMS:])
    request.just_kept = True  # type: ignore[attr-defined]
    if not request.user.is_authenticated:
        # If nobody comes back for it, it goes with the session. See `tend`.
        request.session.set_expiry(LIFETIME)
    return True


def unsent_of(request: HttpRequest, *, now: datetime) -> list[UnsentForm]:
    """Return what this person may send again, oldest first. Django empties the session when another person signs in."""
    return [form for form in _stored(request.session) if now - form.at < LIFETIME]


def forget(request: HttpRequest, id: str) -> None:
    _store(request.session, [form for form in _stored(request.session) if form.id != id])


def tend(request: HttpRequest, status: int, *, now: datetime) -> None:
    """Drop what is too old or has just been received."""
    if _KEY not in request.session or not request.user.is_authenticated or hasattr(request, "just_kept"):
        return
    if "_session_expiry" in request.session:
        request.session.set_expiry(None)
    left = unsent_of(request, now=now)
    if request.method == "POST" and status < 400:
        received = (request.get_full_path(), _body(request))
        left = [form for form in left if (form.path, form.body) != received]
    if len(left) != len(_stored(request.session)):
        _store(request.session, left)


def keep_typed(request: HttpRequest, *, page: str) -> None:
    """Keep it in the session for the very next page."""
    typed = QueryDict(mutable=True, encoding="utf-8")
    for name, values in request.POST.lists():
        if name not in _NOT_TYPED and not name.startswith(OWN):
            typed.setlist(name, values)
    body = typed.urlencode()
    if typed and len(body) <= (MAX_BYTES if request.user.is_authenticated else MAX_BYTES_OF_A_STRANGER):
        request.session[_TYPED] = [page, body, timezone.now().isoformat()]
    if any(request.FILES.values()):
        say(request, _("Velg fila på nytt. Den ble ikke med til det andre språket."), level=messages.INFO)


def take_typed(request: HttpRequest) -> QueryDict | None:
    """Return what was typed on this page, once; None when nothing was, and for what a script asks for meanwhile."""
    is_opened = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if not is_opened or _TYPED not in request.session:
        return None
    page, body, _at = request.session.pop(_TYPED)
    where = urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl()
    return QueryDict(body, encoding="utf-8") if where == request.get_full_path() else None


def forget_old(*, now: datetime) -> int:
    """Take what has been kept for its time out of everybody's sessions, also of those who don't look. Return how many.

    The rest of a session, and when it ends, stay as they are.
    """
    count = 0
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in [key for key, values in _open_sessions(now) if _has_old(values, now)]:
        with transaction.atomic():
            session = Session.objects.select_for_update().filter(pk=key).first()
            if session is None or not _has_old(values := session.get_decoded(), now):
                continue
            values.pop(_TYPED, None)
            values[_KEY] = [row for row in values.get(_KEY, []) if not _is_old(row["at"], now)]
            session.session_data = store.encode(values)
            session.save(update_fields=["session_data"])
            count += 1
    return count


def _open_sessions(now: datetime) -> Iterator[tuple[str, dict]]:
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        yield session.session_key, session.get_decoded()


def _has_old(values: dict, now: datetime) -> bool:
    kept = [row["at"] for row in values.get(_KEY, [])] + values.get(_TYPED, [])[2:]
    return any(_is_old(at, now) for at in kept)


def _is_old(at: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(at) >= LIFETIME


def strike(texts: Collection[str], *, paths: Collection[str], now: datetime) -> int:
    """Take these texts out of everybody's forms for these pages that wait to be sent again. Return out of how many."""
    found = 0
    for key, values in _open_sessions(now):
        if _KEY not in values:
            continue
        session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        kept = _stored(session)
        emptied = [
            replace(form, body=_without(form.body, texts)) if form.path.startswith(tuple(paths)) else form
            for form in kept
        ]
        if changed := sum(one != other for one, other in zip(kept, emptied, strict=True)):
            _store(session, emptied)
            session.save()
            found += changed
    return found


def _without(body: str, texts: Collection[str]) -> str:
    """The same form without these texts; one that holds none of them stays as it was, letter by letter."""
    typed = QueryDict(body, mutable=True, encoding="utf-8")
    emptied = {name: without(values, texts) for name, values in typed.lists()}
    if emptied == dict(typed.lists()):
        return body
    for name, values in emptied.items():
        typed.setlist(name, values)
    return typed.urlencode()


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that this request was made by one of our own pages."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    source = source_of(request, "Origin", "Referer")
    return (source.scheme, source.netloc) == (request.scheme, request.get_host())


def signs_in(request: HttpRequest) -> bool:
    """Whether it is a step of signing in, or of showing again who one is."""
    me = reverse("accounts:me")
    return request.path.startswith(me) and request.path != me


def is_own_form(request: HttpRequest) -> bool:
    """Whether it was sent from one of our own pages, and is to be sent again to where it went; signing in never is."""
    return (
        request.method == "POST"
        and request.content_type in _FORMS
        # A script that saves a draft still has its page, and what is typed in it.
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        and not signs_in(request)
        and url_has_allowed_host_and_scheme(request.get_full_path(), allowed_hosts=None)
        and is_same_origin(request)
    )


def fields_of(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What the form sent, in order, as often as it was sent; neither its token nor a code."""
    for name, values in request.POST.lists():
        if name not in _NOT_TYPED:
            for value in values:
                yield name, value


def _may_be_kept(request: HttpRequest) -> bool:
    return (
        is_own_form(request)
        and not request.path.startswith(reverse("accounts:me"))
        and not (request.resolver_match and getattr(request.resolver_match.func, "is_never_kept", False))
        and int(request.META.get("CONTENT_LENGTH") or 0) <= 2 * MAX_BYTES
    )


def _is_anybody(request: HttpRequest) -> bool:
    """Whether the browser shows that somebody has been signed in there. A stranger has lost nothing.

    Asked last, for it counts.
    """
    if request.user.is_authenticated:
        return True
    people = known_browser.people(request)
    return bool(people) and limits.count(request, action="keep_unsent", key=str(people))


def _body(request: HttpRequest) -> str:
    posted = request.POST.copy()
    posted.encoding = "utf-8"
    posted.pop("csrfmiddlewaretoken", None)
    return posted.urlencode()


def _stored(session: SessionBase) -> list[UnsentForm]:
    return [UnsentForm(**row | {"at": datetime.fromisoformat(row["at"])}) for row in session.get(_KEY, [])]


def _store(session: SessionBase, forms: list[UnsentForm]) -> None:
    if forms:
        session[_KEY] = [vars(form) | {"at": form.at.isoformat()} for form in forms]
    else:
        session.pop(_KEY, None)
