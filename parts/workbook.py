"""A list as a workbook: a bold heading that stays in sight and comes again on every page of paper, and typed cells."""

from collections.abc import Iterable, Sequence
from typing import IO

from parts.cells import Column, Marked, Value, Verbatim


def write(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value | Marked | Verbatim]]) -> IO[bytes]:
    """The file, at its beginning. Rows are written as they come, so that ten thousand take little memory."""
    from parts import xlsx

    return xlsx.write(title, columns, rows)
