"""Pages as people set them up for themselves: more space in the text, letters twice as large, colours of their own.

A page of each kind is looked at, not all: what is asked here depends on the style sheets, not on what a page says.
"""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browsing import AT_REST, new_context, new_page, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

# The spaces of WCAG 1.4.12
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }"""
DOUBLED = "html { font-size: 200% !important; } body { font-size: 200% !important; }"
# What is cut off by what it stands in. A name in the header ends in an ellipsis, and is whole on the page it leads to.
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(one => {
    const style = getComputedStyle(one)
    if (!one.checkVisibility() || one.closest(".ds-sr-only, .app-header__name, input, select, textarea")) return false
    return [style.overflowX, style.overflowY].some(each => ["hidden", "clip"].includes(each))
        && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
}).map(one => "cut off: " + one.outerHTML.slice(0, 200))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINES = """() => [...document.querySelectorAll(".app-language__choice, .app-days a")].map(one =>
    [one.hasAttribute("aria-current"), parseFloat(getComputedStyle(one).borderBlockEndWidth) > 0])"""


def wrong(page: Page) -> list[str]:
    page.evaluate(AT_REST)
    sideways = page.evaluate(SIDEWAYS)
    return [*page.evaluate(CUT), *([f"{sideways} pixels too wide"] if sideways > 0 else [])]


@pytest.fixture
def opened(browser, site, contact, participation) -> Callable[..., Page]:
    def open_one(width: int, **context) -> Page:
        made = new_context(browser, width=width, **context)
        sign_in(made, site, contact)
        return new_page(made)

    return open_one


@pytest.fixture
def addresses(site, participation) -> list[str]:
    """Cards, a table, a list, a form, running text."""
    names = ["overview:participation", "participants:contacts", "participants:add_contact"]
    kept = [reverse(name, args=[participation.pk]) for name in names]
    return [site + path for path in ["/", *kept, reverse("accounts:me"), reverse("privacy")]]


@pytest.mark.parametrize(
    ("style", "width"),
    [(SPACED, 320), (SPACED, 1280), (DOUBLED, 640), (DOUBLED, 1280)],
    ids=["spaced-320", "spaced-1280", "doubled-640", "doubled-1280"],
)
def test_no_text_is_cut_off_or_runs_out_of_the_page(opened, addresses, style, width):
    page = opened(width, bypass_csp=True)
    found = {}
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        page.add_style_tag(content=style)
        if told := wrong(page):
            found[address] = told
    assert not found


def test_what_is_cut_off_or_too_wide_is_found(opened, site):
    page = opened(320, bypass_csp=True)
    page.goto(site)
    page.add_style_tag(content="h1 { height: 0.5em; overflow: hidden; } main { width: 400px; }")
    assert [told.partition(":")[0] for told in wrong(page)] == ["cut off", "80 pixels too wide"]


def test_the_chosen_language_has_a_line_in_forced_colours_and_no_other(opened, site):
    page = opened(1280, forced_colors="active")
    page.goto(site)
    assert page.evaluate(LINES) == [[True, True], [False, False]]
    page.emulate_media(forced_colors="none")
    assert page.evaluate(LINES) == [[True, True], [False, True]]
