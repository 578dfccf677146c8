"""The nynorsk catalogue, kept in step with the bokmål in code and templates.

    python -m lmp.catalogue            bring locale/nn up to date: new texts empty, texts no longer used taken out
    python -m lmp.catalogue --check    say what is missing, stale or wrong, and fail if anything is

Texts are read by Python's own parser and Django's, so nothing outside requirements.txt is needed: see decision 0022.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "nn" / "LC_MESSAGES" / "django.po"
NOT_OURS = {".venv", "node_modules", "var", "tests", "migrations", "scripts", "bench", "locale", "conftest.py"}

# Where the context, the text and its plural are among the arguments
MARKERS = {"gettext": "t", "ngettext": "tp", "pgettext": "ct", "npgettext": "ctp"}
TRANSLATION = "django.utils.translation"
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"(?<![\w.])(_|n?p?gettext)\(({LITERAL}(?:,\s*{LITERAL})*)[,)]", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w+\}")
TAG = re.compile(r"</?\w+(?:\s[^<>]*)?>")


class Key(NamedTuple):
    context: str | None
    text: str


@dataclass
class MarkedText:
    plural: str
    files: set[str]


class NotLiteral(ValueError):
    """A text is marked for translation, but is not written out there."""


def function_of(name: str) -> str:
    """The gettext function behind a name in the code; empty when it is none of them."""
    name = name.removesuffix("_lazy").removesuffix("_noop")
    return "gettext" if name == "_" else name if name in MARKERS else ""


def texts_in_python(source: str) -> Iterator[tuple[Key, str]]:
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION]
    aliases = {name.asname: name.name for node in imports for name in node.names if name.asname}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        if function := function_of(aliases.get(name, name)):
            arguments = node.args[: len(MARKERS[function])]
            values = [
                part.value for part in arguments if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            if len(values) < len(MARKERS[function]):
                raise NotLiteral(f"line {node.lineno}: {ast.unparse(node)}")
            yield _marked(function, values)


def texts_in_template(source: str) -> Iterator[tuple[Key, str]]:
    for name, arguments in TEMPLATE_CALL.findall(templatize(source)):
        values = [ast.literal_eval(text) for text in re.findall(LITERAL, arguments, re.DOTALL)]
        yield _marked(function_of(name), values)


def _marked(function: str, values: list[str]) -> tuple[Key, str]:
    found = dict(zip(MARKERS[function], values, strict=True))
    return Key(found.get("c"), found["t"]), found.get("p", "")


def source_files(root: Path = ROOT) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.name in NOT_OURS or path.is_symlink():
            continue
        if path.is_dir():
            yield from source_files(path)
        elif path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in path.parts):
            yield path


def marked_texts(root: Path = ROOT) -> dict[Key, MarkedText]:
    """Every text marked for translation. Raises NotLiteral, naming the place, for one that cannot be read."""
    found: dict[Key, MarkedText] = {}
    for path in source_files(root):
        read = texts_in_python if path.suffix == ".py" else texts_in_template
        place = path.relative_to(root).as_posix()
        try:
            for key, plural in read(path.read_text()):
                entry = found.setdefault(key, MarkedText(plural, set()))
                entry.plural = entry.plural or plural
                entry.files.add(place)
        except NotLiteral as error:
            raise NotLiteral(f"{place}, {error}") from error
    return found


def open_catalogue(path: Path = CATALOGUE) -> polib.POFile:
    return polib.pofile(str(path), wrapwidth=0)


def update(catalogue: polib.POFile, marked: dict[Key, MarkedText]) -> None:
    known = {Key(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    catalogue.clear()
    for key, text in sorted(marked.items(), key=lambda item: _place(item[0])):
        entry = known.get(key) or polib.POEntry(msgctxt=key.context, msgid=key.text)
        if entry.msgid_plural != text.plural:
            entry.msgid_plural, entry.msgstr = text.plural, ""
            entry.msgstr_plural = {0: "", 1: ""} if text.plural else {}
        entry.occurrences = [(name, "") for name in sorted(text.files)]
        entry.flags = ["python-format"] if "%(" in key.text else []
        catalogue.append(entry)


def problems(catalogue: polib.POFile, marked: dict[Key, MarkedText]) -> Iterator[str]:
    known = {Key(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    for key, text in sorted(marked.items(), key=lambda item: _place(item[0])):
        entry = known.get(key)
        if not entry or entry.msgid_plural != text.plural:
            yield f"not in the catalogue ({', '.join(sorted(text.files))}): {key.text}"
        else:
            yield from wrong_with(entry)
    for entry in catalogue:
        if entry.obsolete or Key(entry.msgctxt, entry.msgid) not in marked:
            yield f"stale, no longer used: {entry.msgid}"
    if [_place(Key(entry.msgctxt, entry.msgid)) for entry in catalogue] != sorted(_place(key) for key in known):
        yield "not sorted: run make messages"


def _place(key: Key) -> tuple[str, str]:
    return key.text, key.context or ""


def wrong_with(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield f"fuzzy: {entry.msgid}"
    pairs = [(entry.msgid, entry.msgstr)]
    if entry.msgid_plural:
        pairs = [(entry.msgid, entry.msgstr_plural.get(0, "")), (entry.msgid_plural, entry.msgstr_plural.get(1, ""))]
    for source, translated in pairs:
        if not translated.strip():
            yield f"not translated: {source}"
        elif sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(translated)):
            yield f"other placeholders: {source} -> {translated}"
        elif sorted(TAG.findall(source)) != sorted(TAG.findall(translated)):
            yield f"other tags: {source} -> {translated}"
        elif _edges(source) != _edges(translated):
            yield f"other space or line break at an end: {source} -> {translated}"


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    marked, catalogue = marked_texts(), open_catalogue()
    if not check:
        update(catalogue, marked)
        catalogue.save(str(CATALOGUE))
    found = list(problems(catalogue, marked))
    for line in found:
        print(line)
    print(f"{len(marked)} texts in locale/nn, {len(found)} to look at.")
    sys.exit(bool(found) and check)


if __name__ == "__main__":
    main()
