"""The board as a workbook: the same rows and columns, on all its pages."""

from collections.abc import Iterable, Sequence

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lmp.board.wording import BoardColumn, BoardRow, in_one_line, unreached
from participants.models import Cohort
from parts import workbook
from parts.cells import Column, Marked


def answer(cohort: Cohort, columns: Sequence[BoardColumn], rows: Iterable[BoardRow]) -> FileResponse:
    """What is late is marked, and so is mail that comes back."""
    title = _("Status i pulje %(number)s") % {"number": cohort.number}
    heading = [Column(_("Kommune"), 24), Column(_("Fylke"), 20), *(Column(column.label, 22) for column in columns)]
    heading.append(Column(_("E-post i retur"), 30))
    lines = (
        [
            row.municipality.name,
            row.municipality.county,
            *(Marked(in_one_line(cell)) if cell.is_late else in_one_line(cell) for cell in row.cells),
            Marked(unreached(count)) if (count := row.municipality.unreached) else "",
        ]
        for row in rows
    )
    name = f"{title} {timezone.localdate().isoformat()}.xlsx".lower()
    return FileResponse(workbook.write(title, heading, lines), as_attachment=True, filename=name)
