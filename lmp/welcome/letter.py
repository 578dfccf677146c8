"""The welcome letter: what it names, and the setting of it as a PDF for the archive."""

import json
import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from lmp.welcome import content

HERE = Path(__file__).parent
STANDARDS = ["a-2a", "ua-1"]
EXACT = {"plain", "link", "kind", "language", "sender", "help", "page"}  # never broken
LONG_WORD = re.compile(r"\S{21,}")
MARKS = re.compile(r"(?<=[@./_-])")
BREAK = "\0"  # no text has it: grammar.line takes it out
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unit:
    name: str
    kind: str = ""
    organisation_number: str = ""
    head: str = ""
    children: int | None = None
    counted_on: date | None = None


@dataclass(frozen=True)
class Contact:
    function: str
    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Gathering:
    """The kick-off has no semester. ``settled`` as in gatherings.Gathering; "" where nothing is registered."""

    semester: int | None
    starts_on: date | None = None
    ends_on: date | None = None
    venue: str = ""
    settled: str = ""
    audience: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """What staff have worded for this cohort and language. Blank: the wording that is shipped."""

    intro: str = ""
    kick_off_note: str = ""
    project_leaders: str = ""
    reply: str = ""
    closing: str = ""
    senders: str = ""


@dataclass(frozen=True)
class LetterFacts:
    """Everything that the letter names."""

    language: str
    dated: date
    cohort: int
    first_year: int
    starts_on: date
    municipality: str
    municipality_number: str
    governor: str
    reply_by: date
    reply_url: str
    help_address: str
    gathering_label: str = "gathering"
    case_number: str = ""
    units: tuple[Unit, ...] = ()
    contacts: tuple[Contact, ...] = ()
    gatherings: tuple[Gathering, ...] = ()
    supervisors: tuple[str, ...] = ()
    wording: Wording = field(default_factory=Wording)


@dataclass(frozen=True)
class Pdf:
    """``archival`` is false when it could not be set as PDF/A; ``note`` says why."""

    bytes: bytes
    archival: bool
    note: str


@cache
def _fonts() -> typst.Fonts:
    """Read once for each process: reading the fonts takes longer than setting a letter."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[settings.FONTS_DIR])


def render(facts: LetterFacts) -> Pdf:
    """The same facts give the same bytes. About 25 ms of one core."""
    document = json.dumps(_in_pieces(content.compose(facts)), ensure_ascii=False)
    try:
        return Pdf(_compile(document, facts.dated, STANDARDS), archival=True, note="")
    except typst.TypstError as error:
        # Most likely a glyph that the font lacks, which PDF/A does not allow. The letter goes all the same.
        logger.warning("A letter could not be set as PDF/A: %s", error.message)
        return Pdf(_compile(document, facts.dated, []), archival=False, note=error.message[:500])


def _in_pieces(said: Any, *, longest: int = 60) -> Any:
    """Where a word may be too long for its line or column, give its text in the pieces it may be broken into.

    A word of more than 20 characters may break after @ . / - _, and what is still longer than ``longest``, anywhere.
    """
    if isinstance(said, str):
        if not LONG_WORD.search(said):
            return said
        pieces = LONG_WORD.sub(
            lambda word: BREAK.join(
                BREAK.join(piece) if len(piece) > longest else piece for piece in MARKS.split(word[0])
            ),
            said,
        )
        return {"pieces": pieces.split(BREAK)} if BREAK in pieces else said
    if isinstance(said, list):
        return [_in_pieces(part, longest=longest) for part in said]
    if isinstance(said, dict):
        in_table = said.get("kind") == "table"
        return {
            key: part if key in EXACT else _in_pieces(part, longest=22 if in_table else longest)
            for key, part in said.items()
        }
    return said


def _compile(document: str, dated: date, standards: list) -> bytes:
    return typst.compile(
        HERE / "letter.typ",
        root=HERE,
        font_paths=_fonts(),
        sys_inputs={"letter": document},
        pdf_standards=standards,
        timestamp=datetime.combine(dated, time(12), tzinfo=UTC),
    )
