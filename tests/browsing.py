"""Opening pages in Chromium as people do, and what must hold on each of them."""

import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from accounts.authentication import second_factor
from accounts.models import User
from accounts.tests.conftest import make_known
from outbox import delivery
from tests.reading.markup import faults

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = [320, 1280]
HEIGHT = 900
AS_IT_IS = 0
LANGUAGES = ["nb", "nn"]
# All that axe finds in order too would take longer to hand over than the checking itself, and so would a selector
# for each element: what is told of a violation is its HTML.
# A page is judged when what was just opened or moved has come to rest.
AT_REST = """async () => {
    const ending = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity)
    await Promise.allSettled(ending.map(one => one.finished))
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
}"""
# Two rules read what lies in files, style sheets or sound and film: axe fetches all of them anew for each page, which
# takes as long as half of the other rules. The first is not asked without being named: axe calls it an experiment.
RULES_OF_FILES = ["css-orientation-lock", "no-autoplay-audio"]
FILES = """() => [...document.querySelectorAll("link[rel=stylesheet], style, audio, video")]
    .map(one => one.matches("audio, video") ? one.outerHTML : one.href || one.textContent).join("|")"""
VIOLATIONS = """async ([only, ofFiles, enabled]) => {
    const rules = Object.fromEntries(ofFiles.map(name => [name, {enabled}]))
    const found = await axe.run({runOnly: only, rules, resultTypes: ["violations"], selectors: false})
    return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 300)}`))
}"""
# These rules read where things are, so they are asked at each width.
RULES_OF_LAYOUT = ["target-size", "scrollable-region-focusable"]
# The other rules read the document, what of it is shown, in which colours and in how large letters: most of the
# checking, the contrast above all. Of a page where all that is as on one that has been read, they would say the same.
# Texts and figures are told apart from each other and not by what they say, so that a page and the same page in the
# other language, or with another key in its addresses, are alike.
LOOK = """() => {
    const numbers = new Map(), texts = new Map()
    const nth = (seen, value) => { if (!seen.has(value)) seen.set(value, seen.size); return seen.get(value) }
    const said = ["aria-label", "title", "placeholder", "alt", "value", "content", "href", "src", "action", "nonce"]
    const attribute = (one, name) => {
        const value = one.getAttribute(name)
        if (["nb", "nn"].includes(value)) return name + "=ours"  // or which is the page's own would tell them apart
        const free = said.includes(name) || name.startsWith("data-")
        return name + "=" + (!value ? "" : free ? "~" + nth(texts, value)
            : value.replace(/\\d+/g, found => "#" + nth(numbers, found)))
    }
    const shown = one => {
        if (!one.checkVisibility({visibilityProperty: true})) return "-"
        const style = getComputedStyle(one), size = parseFloat(style.fontSize)
        const large = size >= (style.fontWeight >= 700 ? 18.66 : 24)
        return [style.color, style.backgroundColor, style.backgroundImage, style.opacity, large].join(" ")
    }
    const lines = [], listed = []
    for (const one of document.querySelectorAll("*")) {
        const text = [...one.childNodes].map(node => node.nodeType === 3 ? node.data.trim() : "").join(" ").trim()
        const names = one.getAttributeNames().filter(name => name !== "selected")
        // What is not the same in the other language: which one is chosen.
        if (one.matches("button[name=_language]"))
            listed.push([one.tagName, one.childElementCount, !!text, ...names, shown(one)].join(" "))
        else
            lines.push([one.tagName, one.childElementCount, text && nth(texts, text),
                ...names.map(name => attribute(one, name)), shown(one)].join(" "))
    }
    const look = [...lines, ...[...new Set(listed)].sort()].join("|")
    const places = [...document.querySelectorAll("a, button, input, select, textarea, summary, label, [tabindex]")]
        .map(one => one.getBoundingClientRect())
        .map(box => [box.x, box.y, box.width, box.height].map(Math.round)).join("|")
    return [look, places]
}"""


def new_context(browser: Browser, *, width: int, language: str = "nb", **context) -> BrowserContext:
    """What opens, opens at once: a check in the middle of a movement would see neither what was nor what comes."""
    return browser.new_context(
        viewport={"width": width, "height": HEIGHT}, locale=f"{language}-NO", reduced_motion="reduce", **context
    )


def new_page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        # What has no address was tried by a script of the tests: axe, which may be told of it a page later.
        if message.type == "error" and message.location["url"]:
            complaints.append(message.text)

    page.on("console", keep)
    page.complaints = complaints  # type: ignore[attr-defined]
    return page


def open_page(browser: Browser, address: str, *, width: int, language: str = "nb", **context) -> Page:
    page = new_page(new_context(browser, width=width, language=language, **context))
    page.goto(address)
    return page


