"""How a table comes on paper: lying, on the smallest sheet on which it can be read, and each page says what it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

# As Excel numbers them, each with the millimetres between its margins when it lies.
A4, A3 = 9, 8
ROOM = {A4: 277, A3: 400}
# Of the size on the screen, which is 11 points: smaller than 7 is not read by everybody.
SMALLEST = 65
# A column of so many characters: each is 7 dots wide, with 5 between the columns, 96 to an inch.
DOTS, BETWEEN, MM = 7, 5, 25.4 / 96
# Excel takes no more than 255 characters of a page's head, its own signs among them.
LONGEST_HEAD = 100


@dataclass(frozen=True)
class Paper:
    size: int
    # Per cent, or None: as wide as the paper.
    scale: int | None = None


def paper(widths: Sequence[int]) -> Paper:
    """What is too wide for A3 goes over several pages side by side, at a size that is read."""
    needed = sum(width * DOTS + BETWEEN for width in widths) * MM
    for size, room in ROOM.items():
        if room >= needed * SMALLEST / 100:
            return Paper(size)
    return Paper(A3, SMALLEST)


def lay_out(sheet, widths: Sequence[int], *, heading: int) -> None:
    """The row of headings is repeated on each page, and the first column where a row goes over several."""
    chosen = paper(widths)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", chosen.size
    sheet.print_title_rows = f"{heading}:{heading}"
    if chosen.scale:
        sheet.page_setup.scale = chosen.scale
        sheet.print_title_cols = "A:A"
    else:
        sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.7, 0.6, 0.3, 0.3


def say_on_each_page(sheet, title: str, facts: str = "", taken: str = "") -> None:
    sheet.oddHeader.left.text = " · ".join([f"&B{_in_head(title)}&B", *([_in_head(facts)] if facts else [])])
    if taken:
        sheet.oddFooter.left.text = _in_head(taken)
    sheet.oddFooter.right.text = _("Side %(page)s av %(pages)s") % {"page": "&P", "pages": "&N"}


def _in_head(text: str) -> str:
    """There, & begins a sign of Excel's own."""
    short = text if len(text) <= LONGEST_HEAD else f"{text[: LONGEST_HEAD - 1]}…"
    return short.replace("&", "&&")
