"""The setting of the welcome letter as a PDF for the archive."""

import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from lmp.welcome import content
from lmp.welcome.letter_facts import LetterFacts
from parts.typesetting import Pdf, typeset

TEMPLATE = Path(__file__).parent / "letter.typ"
STANDARDS = ["a-2a", "ua-1"]
EXACT = {"plain", "link", "kind", "language", "sender", "help", "page", "logo"}  # never broken
# What is set in columns, and how many of the widest letter a line there has room for.
NARROW = {"references": 16, "table": 22, "recipient": 22, "recipient_address": 22}
LONG_WORD = re.compile(r"\S{17,}")
MARKS = re.compile(r"(?<=[@./_-])")
LATIN = re.compile("[\0-\u024f\u1e00-\u1eff\u2000-\u206f]*")  # with the signs between words
BREAK = "\0"  # no text has it: names.one_line takes it out


def render(facts: LetterFacts) -> Pdf:
    """PDF/A and PDF/UA where the font has every letter. The same facts give the same bytes. About 25 ms of one core."""
    noon = datetime.combine(facts.dated, time(12), tzinfo=UTC)
    said = content.compose(facts)
    said["latin"] = bool(LATIN.fullmatch(str(said)))
    return typeset(TEMPLATE, _in_pieces(said), standards=STANDARDS, at=noon)


def _in_pieces(said: Any, *, longest: int = 60) -> Any:
    """Where a word may be too long for its line or column, give its text in the pieces it may be broken into.

    A word of more than 20 characters may break after @ . / - _, and what is still longer than ``longest``, anywhere.
    """
    if isinstance(said, str):
        pieces = LONG_WORD.sub(lambda word: _broken(word[0], longest), said)
        return {"pieces": pieces.split(BREAK)} if BREAK in pieces else said
    if isinstance(said, list):
        return [_in_pieces(part, longest=longest) for part in said]
    if isinstance(said, dict):
        kind = said.get("kind", "")
        return {
            key: part if key in EXACT else _in_pieces(part, longest=NARROW.get(key) or NARROW.get(kind) or longest)
            for key, part in said.items()
        }
    return said


def _broken(word: str, longest: int) -> str:
    if len(word) <= min(longest, 20):
        return word
    return BREAK.join(BREAK.join(piece) if len(piece) > longest else piece for piece in MARKS.split(word))
