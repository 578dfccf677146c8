"""The control: what a person without a mouse would not see is a fault, and what they see is none."""

import pytest

from tests.browsing import new_context, new_page
from tests.keyboard.hands import Keyboard

pytestmark = [pytest.mark.services]
BAR = "<div style='position:fixed;inset:0 0 auto 0;height:99px;background:#fff;z-index:1'></div>"


@pytest.mark.parametrize(
    ("html", "faults"),
    [
        ("<a href='#'>Her</a>", set()),
        ("<style>a { outline: none }</style><a href='#'>Her</a>", {"no focus drawn on a Her"}),
        (f"{BAR}<a href='#'>Her</a>", {"covered: a Her"}),
        ("<a href='#' tabindex='2'>Her</a>", {"out of order: a Her"}),
    ],
)
def test_each_fault_is_seen(browser, html, faults):
    page = new_page(new_context(browser, width=360))
    page.set_content(html)
    keyboard = Keyboard(page)
    keyboard.to("a")
    assert keyboard.faults == faults


def test_what_is_not_there_is_not_reached(browser):
    page = new_page(new_context(browser, width=360))
    page.set_content("<a href='#'>Her</a>")
    with pytest.raises(AssertionError, match="never comes to button"):
        Keyboard(page).to("button")
