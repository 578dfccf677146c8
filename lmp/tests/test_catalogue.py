"""The nynorsk catalogue is whole, and the tool that keeps it so works, on small samples."""

import polib
import pytest

from lmp.catalogue import (
    Key,
    MarkedText,
    NotLiteral,
    marked_texts,
    open_catalogue,
    problems,
    texts_in_python,
    texts_in_template,
    update,
)

PYTHON = """
from django.utils import translation
from django.utils.translation import gettext as _, gettext as now, gettext_lazy, ngettext, npgettext_lazy, pgettext
NAME = gettext_lazy("Navn")
def page(n):
    return [_("Hei " "igjen"), translation.gettext("Via modul"), now("Straks"), pgettext("knapp", "Lagre"),
        ngettext("%(n)s rad", "%(n)s rader", n), npgettext_lazy("i fil", "én rad", "flere rader", "n")]
"""
TEMPLATE = """{% load i18n %}{% translate "Navn" %}{% translate "Lagre" context "knapp" %}{# {% translate "Nei" %} #}
{% blocktranslate with x=y %}Hei {{ x }} 100 %{% endblocktranslate %}
{% blocktranslate trimmed count n=n %}
  Én rad
{% plural %}
  {{ n }} rader
{% endblocktranslate %}
{% include "form.html" with button=_("Send «inn»") second=_('Utkast') %}{{ _("Ja") }}{{ x|default:_("Nei") }}"""


def test_every_text_has_a_translation_that_fits():
    marked = marked_texts()
    assert len(marked) > 700
    assert list(problems(open_catalogue(), marked)) == [], "make messages brings the catalogue up to date"


def test_reads_every_way_of_marking_in_python():
    assert set(texts_in_python(PYTHON)) == {
        (Key(None, "Navn"), ""),
        (Key(None, "Hei igjen"), ""),
        (Key(None, "Via modul"), ""),
        (Key(None, "Straks"), ""),
        (Key("knapp", "Lagre"), ""),
        (Key(None, "%(n)s rad"), "%(n)s rader"),
        (Key("i fil", "én rad"), "flere rader"),
    }


def test_reads_every_way_of_marking_in_a_template():
    assert set(texts_in_template(TEMPLATE)) == {
        (Key(None, "Navn"), ""),
        (Key("knapp", "Lagre"), ""),
        (Key(None, "Hei %(x)s 100 %%"), ""),
        (Key(None, "Én rad"), "%(n)s rader"),
        (Key(None, "Send «inn»"), ""),
        (Key(None, "Utkast"), ""),
        (Key(None, "Ja"), ""),
        (Key(None, "Nei"), ""),
    }


@pytest.mark.parametrize("code", ["_(name)", '_(f"Hei {name}")', '_("Hei " + name)', 'ngettext("én", name, 2)'])
def test_refuses_a_text_that_is_not_written_out(code):
    with pytest.raises(NotLiteral, match="line 1"):
        list(texts_in_python(code))


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    found = polib.POFile()
    found.extend(entries)
    return found


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="Hei %(x)s", msgstr=""), "not translated"),
        (polib.POEntry(msgid="Hei %(x)s", msgstr="Hei %(x)s", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="Hei %(x)s", msgstr="Hei %(y)s"), "other placeholders"),
        (polib.POEntry(msgid="Hei %(x)s", msgstr="Hei"), "other placeholders"),
        (polib.POEntry(msgid="Hei %(x)s", msgstr="Hei <b>%(x)s</b>"), "other tags"),
        (polib.POEntry(msgid="Hei %(x)s", msgstr="Hei %(x)s "), "other space"),
        (polib.POEntry(msgid="Hei %(x)s", msgstr="Hei %(x)s", obsolete=True), "not in the catalogue"),
    ],
)
def test_finds_a_fault(entry, fault):
    marked = {Key(None, "Hei %(x)s"): MarkedText("", {"a.py"})}
    assert next(problems(catalogue(entry), marked)).startswith(fault)


def test_finds_what_is_no_longer_used_and_what_is_out_of_order():
    marked = {Key(None, "A"): MarkedText("", {"a.py"}), Key(None, "B"): MarkedText("", {"a.py"})}
    a, b, c = (polib.POEntry(msgid=name, msgstr=name) for name in "ABC")
    assert list(problems(catalogue(a, b), marked)) == []
    assert next(problems(catalogue(a, b, c), marked)) == "stale, no longer used: C"
    assert list(problems(catalogue(b, a), marked)) == ["not sorted: run make messages"]


def test_updating_keeps_what_is_translated_and_is_the_same_the_second_time():
    marked = {Key(None, "Én"): MarkedText("%(n)s", {"b.py", "a.py"}), Key("knapp", "Lagre"): MarkedText("", {"a.py"})}
    kept = catalogue(
        polib.POEntry(msgid="Lagre", msgctxt="knapp", msgstr="Lagre no"), polib.POEntry(msgid="Borte", msgstr="Vekke")
    )
    update(kept, marked)
    first = str(kept)
    update(kept, marked)
    assert str(kept) == first
    assert [(entry.msgid, entry.msgstr, entry.msgstr_plural) for entry in kept] == [
        ("Lagre", "Lagre no", {}),
        ("Én", "", {0: "", 1: ""}),
    ]
