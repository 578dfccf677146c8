"""Opening pages in Chromium as people do, and what must hold on each of them."""

import re
from collections.abc import Callable, Sequence

from axe_playwright_python.base import AXE_SCRIPT
from django.core import mail
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from accounts import second_factor
from accounts.models import User
from outbox import delivery

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = [320, 1280]
HEIGHT = 900
AS_IT_IS = 0
LANGUAGES = ["nb", "nn"]
# All that axe finds in order too would take longer to hand over than the checking itself, and so would a selector
# for each element: what is told of a violation is its HTML.
VIOLATIONS = """async only => {
    const found = await axe.run({runOnly: only, resultTypes: ["violations"], selectors: false})
    return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 300)}`))
}"""
# The other rules read the document, what of it is shown, in which colours and whether in large letters, and say the
# same at each width where those are the same: most of the checking, the contrast above all.
RULES_OF_LAYOUT = ["target-size", "scrollable-region-focusable"]
LOOK = """() => [...document.querySelectorAll("*")].map(one => {
    if (!one.checkVisibility({visibilityProperty: true})) return "-"
    const style = getComputedStyle(one), size = parseFloat(style.fontSize)
    const large = size >= (style.fontWeight >= 700 ? 18.66 : 24)
    return [style.color, style.backgroundColor, style.backgroundImage, style.opacity, large].join(" ")
}).join("|")"""


def new_context(browser: Browser, *, width: int, language: str = "nb", **context) -> BrowserContext:
    """What opens, opens at once: a check in the middle of a movement would see neither what was nor what comes."""
    return browser.new_context(
        viewport={"width": width, "height": HEIGHT}, locale=f"{language}-NO", reduced_motion="reduce", **context
    )


def new_page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.complaints = complaints  # type: ignore[attr-defined]
    return page


def open_page(browser: Browser, address: str, *, width: int, language: str = "nb", **context) -> Page:
    page = new_page(new_context(browser, width=width, language=language, **context))
    page.goto(address)
    return page


def sign_in(context: BrowserContext, site: str, user: User) -> None:
    """Without the mail; staff have used their second factor."""
    client = Client()
    client.force_login(user)
    if user.is_staff:
        session = client.session
        second_factor.remember(session, user, kind="totp")
        session.save()
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


def mailed_code() -> str:
    """The sign-in code, from the mail as it reaches the person."""
    delivery.drain(now=timezone.now())
    return re.search(r"\b\d{4}-\d{4}\b", mail.outbox[-1].body).group()


def check(
    page: Page, *, may_refuse: bool = False, javascript: bool = True, widths: Sequence[int] = (AS_IT_IS,)
) -> None:
    """Nothing that the security policy refused, no sideways scrolling, and no violation of WCAG 2.2 AA that axe finds.

    `may_refuse`: the page itself answered 4xx, which the browser notes in its console.
    `widths`: in pixels; the page is drawn at each, and left at the first.
    Without `javascript` axe can't run; the same page is looked at with it.
    """
    complaints: list[str] = page.complaints  # type: ignore[attr-defined]
    assert [text for text in complaints if not (may_refuse and "status of 4" in text)] == []
    complaints.clear()
    # Django's own admin frame follows the standard, not all of axe's further advice.
    tags = WCAG if "/admin/" in page.url else [*WCAG, "best-practice"]
    if javascript:
        page.evaluate(AXE_SCRIPT)
    broken: list[str] = []
    read: set[str] = set()
    for width in widths:
        if width != AS_IT_IS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
        if not page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
            broken.append(f"scrolls sideways at {width or 'its width'}")
        if javascript:
            look = page.evaluate(LOOK)
            only = {"type": "rule", "values": RULES_OF_LAYOUT} if look in read else {"type": "tag", "values": tags}
            broken += page.evaluate(VIOLATIONS, only)
            read.add(look)
    if widths[0] != AS_IT_IS:
        page.set_viewport_size({"width": widths[0], "height": HEIGHT})
    complaints.clear()  # axe tries inline styles of its own on some pages, and is refused them
    assert not broken, "\n".join([page.url, *broken])


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
            self.wrong.append(str(error)[:1500])


def send_empty(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def open_all(page: Page) -> None:
    for summary in page.locator("main summary").all():
        summary.click()
