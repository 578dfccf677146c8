"""What the check of a page is spared because it was read before, and what it is not spared."""

import pytest

from tests import browsing

pytestmark = [pytest.mark.services]
CLEAN = """<!doctype html><html lang="{language}"><title>{title}</title><main><h1>{title}</h1>
<p><a href="/unit/{key}/">{link}</a></p></main></html>"""
CURRENT = ' aria-current="true"'
LOCKED = "<style>@media (orientation: portrait) { html { transform: rotate(90deg) } }</style>"
CHOICE = """<button name="_language" lang="nb"{}>Bokmål</button><button name="_language" lang="nn"{}>Nynorsk</button>"""


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What axe was asked about, page by page."""
    monkeypatch.setattr(browsing, "_read", set())
    questions: list[str] = []
    asks = browsing.ask_axe

    def ask(page, rules):
        questions.append(rules["type"])
        return asks(page, rules)

    monkeypatch.setattr(browsing, "ask_axe", ask)
    return questions


@pytest.fixture
def page(browser):
    return browsing.new_page(browsing.new_context(browser, width=320))


def violations(page, html: str) -> list[str]:
    page.set_content(html)
    return browsing.violations(page, browsing.WCAG)


def test_the_same_page_in_the_other_language_is_read_once_and_laid_out_anew(page, asked):
    assert violations(page, CLEAN.format(language="nb", title="Enheten", key=1, link="Gå til enheten")) == []
    assert violations(page, CLEAN.format(language="nn", title="Eininga", key=22, link="Gå til eininga di")) == []
    assert violations(page, CLEAN.format(language="nn", title="Eininga", key=22, link="Gå til eininga di")) == []
    assert asked == ["tag", "rule"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="/unit/22/">', '<a href="/unit/22/"></a><a href="/">'),
        ("<h1>", '<img src="/x.png"><h1>'),
        ('lang="nn"', 'lang="xx"'),
        ("<p>", '<p style="color: #ccc">'),
        ('<a href="/unit/22/">Gå', '<a href="/unit/22/" aria-label="">Gå'),
        ("</main>", '<p id="a">a</p><p id="a">b</p><input aria-labelledby="b"></main>'),
    ],
)
def test_what_differs_is_read(page, asked, before, after):
    clean = CLEAN.format(language="nn", title="Eininga", key=22, link="Gå til eininga")
    assert violations(page, clean) == []
    violations(page, clean.replace(before, after))
    assert asked == ["tag", "tag"]


def test_what_is_wrong_is_told_each_time(page, asked):
    wrong = CLEAN.format(language="nn", title="Eininga", key=22, link="")
    assert violations(page, wrong)
    assert violations(page, wrong)


def test_which_language_is_chosen_makes_no_other_page(page, asked):
    for language, chosen in ("nb", [CURRENT, ""]), ("nn", ["", CURRENT]):
        html = CLEAN.format(language=language, title="Lik", key=1, link="Likt")
        assert violations(page, html.replace("<p>", f"{CHOICE.format(*chosen)}<p>")) == []
    assert asked == ["tag"]


def test_style_sheets_are_read_once_and_others_too(page, asked):
    clean = CLEAN.format(language="nb", title="Enheten", key=1, link="Til enheten")
    assert violations(page, clean) == []
    locked = clean.replace("</title>", f"</title>{LOCKED}")
    for _turn in range(2):
        assert [found.partition(":")[0] for found in violations(page, locked)] == ["css-orientation-lock"]


def test_a_sound_that_begins_by_itself_is_not_the_one_that_waits(page):
    def files(attribute: str) -> str:
        page.set_content(f'<audio src="/a.wav" {attribute}></audio>')
        return page.evaluate(browsing.FILES)

    assert files("controls") != files("autoplay")
