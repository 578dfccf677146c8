"""Sets a paper as PDF with typst. What people are called goes in as data and is never read as markup.

A letter of another script is taken from the first font that has it. One that no font has is shown as □ and told of: the
standards allow no paper that has less to show than to read aloud.
"""

import json
import logging
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

logger = logging.getLogger(__name__)

MAX_NOTE_LENGTH = 500
UNKNOWN = "□"


@dataclass(frozen=True)
class Pdf:
    """`flaw` says why it is not of the standards that were asked for; empty when it is.

    `replaced` are the letters that no font has, once each, in the order of their numbers: □ stands in their places.
    """

    content: bytes
    flaw: str = ""
    replaced: str = ""

    @property
    def note(self) -> str:
        """What staff should know of it, in the language that is active; empty when all is as it should be."""
        named = [
            f"{each} (U+{ord(each):04X})" if each.isprintable() else f"U+{ord(each):04X}" for each in self.replaced
        ]
        said = _("Disse tegnene kan ikke vises, og står som □: %(letters)s") % {"letters": ", ".join(named)}
        return Truncator(" ".join(filter(None, [self.flaw, said if self.replaced else ""]))).chars(MAX_NOTE_LENGTH)


def _font_files() -> list[Path]:
    """The regular weight of each, and what lies beside it where a font has one folder for all its weights."""
    found = [
        path for folder in settings.FONT_DIRS for path in (*folder.glob("*.otf"), *folder.glob("*/400Regular/*.ttf"))
    ]
    return sorted(found)


@cache
def fonts() -> typst.Fonts:
    """Read once for each process: reading the fonts takes longer than setting a page."""
    folders = sorted({path.parent for path in _font_files()})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@cache
def _letters() -> frozenset[str]:
    """What the fonts have. Asked for when a paper could not be set: it takes a second."""
    found: set[str] = set()
    for path in _font_files():
        with TTFont(path, lazy=True) as font:
            found.update(map(chr, font.getBestCmap()))
    return frozenset(found)


def _can_be_shown(letter: str) -> bool:
    """A letter for private use is refused by the standards even where a font has one."""
    return letter.isascii() or (letter in _letters() and unicodedata.category(letter) != "Co")


def typeset(template: Path, document: dict[str, Any], *, standards: Sequence[str], at: datetime) -> Pdf:
    """The template reads `sys.inputs.document`, as JSON. The same document and moment give the same bytes."""
    data = json.dumps(document, ensure_ascii=False)
    with suppress(typst.TypstError):
        return Pdf(_compile(template, data, standards, at))
    # Most likely a letter that no font has, which the standards do not allow.
    lacking = "".join(sorted(letter for letter in set(data) if not _can_be_shown(letter)))
    shown = data.translate(dict.fromkeys(map(ord, lacking), UNKNOWN))
    logger.warning("%s is set with %s letters replaced", template.name, len(lacking))
    try:
        return Pdf(_compile(template, shown, standards, at), replaced=lacking)
    except typst.TypstError as error:
        # The paper is needed all the same.
        logger.warning("%s could not be set as %s", template.name, ", ".join(standards))
        return Pdf(_compile(template, shown, [], at), flaw=error.message, replaced=lacking)


def _compile(template: Path, data: str, standards: Sequence[str], at: datetime) -> bytes:
    return typst.compile(
        template,
        root=template.parent,
        font_paths=fonts(),
        sys_inputs={"document": data},
        pdf_standards=list(standards),  # type: ignore[arg-type]  # its own list of names
        timestamp=at.replace(microsecond=0),  # typst takes none
    )
