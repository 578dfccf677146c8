"""Sets a paper as PDF with typst. What people are called goes in as data and is never read as markup."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pdf:
    """`flaw` says why it is not of the standards that were asked for; empty when it is."""

    content: bytes
    flaw: str = ""


@cache
def fonts() -> typst.Fonts:
    """Read once for each process: reading the fonts takes longer than setting a page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[settings.FONTS_DIR])


def typeset(template: Path, document: dict[str, Any], *, standards: Sequence[str], at: datetime) -> Pdf:
    """The template reads `sys.inputs.document`, as JSON. The same document and moment give the same bytes."""
    data = json.dumps(document, ensure_ascii=False)
    try:
        return Pdf(_compile(template, data, standards, at))
    except typst.TypstError as error:
        # Most likely a letter that the font lacks, which the standards do not allow. The paper is needed all the same.
        logger.warning("%s could not be set as %s", template.name, ", ".join(standards))
        return Pdf(_compile(template, data, [], at), flaw=error.message[:500])


def _compile(template: Path, data: str, standards: Sequence[str], at: datetime) -> bytes:
    return typst.compile(
        template,
        root=template.parent,
        font_paths=fonts(),
        sys_inputs={"document": data},
        pdf_standards=list(standards),  # type: ignore[arg-type]  # its own list of names
        timestamp=at.replace(microsecond=0),  # typst takes none
    )
