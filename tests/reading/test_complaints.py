"""What the security policy refuses a page is a fault of the page's; what it refuses the tests is not."""

import pytest

from tests.browsing import check, new_page

PAGE = """<!doctype html><html lang="nb"><head><title>En side</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'self' 'nonce-ours'"></head>
<body><main><h1>En side</h1>{}</main></body></html>"""
OF_A_SCRIPT = "document.querySelector('h1').setAttribute('style', 'color: #333')"

pytestmark = [pytest.mark.services, pytest.mark.slow]


def shown(browser, inside):
    page = new_page(browser.new_context())
    page.route("**/*", lambda route: route.fulfill(body=PAGE.format(inside), content_type="text/html; charset=utf-8"))
    page.goto("http://example.no/")
    return page


@pytest.mark.parametrize(
    "inside",
    ['<p style="color: #333">Tekst</p>', f'<script nonce="ours">{OF_A_SCRIPT}</script>'],
    ids=["html", "script"],
)
def test_a_style_in_the_page_is_a_fault_told_once(browser, inside):
    page = shown(browser, inside)
    with pytest.raises(AssertionError, match="inline style"):
        check(page)
    check(page)


def test_a_style_that_the_tests_try_is_none(browser):
    page = shown(browser, "")
    page.evaluate(OF_A_SCRIPT)
    page.wait_for_timeout(100)
    check(page)
