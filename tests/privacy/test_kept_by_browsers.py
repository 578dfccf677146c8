"""What a browser or a proxy may store: every address, opened as those who may and those who may not see it."""

from collections import Counter

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access_lines import LINES, OPEN, OWN_ACCOUNT, SECOND_FACTOR
from tests.test_access import ADDRESSES, ADMIN, admin_url, visit
from tests.test_access import sessions as sessions  # noqa: PLC0414 – the fixture
from tests.test_access import world as world  # noqa: PLC0414 – the fixture

NOBODY = "nobody"
WALKERS = [NOBODY, "contact", "head", "supervisor", "leader", "officer", "stranger", "staff"]
FOR_THE_BROWSER_ALONE, FOR_NOBODY = {"private", "no-cache"}, {"private", "no-store"}
# A file that whoever has its secret address may fetch, signed in or not.
PERSONAL_AND_OPEN = {"gatherings:feed_file"}
SAME_FOR_ALL = {"logo"}  # on every page, and nobody's


def said(response: HttpResponse) -> set[str]:
    return {each.strip() for each in response.get("Cache-Control", "").split(",")} - {""}


def kind_of(response: HttpResponse) -> str:
    if response.status_code != 200:
        return "an answer without a page" if response.status_code < 400 else "a refusal"
    if response.streaming or not response["Content-Type"].startswith("text/html"):
        return "a script" if "javascript" in response["Content-Type"] else "a file"
    return "a page"


def wrong(name: str, person: str, response: HttpResponse) -> str:
    """What is wrong with what it says, in a word."""
    directives, kind = said(response), kind_of(response)
    if kind == "a script" or name in SAME_FOR_ALL or (person == NOBODY and name not in PERSONAL_AND_OPEN):
        return "public, and kept from being stored" if "private" in directives and is_open(name) else ""
    if kind != "a file" and directives == FOR_THE_BROWSER_ALONE:
        return "" if "Cookie" in response["Vary"] else "the same for everybody"
    return "" if directives >= FOR_NOBODY else "may be stored"


def is_open(name: str) -> bool:
    return name in LINES and LINES[name].reads == OPEN


def addresses(world) -> dict[str, str]:
    """Every address there is, by its name."""
    found = {
        name: reverse(name, kwargs={key: world.get(value, value) for key, value in line.kwargs.items()})
        for name, line in LINES.items()
    }
    patterns = dict(ADDRESSES)
    for name in OWN_ACCOUNT | SECOND_FACTOR:
        found[name] = reverse(name, kwargs=dict.fromkeys(patterns[name].pattern.converters, 1))
    return found | {name: admin_url(name, world["participation"]) for name in ADMIN}


@pytest.mark.slow
@pytest.mark.parametrize("person", WALKERS)
def test_every_address_says_what_may_be_stored(sessions, world, person):
    opened, faults = Counter(), []
    for name, url in addresses(world).items():
        with visit(sessions, person) as client:
            response = client.get(url)
            opened[kind_of(response)] += 1
            if fault := wrong(name, person, response):
                faults.append((name, response.status_code, response.get("Cache-Control"), fault))
    print(f"{person}: {dict(opened)}")
    assert faults == []
    assert opened["a page"] > 3
    if person in {"contact", "staff"}:
        assert opened["a file"] > 3


def test_what_anybody_may_read_may_be_stored(db):
    for name in ("privacy", "cookies", "accessibility", "help"):
        assert said(Client().get(reverse(name))) == set(), name


def test_static_files_may_be_stored(db, settings):
    response = Client().get(f"/{settings.STATIC_URL.strip('/')}/css/parts.css")
    response.close()
    assert response.status_code == 200
    assert "private" not in said(response)
    assert "no-store" not in said(response)
