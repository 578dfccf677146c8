"""Sets a paper for the hall as PDF. What people are called goes in as data and is never read as markup."""

import json
import logging
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation

TEMPLATES = Path(__file__).parent / "print"
STANDARDS = ["ua-1"]
logger = logging.getLogger(__name__)


@cache
def _fonts() -> typst.Fonts:
    """Read once for each process: reading the fonts takes longer than setting a page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[settings.FONTS_DIR])


def pdf(template: str, said: dict[str, Any], *, now: datetime) -> bytes:
    """A tagged PDF in the language in use. `said` holds the template's texts; what it says is set as it stands."""
    said = said | {"language": (translation.get_language() or settings.LANGUAGE_CODE)[:2]}
    document = json.dumps(_clean(said), ensure_ascii=False)
    try:
        return _compile(template, document, now, STANDARDS)
    except typst.TypstError as error:
        # Most likely a letter that the font lacks, which PDF/UA does not allow. The paper is needed all the same.
        logger.warning("%s could not be set as PDF/UA: %s", template, error.message)
        return _compile(template, document, now, [])


def _clean(said: Any) -> Any:
    """Letters composed, and no control characters: the font has the one and no font has the other."""
    if isinstance(said, str):
        text = unicodedata.normalize("NFC", said)
        return " ".join("".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text).split())
    if isinstance(said, list):
        return [_clean(part) for part in said]
    if isinstance(said, dict):
        return {key: _clean(part) for key, part in said.items()}
    return said


def _compile(template: str, document: str, now: datetime, standards: list) -> bytes:
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"said": document},
        pdf_standards=standards,
        timestamp=now.replace(microsecond=0),  # typst takes none
    )
