"""No text is left out of the translation, and every mail is worded in both languages, with the same things in it."""

import ast
import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from lmp.catalogue import ROOT, function_of, source_files
from outbox import markup, texts
from tests.norwegian import BOKMAL, NORWEGIAN, NYNORSK, words
from tests.page_text import read

BOTH_LANGUAGES_ALREADY = {
    "templates/400.html",
    "templates/500.html",
    "templates/pages/outage.html",
    "templates/parts/language.html",
}
PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"


def bare_texts(source: str) -> list[str]:
    """What a template says outside its translation tags: in its own text, and as what it hands to a part."""
    html, handed, inside = [], [], ""
    for token in Lexer(source).tokenize():
        command = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if inside:
            inside = "" if command == f"end{inside}" else inside
        elif command in {"comment", "blocktranslate"}:
            inside = command
        elif token.token_type == TokenType.TEXT:
            html.append(token.contents)
        elif token.token_type != TokenType.COMMENT:
            html.append(PLACE)
            if command in {"include", "with"}:
                handed += re.findall(r"""\w=(?:"([^"]*)"|'([^']*)')""", token.contents)
    found = [text.replace(PLACE, " ").strip() for text in read("".join(html), "").texts]
    found += [one or other for one, other in handed if re.search(r"^[A-ZÆØÅ]|\s", one or other)]
    return [text for text in found if re.search(r"[^\W\d_]{2}", text)]


def bare_sentences(source: str) -> list[str]:
    """Strings in Python that read as Norwegian sentences, other than docstrings and what is marked for translation."""
    tree = ast.parse(source)
    known: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            known.add(id(node.value))
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if function_of(name.removeprefix("_") or "_"):
                known.update(id(argument) for argument in node.args)
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in known]
    return [
        node.value
        for node in strings
        if isinstance(node.value, str) and re.search(r"\w \w", node.value) and NORWEGIAN & words(node.value)
    ]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hei</p>", ["Hei"]),
        ('<p title="Hei">{{ x }} – 12</p>', ["Hei"]),
        ('{% include "form.html" with button="Lagre" color="info" %}', ["Lagre"]),
        (
            '<p>{% translate "Hei" %}{# Hei #}{% blocktranslate %}Hei {{ x }}{% endblocktranslate %}</p>',
            [],
        ),
        ('{% include "form.html" with button=_("Lagre") %}', []),
        ('<p lang="nn">Hei</p>', []),
    ],
)
def test_what_counts_as_bare_in_a_template(template, found):
    assert bare_texts(template) == found


def test_what_counts_as_bare_in_python():
    source = '"""Om det og det."""\nname = "pulje"\nx = _("Det er her")\ny = f"Det er {x} her"\nlog("it is here")\n'
    assert bare_sentences(source) == ["Det er "]


def test_templates_say_nothing_untranslated():
    found = {}
    for path in source_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".html" and name not in BOTH_LANGUAGES_ALREADY and (texts := bare_texts(path.read_text())):
            found[name] = texts
    assert found == {}


def test_python_says_nothing_untranslated():
    found = {}
    for path in source_files():
        name = path.relative_to(ROOT).as_posix()
        invents_people = name.startswith("lmp/demo/")
        if path.suffix == ".py" and not invents_people and (sentences := bare_sentences(path.read_text())):
            found[name] = sentences
    assert found == {
        # A word of NOARK 5, which an archive reads
        "lmp/welcome/archive/message.py": ["Dokumentet er ferdigstilt"],
        # The words that a workbook's cells may hold, in either language
        "participants/loading/sheets.py": ["styrer eller rektor", "styrar eller rektor"],
        "guidance/staffing/loading/sheet.py": [
            "barnehage eller skole",
            "barnehage og skole",
            "barnehage og skule",
            "skole og barnehage",
            "skule og barnehage",
            "barnehage og skole",
        ],
        "lmp/settings.py": ["Kost og tilrettelegging", "Se som"],  # groups' names in the database
    }


@pytest.mark.parametrize("text", texts.all_texts().values(), ids=lambda text: text.name)
def test_a_mail_is_worded_in_both_languages(text):
    bokmal, nynorsk = (texts.shipped_wording(text, language) for language in ("nb", "nn"))
    for subject, body in (bokmal, nynorsk):
        assert texts.problems(text, subject, subject=True) + texts.problems(text, body, subject=False) == []
    for one, other in zip(bokmal, nynorsk, strict=True):
        assert sorted(markup.placeholders(one)) == sorted(markup.placeholders(other))
    assert bokmal[1] != nynorsk[1]
    assert words(without_placeholders(" ".join(bokmal))) & NYNORSK == set()
    assert words(without_placeholders(" ".join(nynorsk))) & BOKMAL == set()


@pytest.mark.parametrize(("language", "foreign"), [("nb", NYNORSK), ("nn", BOKMAL)])
def test_the_letter_keeps_to_its_language(language, foreign):
    wording = Path(ROOT / f"lmp/welcome/wording/{language}.toml").read_text()
    text = without_placeholders(re.sub(r"^(#.*|[\w\[\].]+ ?=)", "", wording, flags=re.MULTILINE))
    assert words(re.sub(r"^\[.*\]$", "", text, flags=re.MULTILINE)) & foreign == set()


def without_placeholders(text: str) -> str:
    return re.sub(r"\{\w+\}", " ", text)
