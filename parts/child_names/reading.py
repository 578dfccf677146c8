"""A text as sentences of words, with what the rules ask of each word; and the words that they look for."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent


def _lists(name: str) -> dict[str, frozenset[str]]:
    found: dict[str, str] = tomllib.loads((HERE / name).read_text("utf-8"))
    return {key: frozenset(words.split()) for key, words in found.items()}


WORDS = _lists("words.toml")
NAMES = _lists("names.toml")
GIVEN = NAMES["young"] | NAMES["others"]

TOKEN = re.compile(r"[\w'’§-]+|[.!?;\n]+|[:,«\"–]")
OPENS = {":", "«", '"', "–"}  # what follows begins with a capital letter, or may
NO_END = {"f", "eks", "bl", "kl", "jf", "ca", "nr", "kap", "s", "dvs", "mv", "osv", "ev", "evt", "tlf", "pga"}


class Word:
    """One word. `first`: it may have its capital letter from where it stands. `apart`: a comma is before it."""

    __slots__ = ("apart", "first", "is_capitalised", "name", "small", "text")

    def __init__(self, text: str, *, first: bool, apart: bool) -> None:
        self.text, self.first, self.apart = text, first, apart
        self.small = text.casefold()
        # Not in capitals, which say nothing of what a word is.
        self.is_capitalised = text[0].isupper() and len(text) > 2 and not text.isupper()
        self.name = _given_name(self.small)  # the given name in it, whatever its letters; else nothing


def _given_name(small: str) -> str:
    """Also in the genitive, and the first of two with a hyphen."""
    if small in GIVEN:
        return small
    for form in (small.removesuffix("s"), small.split("-", maxsplit=1)[0]):
        if form in GIVEN:
            return form
    return ""


def sentences(text: str) -> Iterator[list[Word]]:
    words: list[Word] = []
    first, apart = True, False
    for match in TOKEN.finditer(text):
        found = match.group()
        if found[0] in ".!?;\n":
            if _ends(found, text, match.end(), words):
                yield words
                words, first = [], True
        elif found in OPENS:
            first = True
        elif found == ",":
            apart = True
        else:
            words.append(Word(found, first=first, apart=apart))
            first = apart = False
    yield words


def _ends(mark: str, text: str, end: int, words: list[Word]) -> bool:
    """Whether a sentence ends here: not after an ordinal ("5. trinn"), an initial ("Eline M.") or a short form."""
    if mark != ".":
        return True
    after = text[end : end + 2]
    if after and not after[0].isspace():
        return False
    before = words[-1].text if words else ""
    begins_anew = after[1:].isupper()
    return begins_anew if before.isdigit() else not (len(before) == 1 or before in NO_END)
