"""Random and hostile values in every form that any page draws, as whoever may see it: never a fault.

The forms are found on the pages, the administration's too, so a new one is tried from its first day.
"""

import io
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.access_lines import ALL, LINES, OPEN
from tests.hostile.drawn import Drawn, forms_on
from tests.test_access import ADMIN, admin_url, visit
from tests.test_access import sessions as sessions  # noqa: PLC0414 – the fixture
from tests.test_access import world as world  # noqa: PLC0414 – the fixture

# On PostgreSQL: SQLite takes most of it as it comes.
pytestmark = pytest.mark.services

VALUES = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\r\n",
    "A\r\nBcc: x@example.no",
    "0",
    "-1",
    "1",
    "9" * 19,
    "9" * 400,
    "9" * 5000,
    "1e400",
    "NaN",
    "-0",
    "²",
    "٣",
    "½",
    "Infinity",
    "0x10",
    "1_0",
    "1.5",
    "1,5",
    "true",
    "None",
    "null",
    "[]",
    "{}",
    "[[[[",
    '{"a":',
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "31.12.9999",
    "2027-02-30",
    "1.1.1",
    "24:00",
    "99:99",
    "2027-01-01T00:00",
    "x@example.no",
    "a@b",
    "@",
    "æ@example.no",
    "x" * 300 + "@example.no",
    '"x y"@example.no',
    "http://[x",
    "//evil.example/",
    "javascript:alert(1)",
    "<script>",
    "{{ 7*7 }}",
    "{% load x %}",
    "%s%n",
    "%(x)s",
    "\\",
    "'",
    '"',
    "';--",
    "../../etc/passwd",
    "\ud7ff",
    "\U0001f600" * 50,
    "\u202e",
    "\ufeff",
    "e\u0301" * 200,
    "ß" * 100,
    "k1",
    "e1",
    "k999999999999999999999",
    "e-1",
    "all",
    "Skolemiljøet på Ås. " * 600,
]
FILES = [
    ("a.xlsx", b""),
    ("a.xlsx", b"PK\x03\x04"),
    ("a.pdf", b"%PDF-"),
    ("a.svg", b"<svg onload=x>"),
    ("..", b"x"),
    ("a\x00.pdf", b"%PDF-1.4"),
    ("æ" * 250 + ".pdf", b"%PDF-1.4"),
    ("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100),
    ("", b"x"),
]
value = st.one_of(st.sampled_from(VALUES), st.text(max_size=40), st.integers().map(str), st.dates().map(str))
NIGHTLY = 150
PART_OF = 8  # files' workers share the work


@pytest.fixture(autouse=True)
def _quiet():
    """What is refused is what is wanted here, and each refusal would be told with all its way."""
    logger = logging.getLogger("django.request")
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(logging.NOTSET)


@contextmanager
def constraints_unknown() -> Iterator[list[str]]:
    """What the database refused although the form had let it through: a fault too, even if nothing typed is lost."""
    said: list[str] = []
    handler = logging.Handler(level=logging.ERROR)
    handler.emit = lambda record: said.append(record.getMessage())
    logger = logging.getLogger("lmp.at_once")
    logger.addHandler(handler)
    yield said
    logger.removeHandler(handler)


def reader(line) -> str:
    if line.reads in {ALL, OPEN}:
        return "contact"
    return "staff" if "staff" in line.reads else min(line.reads)


@cache
def _pages() -> list[tuple[str, str | None]]:
    """Each address, and who reads it; None for the administration's."""
    return [*((name, reader(line)) for name, line in LINES.items() if line.reads), *((name, None) for name in ADMIN)]


def drawn(sessions, world, part: int) -> list[tuple[str, Drawn]]:
    """Every kind of form on this part of the pages, with who sees it. Each person's own, where several may."""
    found: dict[tuple, tuple[str, Drawn]] = {}
    for name, person in _pages()[part::PART_OF]:
        if person is None:
            people, url = ["staff"], admin_url(name, world["participation"])
        else:
            line = LINES[name]
            url = reverse(name, kwargs={key: world.get(value, value) for key, value in line.kwargs.items()})
            people = {person} | (
                {"contact", "supervisor"} & set(line.reads) if line.reads not in {ALL, OPEN} else set()
            )
        for each in sorted(people):
            with visit(sessions, each) as client:
                answer = client.get(url)
            if answer.status_code == 200 and not answer.streaming and "text/html" in answer["Content-Type"]:
                for form in forms_on(url, answer.content.decode()):
                    found.setdefault((each, form.kind), (each, form))
    return list(found.values())


@st.composite
def filled(draw, form: Drawn) -> dict[str, list]:
    """As the page drew it, with a few names or all of them given another value, or none, or two."""
    names = sorted(form.values)
    sent: dict[str, list] = {name: list(values) for name, values in form.values.items()}
    for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=len(names))) if names else []:
        other = st.sampled_from(form.choices[name]) if form.choices.get(name) else value
        sent[name] = draw(st.lists(st.one_of(value, other), max_size=2))
    for name in form.files:
        sent[name] = [draw(st.sampled_from(FILES))] if draw(st.booleans()) else []
    if form.buttons:
        name, said = draw(st.sampled_from(form.buttons))
        sent.setdefault(name, []).append(said)
    return sent


