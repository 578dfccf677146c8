"""No text is left out of the translation, and every mail is worded in both languages, with the same things in it."""

import ast
import re
from pathlib import Path

import polib
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


# One form of each word: these are nynorsk too, or bokmål, and our texts have another (docs/texts.md).
OTHER_FORMS = {
    "vart": "blei",
    "vorte": "blitt",
    "einige": "samde",
    "også": "òg",
    "viss": "dersom",
    "hvis": "dersom",
    "styresmakt": "myndigheit",
    "barnehagestyresmakt": "barnehagemyndigheit",
}
# "alt" is everything, not already: er alt lagt ned, har en kollega alt meldt på.
ALREADY = re.compile(
    r"\b(er|har|hadde|kollega|gruppa|annen|annan) alt (?!som\b|anna|annet|de\b|du\b|vi\b|å\b|om\b)", re.I
)


def nynorsk_texts() -> dict[str, str]:
    """Of the catalogue and of the mails, each by where it stands."""
    catalogue = polib.pofile(str(ROOT / "locale/nn/LC_MESSAGES/django.po"))
    found = {entry.msgid: " ".join([entry.msgstr, *entry.msgstr_plural.values()]) for entry in catalogue}
    mails = (ROOT / "templates/mails").glob("*.nn.txt")
    return found | {mail.name: mail.read_text() for mail in mails}


def bokmal_texts() -> dict[str, str]:
    catalogue = polib.pofile(str(ROOT / "locale/nn/LC_MESSAGES/django.po"))
    found = {entry.msgid: f"{entry.msgid} {entry.msgid_plural}" for entry in catalogue}
    return found | {mail.name: mail.read_text() for mail in (ROOT / "templates/mails").glob("*.nb.txt")}


def other_forms(text: str) -> set[str]:
    return {f"{word} → {OTHER_FORMS[word]}" for word in words(text) & OTHER_FORMS.keys()}


def test_a_form_that_is_not_ours_is_found():
    assert other_forms("Kva vart de einige om?") == {"vart → blei", "einige → samde"}
    assert other_forms("Kva blei de samde om?") == set()
    assert ALREADY.search("Enheten er alt lagt ned.")
    assert not ALREADY.search("Portalen har allerede alt som står i fila. Til då er alt som før.")


def test_nynorsk_has_one_form_of_each_word():
    assert {where: found for where, text in nynorsk_texts().items() if (found := other_forms(text))} == {}


def test_already_is_said_by_its_own_word():
    texts_ = [*nynorsk_texts().values(), *bokmal_texts().values()]
    assert [text for text in texts_ if ALREADY.search(text)] == []
