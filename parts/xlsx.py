"""How a workbook is written. It brings numpy, so only a process that writes one imports it: see workbook.write."""

import io
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from parts.cells import Column, Marked, Value, Verbatim

HEADING = PatternFill("solid", fgColor="E8EEF4")
MARK = PatternFill("solid", fgColor="FFF2B3")
TOP = Alignment(wrap_text=True, vertical="top")
MAY_BE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value | Marked | Verbatim]]) -> IO[bytes]:
    """The file, at its beginning. Rows are written as they come, so that ten thousand take little memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0
    for position, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    heading = [WriteOnlyCell(sheet, column.title) for column in columns]
    for cell in heading:
        cell.font, cell.fill, cell.alignment = Font(bold=True), HEADING, TOP
    file = io.BytesIO()
    try:
        sheet.append(heading)
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
        save(book, file)
    except BaseException:
        _drop(sheet)
        raise
    file.seek(0)
    return file


def save(book: Workbook, file: IO[bytes]) -> None:
    """As `book.save`, but closed also when it fails: else the archive is closed by and by, perhaps after its file."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()


def _drop(sheet: WriteOnlyWorksheet) -> None:
    """The rows wait in a file of openpyxl's, which it would leave behind until the process ends."""
    writer = sheet._writer
    if writer is not None and os.path.exists(writer.out):
        for unfinished in (sheet._rows, writer.xf):
            with suppress(Exception):  # it writes its end, for which there may be no room either
                unfinished.close()
        writer.cleanup()


def _cell(sheet, given: Value | Marked | Verbatim) -> Value | Cell:
    """Bare where nothing is marked: a style on each cell would take most of the time."""
    if isinstance(given, Verbatim):
        cell = WriteOnlyCell(sheet, given.text)
        cell.data_type = "s"
        return cell
    if not isinstance(given, Marked):
        return safe(given) if isinstance(given, str) else given
    value = given.value
    cell = WriteOnlyCell(sheet, safe(value) if isinstance(value, str) else value)
    cell.font, cell.fill, cell.alignment = Font(bold=not given.struck, strike=given.struck), MARK, TOP
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula, here or when it is saved as csv, and that xlsx can hold."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(MAY_BE_A_FORMULA) else text
