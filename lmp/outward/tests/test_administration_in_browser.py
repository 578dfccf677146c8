"""The administration is no other system: the portal's header, letters and sizes, and lists as wide as the page."""

import pytest
from django.urls import reverse

from tests.browsing import new_context, new_page, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

SMALLEST = 16  # px: what the portal's own tables and forms are set in
SMALL = """smallest => [...document.querySelectorAll("body *")]
    .filter(one => one.checkVisibility() && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .filter(one => parseFloat(getComputedStyle(one).fontSize) < smallest && !one.closest("option"))
    .map(one => `${getComputedStyle(one).fontSize}: ${one.outerHTML.slice(0, 120)}`)"""
PARTS = ".app-header :is(img, .app-brand__name, .app-brand__owner, li a)"
HEADER = """parts => [...document.querySelectorAll(parts)].map(one => {
    const [box, style] = [one.getBoundingClientRect(), getComputedStyle(one)]
    return [one.textContent.trim(), box.height, style.fontSize, style.fontFamily, style.color, style.textDecorationLine]
})"""


def test_a_list_has_the_portals_header_sizes_and_width(browser, site, staff, contact, head):
    context = new_context(browser, width=1280)
    sign_in(context, site, staff)
    page = new_page(context)
    page.goto(site + reverse("help"))
    portals = page.evaluate(HEADER, PARTS)
    assert len(portals) > 4
    for name in ("participants_contact_changelist", "participants_contact_add", "participants_cohort_changelist"):
        page.goto(site + reverse(f"admin:{name}"))
        here = page.evaluate(HEADER, PARTS)
        assert [text for text, *_ in here] == [text for text, *_ in portals]
        assert [look for _, *look in here][:4] == [look for _, *look in portals][:4]
        assert page.evaluate(SMALL, SMALLEST) == []
    page.goto(site + reverse("admin:participants_contact_changelist"))
    table, filters = page.locator("#result_list").bounding_box(), page.locator("#changelist-filter").bounding_box()
    assert table["width"] > 0.9 * 1280
    assert filters["y"] + filters["height"] <= table["y"]
    assert page.locator(".results").evaluate("one => one.scrollWidth <= one.clientWidth"), "no column is cut off"
