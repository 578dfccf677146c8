"""What a list is made of, before it is a workbook, a page or a paper."""

from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True)
class Verbatim:
    """Text that is kept to the letter, also where it looks like a formula or a number with a leading zero."""

    text: str
