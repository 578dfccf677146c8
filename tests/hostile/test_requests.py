"""No page answers with a fault, whatever stands in an address, a form or a header. Asked as who may be there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import NoReverseMatch, reverse

from outbox.models import Message
from tests.access_lines import ALL, LINES, OPEN, Line
from tests.test_access import ADDRESSES, ADMIN, admin_url, visit
from tests.test_access import sessions as sessions  # noqa: PLC0414 – the fixture
from tests.test_access import world as world  # noqa: PLC0414 – the fixture

# On PostgreSQL alone: SQLite takes an end of text in the middle of one.
pytestmark = pytest.mark.services

HOSTILE = {
    "an end of text": "Lier\x00",
    "more digits than a number holds": "9" * 5000,
    "a page of pasted text": "Skolemiljøet på Ås. " * 4000,
}
LOOKED_UP_BY = ("get", "getlist", "__getitem__", "__contains__")
WAYS_OUT = {"admin:login", "admin:logout"}
SIGN_IN = "/konto/logg-inn/"


@contextmanager
def names_looked_up() -> Iterator[set[str]]:
    """What whatever runs meanwhile looks for in an address or a form."""
    names: set[str] = set()

    def noting(real: Callable) -> Callable:
        def look_up(self, name, *rest, **more):
            names.add(name)
            return real(self, name, *rest, **more)

        return look_up

    with ExitStack() as patched:
        for name in LOOKED_UP_BY:
            patched.enter_context(patch.object(QueryDict, name, noting(getattr(QueryDict, name))))
        yield names


def status(client: Client, method: str, url: str, sent: dict | None = None, **headers) -> int:
    client.raise_request_exception = False
    return (client.get if method == "GET" else client.post)(url, sent or {}, headers=headers).status_code


def faults(sessions: dict[str, str], person: str, method: str, url: str) -> list[str]:
    """Which hostile values, in all that the page looks up at once, it answers with a fault."""
    with names_looked_up() as names, visit(sessions, person) as client:
        usual = status(client, method, url)
    names -= {"csrfmiddlewaretoken"}
    found = [f"{method} {url}: as it is"] if usual >= 500 else []
    for what, value in HOSTILE.items() if names else ():  # else each would be the request just made
        with visit(sessions, person) as client:
            if status(client, method, url, dict.fromkeys(names, value)) >= 500:
                found.append(f"{method} {url}: {what}")
    return found


def somebody(line: Line, method: str) -> str:
    """Who may do this; nobody, when it can't be done."""
    allowed = line.reads if method == "GET" else line.sends
    if not allowed:
        return ""
    return "staff" if allowed in {ALL, OPEN} or "staff" in allowed else min(allowed)


@pytest.mark.parametrize("app", sorted({name.rpartition(":")[0] for name in LINES}))
def test_pages(sessions, world, app):
    found = []
    for name in (name for name in LINES if name.rpartition(":")[0] == app):
        line = LINES[name]
        url = reverse(name, kwargs={key: world.get(value, value) for key, value in line.kwargs.items()})
        for method in ("GET", "POST"):
            if person := somebody(line, method):
                found += faults(sessions, person, method, url)
    assert found == []


@pytest.mark.parametrize("part", range(4))
def test_the_administration(sessions, world, part):
    found = []
    for name in ADMIN[part::4]:
        if name not in WAYS_OUT:
            for method in ("GET", "POST"):
                found += faults(sessions, "staff", method, admin_url(name, world["participation"]))
    assert found == []


@pytest.mark.parametrize("key", ["abc", "%00", "9" * 5000, "-1", "²", "1/history/abc"])
def test_an_address_with_another_key(sessions, world, key):
    """Of all that takes a text for a key: the administration, calendars, ways in."""
    found = []
    for name, pattern in ADDRESSES:
        texts = [one for one, converter in pattern.pattern.converters.items() if converter.regex in {".+", "[^/]+"}]
        try:
            url = reverse(name, kwargs=dict.fromkeys(pattern.pattern.converters, 1)) if texts else ""
        except NoReverseMatch:
            continue
        for method in ("GET", "POST") if url else ():
            with visit(sessions, "staff") as client:
                if status(client, method, key.join(url.rsplit("1", 1))) >= 500:
                    found.append(f"{method} {name}")
    assert found == []


@pytest.mark.parametrize(
    ("method", "url", "sent", "headers"),
    [
        ("POST", "/", {}, {"origin": "http://[x"}),
        ("POST", "/", {}, {"referer": "http://[::1"}),
        ("POST", "/konto/sprak/", {"next": "x", "language": "nn"}, {}),
        ("POST", "/konto/sprak/", {"next": "25:30", "language": "nn"}, {}),
        ("POST", "/konto/sprak/", {"next": "http://[x", "language": "nn"}, {}),
        ("GET", SIGN_IN, {"next": "http://[x"}, {}),
        ("GET", "/", {}, {"cookie": "sessionid=a\x00b"}),
        ("GET", "/", {}, {"cookie": "language=n\x00b; messages=\x00; csrftoken=\x00"}),
        ("GET", "/", {}, {"accept-language": "nn\x00"}),
        ("GET", "/finnes-ikke/%00/", {}, {}),
    ],
)
def test_what_a_stranger_sends(db, method, url, sent, headers):
    assert status(Client(), method, url, sent, **headers) < 500


def test_the_walk_would_tell_of_a_fault(sessions, world, monkeypatch):
    """The control: a page that hands what it is given to the database as it is."""
    [search] = [pattern for name, pattern in ADDRESSES if name == "search:search"]

    def unguarded(request):
        return HttpResponse(Message.objects.filter(body=request.GET.get("q", "")).count())

    monkeypatch.setattr(search, "callback", unguarded)
    assert faults(sessions, "staff", "GET", reverse("search:search")) == ["GET /sok/: an end of text"]


def test_a_page_that_looks_up_nothing_is_asked_once_and_tells_its_fault(sessions, world, monkeypatch):
    [search] = [pattern for name, pattern in ADDRESSES if name == "search:search"]
    asked = []

    def failing(request):
        asked.append(request.method)
        raise ZeroDivisionError

    monkeypatch.setattr(search, "callback", failing)
    assert faults(sessions, "staff", "GET", reverse("search:search")) == ["GET /sok/: as it is"]
    assert asked == ["GET"]
