"""Reading an xlsx or a csv that somebody else made: every cell as text, nothing computed, and a limit on everything."""

import csv
import io
import re
import time as clock
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from itertools import islice
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from participants.loading import package

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 50
MAX_SECONDS = 10  # of the processor
# As far down as Excel goes. A row with a higher number would be reached by counting.
LAST_ROW = 1_048_576

# How a workbook writes a character that XML has no room for, and an underscore that would look like one (ECMA-376,
# part 1, 22.9.2.19). Excel shows the character; openpyxl leaves it as it is written.
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# What a spreadsheet program would take for a formula, were the text ever written to a sheet again.
FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class CohortColumn:
    key: str
    title: str
    explanation: "StrOrPromise"
    required: bool = False
    max_length: int = 200
    choices: tuple[str, ...] = ()
    width: int = 22
    plus_allowed: bool = False


@dataclass(frozen=True)
class CohortSheet:
    title: str
    columns: tuple[CohortColumn, ...]

    def column(self, key: str) -> CohortColumn:
        return next(column for column in self.columns if column.key == key)


@dataclass
class CohortRow:
    """A row by its number in the sheet: each cell's text by column key, and what was wrong with a cell."""

    number: int
    cells: dict[str, str]
    problems: list[tuple[str, str]] = field(default_factory=list)
    hidden: bool = False  # by hand or by a filter: whoever sent the file may not know that it is there


@dataclass
class Contents:
    rows: dict[str, list[CohortRow]]
    unread: list[str]  # "Enheter: Merknad", columns that are not among those expected


def read(file: IO[bytes], sheets: Sequence[CohortSheet], *, size: int) -> Contents:
    """The rows of each sheet. Raises ValidationError, with one message for the person, when the file is of no use.

    A sheet without a title is the file's first, whatever it is called.
    """
    _check_size(size)
    end = clock.thread_time() + MAX_SECONDS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of the workbook that are not read anyway
            small = package.repacked(file, {sheet.title.casefold() for sheet in sheets}, end=end)
            return _read_workbook(small, sheets, end=end)
    except ValidationError:
        raise
    except Exception as error:  # a broken file makes zipfile and openpyxl raise just about anything
        raise ValidationError(
            _("Fila kan ikke leses. Åpne den i Excel, lagre den på nytt som .xlsx og prøv igjen.")
        ) from error


def read_csv(file: IO[bytes], sheet: CohortSheet, *, size: int) -> Contents:
    """The rows of a text with a semicolon, a comma or a tab between the cells, under the same limits as a sheet."""
    _check_size(size)
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # as Excel for Windows saves it
    heading = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=heading.count))
    try:
        named = replace(sheet, title=sheet.title or "csv")
        rows, unread = _read_sheet(CsvSheet(lines), named, hidden=set(), end=clock.thread_time() + MAX_SECONDS)
    except csv.Error as error:
        raise ValidationError(_("Fila kan ikke leses. Lagre den som .xlsx og prøv igjen.")) from error
    if not rows:
        raise ValidationError(_("Fila har ingen rader å laste inn."))
    return Contents({sheet.title: rows}, unread)


@dataclass
class CsvSheet:
    """The lines of a text, as openpyxl gives those of a sheet."""

    lines: Iterator[list[str]]

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, max_col: int, max_row: int) -> Iterator[Sequence[Any]]:
        for line in islice(self.lines, max_row):
            yield [SimpleNamespace(value=cell, data_type="s") for cell in line[:max_col]]


def _check_size(size: int) -> None:
    if size == 0:
        raise ValidationError(_("Fila er tom."))
    if size > MAX_BYTES:
        raise ValidationError(
            _("Fila er på %(size)s. Den kan være på høyst %(limit)s.")
            % {"size": filesizeformat(size), "limit": filesizeformat(MAX_BYTES)}
        )


def _read_workbook(small: package.Small, sheets: Sequence[CohortSheet], *, end: float) -> Contents:
    import openpyxl  # it brings numpy, so only a process that reads or writes a workbook imports it

    # data_only=False: a formula is seen as a formula, and refused, instead of being read as its last result.
    workbook = openpyxl.load_workbook(small.file, read_only=True, data_only=False, keep_links=False)
    try:
        found = {worksheet.title.strip().casefold(): worksheet for worksheet in workbook.worksheets}
        if workbook.worksheets:
            found[""] = workbook.worksheets[0]
        missing = [sheet.title for sheet in sheets if sheet.title.casefold() not in found]
        if missing:
            raise ValidationError(
                _("Fila mangler disse arkene: %(sheets)s. Bruk malen.") % {"sheets": get_text_list(missing, _("og"))}
            )
        contents = Contents({}, [])
        for sheet in sheets:
            worksheet = found[sheet.title.casefold()]
            hidden = small.hidden_rows.get(worksheet._worksheet_path, set())
            named = replace(sheet, title=sheet.title or worksheet.title)
            rows, unread = _read_sheet(worksheet, named, hidden=hidden, end=end)
            contents.rows[sheet.title] = rows
            contents.unread += [f"{named.title}: {title}" for title in unread]
        if not any(contents.rows.values()):
            raise ValidationError(_("Fila har ingen rader å laste inn."))
        return contents
    finally:
        workbook.close()


