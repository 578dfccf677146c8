"""No page that one of the staff may open has a link or a form that leads them to "you may not"."""

from collections import Counter
from contextlib import nullcontext
from html.parser import HTMLParser
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import reverse

from lmp.colleagues import middleware
from lmp.colleagues.tests.test_every_page import walkers as walkers  # noqa: PLC0414 – the fixture
from tests.access_lines import LINES
from tests.test_access import ADMIN, admin_url, visit
from tests.test_access import world as world  # noqa: PLC0414 – the fixture

CLOSED = {"a", "button", "div", "fieldset", "form", "li", "ol", "p", "section", "table", "ul"}


class Ways(HTMLParser):
    """Where a page leads: its links, and its forms that have a button. Of some tags, how many are left open."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.page = page
        self.links: set[str] = set()
        self.forms: set[str] = set()
        self.out_of_forms: set[str] = set()  # what leads out of a form goes with it
        self.open: Counter[str] = Counter()
        self.form: tuple[set[str], str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in facts:
            (self.out_of_forms if self.form else self.links).add(self._path(facts["href"]))
        self.open[tag] += tag in CLOSED
        if tag == "form":
            way = self.forms if facts.get("method") == "post" else self.links
            self.form = way, self._path(facts.get("action", ""))
        if self.form and (tag == "button" or (tag == "input" and facts.get("type") == "submit")):
            self.form[0].add(self.form[1])
        if "formaction" in facts:
            self.forms.add(self._path(facts["formaction"]))

    def handle_endtag(self, tag: str) -> None:
        self.open[tag] -= tag in CLOSED
        self.form = None if tag == "form" else self.form

    def _path(self, address: str) -> str:
        """With no query: what may be seen there is the same. Of another site: none."""
        found = urlsplit(urljoin(self.page, address))
        return "" if found.netloc or found.scheme else found.path


def pages(world) -> dict[str, str]:
    found = {
        name: reverse(name, kwargs={key: world.get(value, value) for key, value in line.kwargs.items()})
        for name, line in LINES.items()
    }
    return found | {name: admin_url(name, world["participation"]) for name in ADMIN if name != "admin:logout"}


def drawn(walkers, person: str, page: str, *, whole: bool = False) -> str:
    """`whole`: as it is before anything is taken from it."""
    as_it_is = patch.object(middleware, "_without_dead_ends", lambda html, _user, _page: html)
    with visit(walkers, person) as client, as_it_is if whole else nullcontext():
        answer = client.get(page)
    is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return answer.content.decode() if is_page and not answer.streaming else ""


@pytest.mark.slow
@pytest.mark.parametrize("person", ["nothing", "looks", "role"])
def test_what_leads_to_a_refusal_is_not_drawn_and_all_else_is(walkers, world, person):
    answered: dict[tuple[str, str], int] = {}

    def refused(method: str, path: str) -> bool:
        if (method, path) not in answered:
            with visit(walkers, person) as client:
                answered[method, path] = client.generic(method, path).status_code
        return answered[method, path] == 403

    dead, missed, opened, taken = set(), set(), 0, 0
    for name, page in pages(world).items():
        html = drawn(walkers, person, page)
        if not html:
            continue
        opened += 1
        ways, before = Ways(page, html), Ways(page, drawn(walkers, person, page, whole=True))
        assert ways.open == before.open, "what is taken is taken whole"
        for method, found, all_found in (
            ("GET", ways.links, before.links),
            ("GET", ways.out_of_forms, ways.out_of_forms),
            ("POST", ways.forms, before.forms),
        ):
            dead |= {(name, method, path) for path in found - {""} if refused(method, path)}
            missed |= {(name, method, path) for path in all_found - found if not refused(method, path)}
            taken += len(all_found - found)
    print(f"{person}: {opened} pages, {len(answered)} ways, {taken} taken")
    assert (sorted(dead), sorted(missed)) == ([], [])
    assert opened > 10


def test_a_list_in_which_something_is_marked_is_still_a_list(walkers, world):
    """Who was there: whoever only looks sees it, and has nothing to press."""
    page = reverse("gatherings:attendance", kwargs={"pk": world["held_gathering"]})
    for person, may_act in (("looks", False), ("role", True)):
        html = drawn(walkers, person, page)
        assert "Hanne Styrer" in html
        assert (page in Ways(page, html).forms) is may_act


def test_what_may_not_be_done_is_not_there_as_words_either(walkers, world):
    page = reverse("overview:participation", kwargs={"pk": world["participation"]})
    for words in ("Skriv til", "Send velkomstbrevet"):
        assert words in drawn(walkers, "role", page)
        assert words not in drawn(walkers, "looks", page)
