"""A list as a workbook: a bold heading that stays in sight and comes again on every page of paper, and typed cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

Value = str | int | date | None


@dataclass(frozen=True)
class Column:
    title: str
    width: int = 20


@dataclass(frozen=True)
class Marked:
    """A cell that stands out: filled and bold, as colour alone tells nobody anything on paper."""

    value: Value
    struck: bool = False


def write(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value | Marked]]) -> IO[bytes]:
    """The file, at its beginning. Rows are written as they come, so that ten thousand take little memory."""
    from gatherings import xlsx

    return xlsx.write(title, columns, rows)