def sign_in(context: BrowserContext, site: str, user: User) -> None:
    """Without the mail, in a browser that they have used before; staff have used their second factor."""
    client = make_known(Client(), user)
    client.force_login(user)
    if user.is_staff:
        session = client.session
        second_factor.remember(session, user, kind="totp")
        session.save()
    names = ("sessionid", settings.KNOWN_BROWSER_COOKIE_NAME)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site} for name in names])


def mailed_code() -> str:
    """The sign-in code, from the mail as it reaches the person."""
    delivery.drain(now=timezone.now())
    return re.search(r"\b\d{4}-\d{4}\b", mail.outbox[-1].body).group()


def check(
    page: Page, *, may_refuse: bool = False, javascript: bool = True, widths: Sequence[int] = (AS_IT_IS,)
) -> None:
    """Nothing that the security policy refused, no sideways scrolling, and no violation of WCAG 2.2 AA that axe finds.

    Nor any of what tests/reading/markup.py reads in the HTML, as it is when scripts have run.

    `may_refuse`: the page itself answered 4xx, which the browser notes in its console.
    `widths`: in pixels; the page is drawn at each, and left at the first.
    Without `javascript` axe can't run, nor can the HTML be read; the same page is looked at with it.
    """
    page.wait_for_load_state()  # after a click the next page may have begun, and hold nothing yet
    complaints: list[str] = page.complaints  # type: ignore[attr-defined]
    complained = [text for text in complaints if not (may_refuse and "status of 4" in text)]
    complaints.clear()
    assert complained == []
    # Django's own admin frame follows the standard, not all of axe's further advice.
    tags = WCAG if "/admin/" in page.url else [*WCAG, "best-practice"]
    broken: list[str] = []
    for width in widths:
        if width != AS_IT_IS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
        if not page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
            broken.append(f"scrolls sideways at {width or 'its width'}")
        if javascript:
            broken += violations(page, tags)
    if javascript:  # without it Chromium hands over no HTML, and nothing is drawn that could be waited for
        broken += faults(page.content())
        page.evaluate(AT_REST)  # what the console has yet to say of axe
    if widths[0] != AS_IT_IS:
        page.set_viewport_size({"width": widths[0], "height": HEIGHT})
    complaints.clear()  # axe asks for files by addresses that are not theirs
    assert not broken, "\n".join([page.url, *broken])


# What has been read without a violation, by this process: see LOOK.
_read: set[tuple[str, ...]] = set()


def violations(page: Page, tags: list[str]) -> list[str]:
    """What axe finds on the page as it is now. What it has found nothing on, it is not asked about again."""
    page.evaluate(AT_REST)
    look, places = (sha256(text.encode()).hexdigest() for text in page.evaluate(LOOK))
    whole, laid_out = (*tags, look), (look, places)
    if whole in _read and laid_out in _read:
        return []
    rules = {"type": "rule", "values": RULES_OF_LAYOUT} if whole in _read else {"type": "tag", "values": tags}
    found = ask_axe(page, rules)
    if not found:
        _read.update([whole, laid_out])
    return found


def ask_axe(page: Page, rules: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    files = ("files", page.evaluate(FILES))
    found = page.evaluate(VIOLATIONS, [rules, RULES_OF_FILES, files not in _read])
    if rules["type"] == "tag" and not found:
        _read.add(files)
    return found


class Walk:
    """Goes from page to page as one person, and gathers what does not hold instead of stopping at the first.

    Each page is opened and used on a phone, and looked at in every width.
    """

    def __init__(self, browser: Browser, site: str, *, language: str) -> None:
        self.browser, self.site, self.language = browser, site, language
        self.wrong: list[str] = []

    def as_person(self, user) -> Page:
        context = new_context(self.browser, width=WIDTHS[0], language=self.language)
        if user:
            user.language = self.language
            user.save(update_fields=["language"])
            sign_in(context, self.site, user)
        return new_page(context)

    def see(self, page: Page, path: str, *, status: int = 200, act: Callable[[Page], None] | None = None) -> None:
        answer = page.goto(self.site + path)
        try:
            assert answer is not None
            assert answer.status == status, (path, answer.status)
            assert page.locator("html").get_attribute("lang") == self.language, path
            check(page, may_refuse=status >= 400, widths=WIDTHS)
            if act:
                act(page)
                check(page, may_refuse=True, widths=WIDTHS)
        except AssertionError as error:
            self.wrong.append(f"{path}: {error}"[:1500])

    def end(self) -> None:
        assert not self.wrong, "\n\n".join(self.wrong)


def send_empty(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def open_all(page: Page) -> None:
    for summary in page.locator("main summary").all():
        summary.click()
