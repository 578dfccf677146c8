"""Each rule of tests/reading/markup.py is seen to find what it is for, on a page that is in order but for that."""

import pytest

from tests.reading.markup import faults

IN_ORDER = """<!doctype html><html lang="nb"><body><nav aria-label="Hovedmeny"></nav><main>
<nav aria-label="Du er her"></nav>
<div role="region" aria-labelledby="units" tabindex="0"><table><caption id="units">Enheter</caption><tr><td>-</td></tr>
</table></div><section aria-labelledby="more"><h2 id="more">Mer</h2></section>
<div role="alert"><div class="ds-alert" id="failed" hidden></div></div>
<img src="/a.png" alt=""><svg aria-hidden="true"><path d="M0 0"/></svg>
<p aria-hidden="true"><svg><rect/></svg></p></main></body></html>"""


def test_a_page_in_order():
    assert faults(IN_ORDER) == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("Du er her", "Hovedmeny", "two landmarks are navigation Hovedmeny"),
        (' aria-label="Du er her"', "", "no name: <nav>"),
        ("</main>", "</main><main></main>", "two landmarks are main "),
        ("<p ", '<div role="search"></div><div role="search"></div><p ', "two landmarks are search "),
        ('id="more"', 'id="units"', "two elements have the id units"),
        ('aria-labelledby="units"', 'aria-labelledby="nothing"', "no name: <div"),
        ('<caption id="units">Enheter</caption>', "", "no caption: <table>"),
        ('<caption id="units">Enheter</caption>', '<caption id="units"> </caption>', "no caption: <table>"),
        ('aria-labelledby="units"', 'aria-label="Enhetene"', "named apart from its caption: <div"),
        ('<div role="alert"><div class="ds-alert"', '<div><div class="ds-alert" role="alert"', "a live region that"),
        ('<div role="alert">', '<div role="alert" hidden>', "a live region that comes"),
        (' alt=""', "", "no alt: <img"),
        ('<svg aria-hidden="true">', "<svg>", "neither named nor hidden: <svg>"),
    ],
)
def test_what_is_wrong_is_found(before, after, found):
    assert before in IN_ORDER
    wrong = faults(IN_ORDER.replace(before, after, 1))
    assert any(fault.startswith(found) for fault in wrong), wrong
