"""The sample form and the open pages in Chromium: on a phone and a desk, with and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browsing import WIDTHS, check, new_context, new_page, open_page, sign_in

pytestmark = [pytest.mark.services, pytest.mark.urls("lmp.tests.sample_urls")]

CUT = """() => [...document.querySelectorAll("#content :is(input, select, textarea)")]
    .filter(field => field.offsetParent)
    .filter(field => field.getBoundingClientRect().right > field.closest("form").getBoundingClientRect().right)
    .map(field => field.name)"""
COVERED = """() => [...document.querySelectorAll("#content .form-row select:not([multiple])")].filter(
    field => parseFloat(getComputedStyle(field).paddingInlineEnd) < 32
).map(field => field.name)"""


@pytest.mark.parametrize("width", WIDTHS)
def test_form_empty_and_with_errors(browser, site, width):
    page = open_page(browser, f"{site}/sample/", width=width)
    check(page)
    page.get_by_role("button", name="Send inn").click()
    expect(page).to_have_title("Feil: Prøveside – Læringsmiljøportalen")
    expect(page.locator(".ds-error-summary")).to_be_focused()
    check(page)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("<input id='nameless'>", "label"),
        ("<p style='width: 500px'>Bred</p>", "scrolls sideways at 320"),
        ("<input class='wide-only'>", "label"),
        ("<p class='pale-when-wide'>Blek</p>", "color-contrast"),
    ],
)
def test_the_check_sees_what_is_wrong_in_either_width(browser, site, fault, told):
    """The control: what is read at both widths is not read twice, and what differs is."""
    page = open_page(browser, f"{site}/sample/", width=WIDTHS[0], bypass_csp=True)
    page.add_style_tag(
        content="@media (width < 900px) { .wide-only { display: none } }"
        "@media (width > 900px) { .pale-when-wide { color: #ccc } }"
    )
    page.evaluate("fault => document.querySelector('main').insertAdjacentHTML('beforeend', fault)", fault)
    with pytest.raises(AssertionError, match=told):
        check(page, widths=WIDTHS)


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
@pytest.mark.parametrize("width", WIDTHS)
def test_summary_leads_to_each_field(browser, site, width, javascript):
    page = open_page(browser, f"{site}/sample/", width=width, java_script_enabled=javascript)
    page.get_by_role("button", name="Send inn").click()
    expect(page.locator(".ds-error-summary")).to_be_focused()
    page.get_by_role("link", name="«Navn»").click()
    expect(page.get_by_label("Navn")).to_be_focused()
    page.get_by_role("link", name="Deltar PPT?").click()
    expect(page.get_by_label("Ja")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Nei")).to_be_checked()


def test_summary_takes_focus_again_when_the_address_points_at_a_field(browser, site):
    page = open_page(browser, f"{site}/sample/", width=1280)
    page.get_by_role("button", name="Send inn").click()
    page.get_by_role("link", name="«Navn»").click()
    page.get_by_role("button", name="Send inn").click()
    expect(page.locator(".ds-error-summary")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
def test_keyboard_reaches_the_main_content_first(browser, site, javascript):
    page = open_page(browser, f"{site}/sample/", width=1280, java_script_enabled=javascript)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hopp til hovedinnhold")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Navn")).to_be_focused()


def test_second_press_sends_nothing(browser, site):
    page = open_page(browser, f"{site}/sample/", width=1280)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(
        "const button = document.querySelector('.app-buttons button'); button.click(); button.click(); button.click();"
    )
    expect(page).to_have_title("Feil: Prøveside – Læringsmiljøportalen")
    assert len(sent) == 1


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["privacy", "cookies", "accessibility", "help"])
def test_open_pages(browser, site, name, width, language):
    page = open_page(browser, site + reverse(name), width=width, language=language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    for question in page.locator("summary").all():
        question.click()
    check(page)


def test_inter_is_the_font_that_is_drawn(browser, site):
    page = open_page(browser, f"{site}/sample/", width=1280)
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Inter'))")
    assert page.evaluate("getComputedStyle(document.querySelector('.ds-button')).fontFamily").startswith("Inter")


def test_paper_shows_the_content_alone(browser, site):
    page = open_page(browser, f"{site}/sample/", width=1280)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Prøveside")).to_be_visible()
    expect(page.locator(".app-footer")).to_be_hidden()
    expect(page.locator(".app-header__nav")).to_be_hidden()


@pytest.mark.urls("lmp.urls")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_field_of_the_administration_is_neither_cut_nor_covered(browser, site, staff, participation, width):
    context = new_context(browser, width=width, language="nn")
    sign_in(context, site, staff)
    page = new_page(context)
    for address in (
        reverse("admin:gatherings_gathering_add"),
        reverse("admin:auth_group_add"),
        reverse("admin:participants_participation_change", args=[participation.pk]),
    ):
        page.goto(site + address)
        assert page.locator("#content form").count()
        assert (address, page.evaluate(CUT), page.evaluate(COVERED)) == (address, [], [])


@pytest.mark.urls("lmp.urls")
@pytest.mark.django_db(transaction=True)
def test_the_letters_of_a_pulje_are_read_downwards_on_a_phone(browser, site, staff, participation):
    context = new_context(browser, width=360, language="nn")
    sign_in(context, site, staff)
    page = new_page(context)
    page.goto(site + reverse("admin:welcome_cohortletters_change", args=[participation.cohort_id]))
    tables = page.locator("table.letters")
    assert tables.count()
    assert (
        tables.evaluate_all("all => all.filter(each => each.scrollWidth > each.parentElement.clientWidth).length") == 0
    )
