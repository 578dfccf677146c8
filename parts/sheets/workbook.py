"""A list as a workbook: what it is and when it was taken, a heading that stays in sight, a filter, typed cells."""

from collections.abc import Iterable, Sequence
from typing import IO

from django.http import FileResponse

from parts.sheets.cells import About, Cell, Column


def write(
    about: About, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, total: Sequence[Cell] | None = None
) -> IO[bytes]:
    """The file, at its beginning. Rows are written as they come, so that ten thousand take little memory.

    `total` comes last, and is not filtered or sorted with the rows.
    """
    from parts.sheets import xlsx

    return xlsx.write(about, columns, rows, total=total)


def answer(
    about: About, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, total: Sequence[Cell] | None = None
) -> FileResponse:
    return FileResponse(write(about, columns, rows, total=total), as_attachment=True, filename=about.file_name)
