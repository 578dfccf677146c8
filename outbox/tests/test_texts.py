"""How a wording is filled in: the text as it is, and HTML in which a value is never markup."""

import re

import pytest

from outbox import markup, texts
from outbox.tests import mails
from outbox.texts import WordingError


def fill(body: str, subject: str = "Emne", **values):
    return texts.fill(
        mails.REMINDER, "nb", subject, body, {"kommune": "Å", "frist": "3. mai", "enheter": ["A", "B"]} | values
    )


def content(html: str) -> str:
    return re.search(r'<td class="content"[^>]*>\n(.*?)</td>', html, re.DOTALL)[1].strip()


def test_paragraphs_lists_and_line_breaks():
    filled = fill("Hei\nder\n\n- en\n- to\n\nSlutt")
    assert filled.text == "Hei\nder\n\n- en\n- to\n\nSlutt\n"
    assert content(filled.html) == "<p>Hei<br>\nder</p>\n<ul>\n<li>en</li>\n<li>to</li>\n</ul>\n<p>Slutt</p>"


def test_a_list_becomes_a_line_each():
    filled = fill("Enhetene:\n{enheter}\nSlutt")
    assert filled.text == "Enhetene:\n- A\n- B\n\nSlutt\n"
    assert "<li>A</li>\n<li>B</li>\n</ul>\n<p>Slutt</p>" in filled.html


@pytest.mark.parametrize("body", ["- {enheter}", "  {enheter}", "{enheter}"])
def test_a_list_alone_on_its_line_however_it_is_written(body):
    assert fill(body).text == "- A\n- B\n"


def test_a_list_inside_a_line_or_the_subject_is_separated_by_commas():
    filled = fill("Gjelder {enheter}.", subject="Om {enheter}")
    assert (filled.subject, filled.text) == ("Om A, B", "Gjelder A, B.\n")


def test_an_empty_list_or_value_leaves_no_hole():
    filled = fill("Før\n\n{enheter}\n\n{frist}\n\nEtter", enheter=[], frist="")
    assert filled.text == "Før\n\nEtter\n"
    assert content(filled.html) == "<p>Før</p>\n<p>Etter</p>"


@pytest.mark.parametrize(
    "value",
    [
        "*a*",
        "_a_",
        "# a",
        "- a",
        "1. a",
        "> a",
        "`a`",
        "[a](http://b.no)",
        "![a](b)",
        "<b>a</b>",
        "&amp;",
        "a\\b",
        "{frist}",
    ],
)
def test_a_value_is_never_markup_and_never_a_placeholder(value):
    filled = fill("{kommune}", kommune=value)
    assert filled.text == f"{value}\n"
    shown = content(filled.html)
    assert shown.startswith("<p>")
    assert not re.search(r"<(?!/?p>)", shown)
    assert "3. mai" not in shown


def test_the_wording_itself_is_not_markup_either():
    shown = content(fill("# Tittel *a* <script> [b](http://c.no)").html)
    assert shown == '<p># Tittel *a* &lt;script&gt; [b](<a href="http://c.no">http://c.no</a>)</p>'


def test_addresses_in_the_wording_become_links():
    shown = content(fill("Se https://udir.no/a?b=1&c=2. Eller (http://x.no/{kommune}).").html)
    assert '<a href="https://udir.no/a?b=1&amp;c=2">https://udir.no/a?b=1&amp;c=2</a>.' in shown
    assert '(<a href="http://x.no/Å">http://x.no/Å</a>).' in shown


def test_only_the_portals_own_addresses_become_links_as_values(settings):
    settings.SITE_URL = "https://portal.example"
    assert (
        '<a href="https://portal.example/kommune/1/">'
        in fill("{frist}", frist="https://portal.example/kommune/1/").html
    )
    for value in ("https://evil.example/", "https://portal.example.evil/", "javascript:alert(1)"):
        assert "<a " not in fill("{frist}", frist=value).html