def post(client: Client, form: Drawn, sent: dict[str, list]) -> int:
    client.raise_request_exception = False
    data = {
        name: [a_file(each[0] or "x", each[1]) for each in values] if name in form.files else values
        for name, values in sent.items()
    }
    return client.post(form.action, data, headers={"origin": "http://testserver"}).status_code


def a_file(name: str, content: bytes) -> io.BytesIO:
    """Django's own would refuse a name like "..", which a client may send all the same."""
    file = io.BytesIO(content)
    file.name = name
    return file


def try_one(sessions, person: str, form: Drawn, examples: int) -> int:
    """Returns how many were tried. Fails for the first that the portal answers with a fault."""
    tried = []

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(filled(form))
    def send(sent):
        tried.append(sent)
        with constraints_unknown() as unknown, visit(sessions, person) as client:
            status = post(client, form, sent)
        assert status < 500, (status, sent)
        assert not unknown, (unknown, sent)

    send()
    return len(tried)


def try_all(sessions, world, part: int, examples: int) -> tuple[list[str], int, int]:
    faults: list[str] = []
    tried = 0
    forms = drawn(sessions, world, part)
    for person, form in forms:
        try:
            tried += try_one(sessions, person, form, examples)
        except Exception as error:  # told with the others, at the end
            print(f"FAULT {person} {form.action}: {error!r}"[:900], flush=True)
            faults.append(f"{person} {form.action}: {error!r}"[:1500])
    return faults, len(forms), tried


@pytest.mark.parametrize("part", range(PART_OF))
def test_every_form(sessions, world, part, record_property):
    faults, forms, tried = try_all(sessions, world, part, int(os.environ.get("FORM_EXAMPLES", "5")))
    record_property("tried", tried)
    print(f"{forms} forms, {tried} bad inputs")
    assert faults == []
    assert forms > 5


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(PART_OF))
def test_every_form_all_night(sessions, world, part):
    faults, forms, tried = try_all(sessions, world, part, NIGHTLY)
    print(f"{forms} forms, {tried} bad inputs")
    assert faults == []


def test_the_walk_would_tell_of_a_fault(sessions, world, monkeypatch):
    """The control: a form that takes what it is given for a number."""
    from django.http import HttpResponse

    from tests.test_access import ADDRESSES

    [pattern] = [pattern for name, pattern in ADDRESSES if name == "sharing:new"]
    drawn_as = pattern.callback

    def unguarded(request):
        return HttpResponse(int(request.POST["title_nb"])) if request.method == "POST" else drawn_as(request)

    monkeypatch.setattr(pattern, "callback", unguarded)
    part = [name for name, _person in _pages()].index("sharing:new") % PART_OF
    faults, _forms, _tried = try_all(sessions, world, part, 2)
    assert any("/ny" in fault or "sharing" in fault or "dokumenter" in fault for fault in faults)
