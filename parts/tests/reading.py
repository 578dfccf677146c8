"""A workbook of ours as tests read it."""

import io
from typing import Any

from django.http import FileResponse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from parts.sheets.xlsx import HEADING_ROW


def sheet_in(answer: FileResponse | bytes) -> Worksheet:
    content = answer if isinstance(answer, bytes) else b"".join(answer.streaming_content)
    sheet = load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def table_in(answer: FileResponse | bytes) -> list[tuple[Any, ...]]:
    """The headings, and each row beneath them."""
    return list(sheet_in(answer).iter_rows(min_row=HEADING_ROW, values_only=True))


def dicts_in(answer: FileResponse | bytes) -> list[dict[str, Any]]:
    heading, *rows = table_in(answer)
    return [dict(zip(heading, row, strict=True)) for row in rows]
