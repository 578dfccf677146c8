"""A workbook to fill in and load: its sheets, with the headings in the first row, and one that explains them.

Here nothing stands above the headings: the file is read back, and so are the older ones.
"""

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class TemplateColumn(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def explanation(self) -> "StrOrPromise": ...
    @property
    def required(self) -> bool: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def width(self) -> int: ...


class TemplateSheet(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def columns(self) -> Sequence[TemplateColumn]: ...


def write(
    file: IO[bytes],
    *,
    title: str,
    sheets: Sequence[TemplateSheet],
    introduction: Sequence["StrOrPromise"],
    rows: int,
) -> None:
    """`rows`: as many may be filled in."""
    from parts.sheets import xlsx

    book = xlsx.new_book(title)
    _explain(book.active, title, sheets, introduction)
    for sheet in sheets:
        _lay_out(book.create_sheet(sheet.title), title, sheet, rows=rows)
    xlsx.save(book, file)


def _lay_out(worksheet, title: str, sheet: TemplateSheet, *, rows: int) -> None:
    from openpyxl.comments import Comment
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    from parts.sheets import paper, xlsx

    worksheet.freeze_panes = "A2"
    paper.lay_out(worksheet, [column.width for column in sheet.columns], heading=1)
    paper.say_on_each_page(worksheet, f"{title}: {sheet.title}")
    for position, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(position)
        cell = worksheet.cell(row=1, column=position, value=_heading(column))
        cell.font, cell.fill = xlsx.BOLD, xlsx.HEADING
        cell.comment = Comment(str(column.explanation), xlsx.OWNER, width=260, height=90)
        worksheet.column_dimensions[letter].width = max(column.width, len(_heading(column)) + 4)
        # As text, or Excel drops the first zero of 0301 and writes a long number with an exponent.
        worksheet.column_dimensions[letter].number_format = xlsx.TEXT
        if column.choices:
            choices = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            choices.error = _("Velg ett av ordene i lista.")
            worksheet.add_data_validation(choices)
            choices.add(f"{letter}2:{letter}{rows + 1}")
    worksheet.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{rows + 1}"


def _explain(worksheet, title: str, sheets: Sequence[TemplateSheet], introduction: Sequence["StrOrPromise"]) -> None:
    from parts.sheets import paper, xlsx

    worksheet.title = "Forklaring"
    widths = {"A": 14, "B": 26, "C": 90}
    for letter, width in widths.items():
        worksheet.column_dimensions[letter].width = width
    lines: list[tuple[str, str, str]] = [("", "", str(line)) for line in introduction]
    lines += [("", "", ""), (_("Ark"), _("Kolonne"), _("Hva som skal stå der"))]
    heading = len(lines)
    lines += [(sheet.title, _heading(column), str(column.explanation)) for sheet in sheets for column in sheet.columns]
    for number, line in enumerate(lines, start=1):
        for position, text in enumerate(line, start=1):
            cell = worksheet.cell(row=number, column=position, value=text)
            cell.alignment = xlsx.TOP
            if number == heading:
                cell.font = xlsx.BOLD
    paper.lay_out(worksheet, list(widths.values()), heading=heading)
    paper.say_on_each_page(worksheet, title)


def _heading(column: TemplateColumn) -> str:
    return column.title + (" *" if column.required else "")
