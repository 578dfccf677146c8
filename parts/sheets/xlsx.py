"""How a workbook is written. It brings numpy, so only a process that writes one imports it: see workbook.write.

A table begins in the third row, beneath what it is of. Whoever reads one into another system finds it by its filter.
"""

import io
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from math import ceil
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from parts.sheets import paper
from parts.sheets.cells import About, Cell, Column, Marked, Value, Verbatim

OWNER = "Utdanningsdirektoratet"
HEADING_ROW = 3
TITLE, BOLD = Font(name="Calibri", bold=True, size=14), Font(name="Calibri", bold=True, size=11)
STRUCK = Font(name="Calibri", strike=True, size=11)
LINE = 15  # points
HEADING = PatternFill("solid", fgColor="E8EEF4")
MARK = PatternFill("solid", fgColor="FFF2B3")
TOP, TOP_LEFT, LEFT = (
    Alignment(wrap_text=True, vertical="top"),
    Alignment(wrap_text=True, vertical="top", horizontal="left"),
    Alignment(horizontal="left"),
)
DAY, MOMENT, TEXT = "dd.mm.yyyy", 'dd.mm.yyyy "kl." hh.mm', "@"
# What begins a formula, and nothing that anybody writes.
FORMULA_STARTS = ("=", "@", "\t", "\r")
# A telephone number or a dash begins alike: it is a formula that does something when it calls or links to something.
CALLS = re.compile(r"[+\-].*(\||!|\w\()", re.DOTALL)
# Text that a cell would take for an error or a sum, unless it is told that it is text.
NOT_AS_IT_IS = ("+", "-", "#")


def write(
    about: About, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, total: Sequence[Cell] | None = None
) -> IO[bytes]:
    """The file, at its beginning. Rows are written as they come, so that ten thousand take little memory."""
    book = new_book(about.title, at=about.at, write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", about.title)[:31])
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"
    widths = [column.width for column in columns]
    paper.lay_out(sheet, widths, heading=HEADING_ROW)
    paper.say_on_each_page(sheet, about.title, " · ".join(about.facts), about.taken)
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    file, last = io.BytesIO(), HEADING_ROW
    try:
        table = _Rows(sheet, widths)
        for line in _top(sheet, about, columns):
            sheet.append(line)
        for row in rows:
            last += 1
            sheet.append(table.cells(row, last))
        sheet.auto_filter.ref = f"A{HEADING_ROW}:{get_column_letter(len(columns))}{last}"
        if total:
            sheet.append(table.cells(total, last + 1))
        save(book, file)
    except BaseException:
        _drop(sheet)
        raise
    file.seek(0)
    return file


def new_book(title: str, *, at: datetime | None = None, write_only: bool = False) -> Workbook:
    book = Workbook(write_only=write_only)
    book.properties.creator = book.properties.lastModifiedBy = OWNER
    book.properties.title = title
    if at:
        book.properties.created = timezone.localtime(at, timezone=UTC).replace(tzinfo=None)
    return book


def save(book: Workbook, file: IO[bytes]) -> None:
    """As `book.save`, but closed also when it fails: else the archive is closed by and by, perhaps after its file."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()


def _top(sheet, about: About, columns: Sequence[Column]) -> list[list[SheetCell]]:
    """What the table is of, in the rows above it, and its headings."""
    title, facts = WriteOnlyCell(sheet, safe(about.title)), WriteOnlyCell(sheet, safe(about.in_one_line))
    title.font = TITLE
    headings = [WriteOnlyCell(sheet, column.title) for column in columns]
    sheet.row_dimensions[HEADING_ROW].height = LINE * max(_lines(column.title, column.width - 3) for column in columns)
    for cell in headings:
        cell.font, cell.fill, cell.alignment = BOLD, HEADING, TOP
    return [[title], [facts], headings]


def _drop(sheet: WriteOnlyWorksheet) -> None:
    """The rows wait in a file of openpyxl's, which it would leave behind until the process ends."""
    writer = sheet._writer
    if writer is not None and os.path.exists(writer.out):
        for unfinished in (sheet._rows, writer.xf):
            with suppress(Exception):  # it writes its end, for which there may be no room either
                unfinished.close()
        writer.cleanup()


class _Rows:
    """Cells are bare where nothing is to be seen on them: a style that is made anew takes most of the time."""

    def __init__(self, sheet: WriteOnlyWorksheet, widths: Sequence[int]) -> None:
        self.sheet = sheet
        self.widths = widths
        self.styles: dict[tuple, StyleArray] = {}

    def cells(self, row: Sequence[Cell], number: int) -> list[Value | SheetCell]:
        """Where one cell takes several lines, the row is as high, and all of its cells begin at the top."""
        lines = max(map(_lines, row, self.widths), default=1)
        if lines > 1:
            self.sheet.row_dimensions[number].height = LINE * lines
        return [self._cell(given, tall=lines > 1) for given in row]

    def _cell(self, given: Cell, *, tall: bool) -> Value | SheetCell:
        value, look, said = given, "", ""
        if isinstance(given, Marked):
            value, look = given.value, "struck" if given.struck else "marked"
        if isinstance(value, Verbatim):
            value, said = ILLEGAL_CHARACTERS_RE.sub("", value.text), TEXT
        elif isinstance(value, datetime):
            value, said = timezone.localtime(value).replace(tzinfo=None, microsecond=0), MOMENT
        elif isinstance(value, date):
            said = DAY
        elif isinstance(value, str):
            value = safe(value)
            said = TEXT if value.startswith(NOT_AS_IT_IS) else ""
        value = None if value == "" else value  # else a filter finds no blanks
        if not look and (value is None or not (said or tall)):
            return value
        cell = WriteOnlyCell(self.sheet)
        cell._style = self._style(said, look, tall)
        cell.value = value
        if said == TEXT and value is not None:
            cell.data_type = "s"
        return cell

    def _style(self, said: str, look: str, tall: bool) -> StyleArray:
        key = (said, look, tall)
        if key not in self.styles:
            cell = WriteOnlyCell(self.sheet)
            if said:
                cell.number_format = said
            if said == TEXT:
                cell.quotePrefix = True  # it stays a text when somebody opens the cell and leaves it again
            if look:
                cell.font, cell.fill = STRUCK if look == "struck" else BOLD, MARK
            is_day = said in (DAY, MOMENT)  # at the left, or it touches the text in the next column
            if look or tall:
                cell.alignment = TOP_LEFT if is_day else TOP
            elif is_day:
                cell.alignment = LEFT
            self.styles[key] = cell._style
        return self.styles[key]


def _lines(given: Cell, width: int) -> int:
    text = given.value if isinstance(given, Marked) else given
    if not isinstance(text, str) or (len(text) <= width and "\n" not in text):
        return 1
    return sum(max(ceil(len(line) / width), 1) for line in text.split("\n"))


def safe(text: str) -> str:
    """Text that xlsx can hold, and that no spreadsheet takes for a formula, here or when it is saved as csv."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith(FORMULA_STARTS) or CALLS.match(text) else text