def _read_sheet(
    worksheet: Any, sheet: CohortSheet, *, hidden: set[int], end: float
) -> tuple[list[CohortRow], list[str]]:
    worksheet.reset_dimensions()  # the file's own word for its size may be wrong
    lines = worksheet.iter_rows(max_col=MAX_COLUMNS, max_row=LAST_ROW)
    positions, unread = _columns(next(lines, ()), sheet)
    rows: list[CohortRow] = []
    for number, line in _filled(lines, end=end):
        if len(rows) == MAX_ROWS:
            raise ValidationError(
                _("Arket %(sheet)s har flere enn %(limit)s rader. Del fila i flere.")
                % {"sheet": sheet.title, "limit": MAX_ROWS}
            )
        row = CohortRow(number, {}, hidden=number in hidden)
        for column, position in positions.items():
            try:
                row.cells[column.key] = cell_text(line[position] if position < len(line) else None, column)
            except ValidationError as error:
                row.cells[column.key] = ""
                row.problems.append((column.key, error.messages[0]))
        if row.problems or any(row.cells.values()):
            rows.append(row)
    return rows, unread


def _filled(lines: Iterator[Sequence[Any]], *, end: float) -> Iterator[tuple[int, Sequence[Any]]]:
    empty: Sequence[Any] | None = None  # the reader fills a gap of a million rows with one and the same row
    for number, line in enumerate(lines, start=2):
        if number % 1000 == 0:
            package.refuse_after(end)
        if line is empty:
            continue
        if any(cell.value not in (None, "") for cell in line):
            yield number, line
        else:
            empty = line


def _columns(header: Sequence[Any], sheet: CohortSheet) -> tuple[dict[CohortColumn, int], list[str]]:
    by_title = {column.title.casefold(): column for column in sheet.columns}
    positions: dict[CohortColumn, int] = {}
    unread: list[str] = []
    for position, cell in enumerate(header):
        title = " ".join(_as_seen(str(cell.value or "")).replace("*", " ").split())
        column = by_title.get(title.casefold())
        if column is None and title:
            unread.append(title[:60])
        elif column in positions:
            raise ValidationError(
                _("Arket %(sheet)s har to kolonner som heter %(column)s.")
                % {"sheet": sheet.title, "column": column.title}
            )
        elif column is not None:
            positions[column] = position
    missing = [column.title for column in sheet.columns if column.required and column not in positions]
    if missing:
        raise ValidationError(
            _("Arket %(sheet)s mangler disse kolonnene: %(columns)s. Navnene skal stå i første rad.")
            % {"sheet": sheet.title, "columns": get_text_list(missing, _("og"))}
        )
    return positions, unread


def cell_text(cell: Any, column: CohortColumn) -> str:
    """A cell as the text a person sees, blanks at the ends gone. Raises ValidationError for what is no plain text."""
    value = getattr(cell, "value", None)
    kind = getattr(cell, "data_type", "n")
    if value is None:
        return ""
    if kind == "f":
        raise ValidationError(_("Cella inneholder en formel. Skriv inn verdien i stedet."))
    if kind == "e":
        raise ValidationError(_("Cella inneholder en feil fra Excel (%(value)s).") % {"value": value})
    if isinstance(value, date | time | timedelta):
        raise ValidationError(_("Excel har gjort innholdet om til en dato eller et klokkeslett. Skriv det som tekst."))
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return clean_text(str(value), column)


def _as_seen(text: str) -> str:
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # Invisible marks come along when text is pasted from the web or from a Mac.
    return "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")


def clean_text(text: str, column: CohortColumn) -> str:
    text = " ".join(_as_seen(text).split())
    if not text.isprintable():
        raise ValidationError(_("Cella inneholder usynlige tegn. Skriv innholdet på nytt."))
    if len(text) > column.max_length:
        raise ValidationError(
            _("Teksten er på %(length)s tegn. Den kan være på høyst %(limit)s.")
            % {"length": len(text), "limit": column.max_length}
        )
    if text.startswith(FORMULA_STARTS) and not (column.plus_allowed and text.startswith("+")):
        raise ValidationError(_("Teksten kan ikke begynne med %(sign)s.") % {"sign": text[0]})
    return text