@pytest.mark.parametrize(
    ("subject", "body", "named"),
    [
        ("Emne", "Hei {navn}", "{navn}"),
        ("{navn}", "Hei", "{navn}"),
        ("Emne", "Hei {kommune", "{kommune"),
        ("Emne", "Hei {__class__}", "{__class__}"),
        ("Emne", "Hei {kommune[0]}", "{kommune[0]}"),
        ("", "Hei", "emne"),
        ("Emne", " \n", "tekst"),
    ],
)
def test_a_wording_that_cannot_be_filled_in_says_what_is_wrong(subject, body, named):
    with pytest.raises(WordingError, match=re.escape(named)):
        fill(body, subject)


def test_a_code_cannot_stand_in_a_subject_which_staff_see():
    with pytest.raises(WordingError):
        texts.fill(mails.CODE, "nb", "Koden er {kode}", "Hei", {"kode": "X7K2"})


def test_a_list_of_numbers_or_other_things_is_written_out():
    assert fill("{enheter}\n\n{frist}", enheter=(1, 2), frist=3).text == "- 1\n- 2\n\n3\n"


def test_what_follows_an_address_is_neither_linked_nor_lost():
    body = "Se https://a.example.no/x. Hilsen Kari (https://b.example.no/y), og takk."
    page = markup.fill(subject="-", body=body, values={}, language="nb").html("nb")
    assert "https://a.example.no/x</a>. Hilsen Kari (" in page
    assert "https://b.example.no/y</a>), og takk." in page


def test_a_named_link_is_its_name_in_html_and_both_in_the_text(settings):
    settings.SITE_URL = "https://portal.example"
    filled = fill("Du må svare.\n\n[Svar på spørsmålene]({frist})", frist="https://portal.example/a/?b=1&c=2")
    assert filled.text == "Du må svare.\n\nSvar på spørsmålene: https://portal.example/a/?b=1&c=2\n"
    assert '<a href="https://portal.example/a/?b=1&amp;c=2">Svar på spørsmålene</a>' in filled.html


def test_in_the_text_a_link_that_was_named_before_is_its_address(settings):
    settings.SITE_URL = "https://portal.example"
    filled = fill("{kommune}\n[Åpne siden]({frist})", kommune="Siden til møtet:", frist="https://portal.example/a/")
    assert filled.text == "Siden til møtet:\nhttps://portal.example/a/\n"
    assert '<a href="https://portal.example/a/">Åpne siden</a>' in filled.html


def test_a_name_alone_is_no_link(settings):
    settings.SITE_URL = "https://portal.example"
    assert fill("Før\n\n[Svar]({frist})\n\nEtter", frist="").text == "Før\n\nEtter\n"
    assert "<a " not in fill("[Svar]({frist})", frist="javascript:alert(1)").html
    assert "<a " not in fill("[Svar]({frist})", frist="https://evil.example/").html


def test_the_preheader_is_the_first_paragraph_that_is_no_greeting():
    assert ">Svar innen 3. mai.</div>" in fill("Hei, {kommune}\n\nSvar innen {frist}.\n\nTakk.").html


def test_what_is_read_as_one_is_not_broken_over_two_lines(tmp_path):
    wording = texts.MailText("tid", "Tid", {"hva": ""}, lambda _language: [], wordings=tmp_path)
    mail = texts.fill(
        wording, "nb", "Emne", "Kom kl. 10.00.\n\n{hva}", {"hva": "mandag 3. mai, kl. 12.30, tlf. +47 00 00 12 34"}
    )
    assert "Kom kl.&nbsp;10.00." in mail.html
    assert "mandag 3. mai, kl.&nbsp;12.30, tlf.&nbsp;+47&nbsp;00&nbsp;00&nbsp;12&nbsp;34" in mail.html
    assert "kl. 12.30, tlf. +47 00 00 12 34" in mail.text
