"""The board as a workbook: the same rows and columns, on all its pages."""

from collections.abc import Iterable, Sequence

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lmp.board.wording import BoardColumn, BoardRow, in_one_line, unreached
from participants.lists import keys
from participants.models import Cohort
from parts.sheets import workbook
from parts.sheets.cells import About, Column, Marked


def answer(cohort: Cohort, columns: Sequence[BoardColumn], rows: Iterable[BoardRow]) -> FileResponse:
    """What is late is marked, and so is mail that comes back."""
    about = About(_("Status i pulje %(number)s") % {"number": cohort.number}, timezone.now(), cohort=str(cohort))
    heading = [Column(_("Kommune"), 24), Column(_("Fylke"), 20), *(Column(column.label, 22) for column in columns)]
    heading += [Column(_("E-post i retur"), 30), *keys.columns()]
    lines = (
        [
            row.municipality.name,
            row.municipality.county,
            *(Marked(in_one_line(cell)) if cell.is_late else in_one_line(cell) for cell in row.cells),
            Marked(unreached(count)) if (count := row.municipality.unreached) else "",
            *keys.in_words(row.municipality.number, row.municipality.organisation_number, cohort.number),
        ]
        for row in rows
    )
    return workbook.answer(about, heading, lines)
