"""A workbook: what is said of it, what is in its cells, how it prints; and one that the disk has no room for."""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from parts.files import NO_ROOM
from parts.sheets import workbook
from parts.sheets.cells import About, Column, Marked, Verbatim
from parts.sheets.paper import A3, A4, SMALLEST, paper
from parts.tests.reading import sheet_in
from parts.tests.room import folder as folder  # noqa: PLC0414 – the fixture
from parts.tests.room import room_for

COLUMNS = [Column("Navn", 30)]
ABOUT = About("Liste", datetime(2026, 11, 26, 12, 10, tzinfo=UTC), cohort="Pulje 8", place="Ås")
pytestmark = pytest.mark.no_database


@pytest.mark.parametrize("size", [0, 100, 5000, 20_000])
def test_nothing_is_left_of_what_there_was_no_room_for(folder, size):
    with pytest.raises(OSError, match="too large") as refused, room_for(size):
        workbook.write(ABOUT, COLUMNS, ([f"Person {number} på Ås"] for number in range(2000)))
    assert refused.value.errno in NO_ROOM
    gc.collect()
    assert os.listdir(folder) == []


def test_a_row_that_fails_leaves_nothing_either(folder):
    def rows() -> Iterator[list[str]]:
        yield ["Kari"]
        raise LookupError

    with pytest.raises(LookupError):
        workbook.write(ABOUT, COLUMNS, rows())
    assert os.listdir(folder) == []


def test_what_is_written_leaves_nothing(folder):
    assert workbook.write(ABOUT, COLUMNS, [["Kari"]]).read(2) == b"PK"
    assert os.listdir(folder) == []


def written(rows, *, total=None, columns=COLUMNS, about=ABOUT):
    return sheet_in(workbook.write(about, columns, rows, total=total).read())


def test_what_it_is_of_stands_in_the_name_on_the_sheet_and_on_paper():
    sheet = written([["Kari"]])
    assert ABOUT.file_name == "Liste Pulje 8 Ås 2026-11-26 13.10.xlsx"
    assert [sheet["A1"].value, sheet["A2"].value] == [
        "Liste",
        "Pulje 8 · Ås · Lastet ned torsdag 26. november 2026 kl. 13.10",
    ]
    assert sheet.oddHeader.left.text == "&BListe&B · Pulje 8 · Ås"
    assert sheet.oddFooter.left.text == "Lastet ned torsdag 26. november 2026 kl. 13.10"
    assert sheet.oddFooter.right.text == "Side &P av &N"


def test_what_the_title_says_is_not_said_again():
    about = About("Status i pulje 8", ABOUT.at, cohort="Pulje 8", place="Ås/Vestby: nord?")
    assert about.facts == ["Ås/Vestby: nord?"]
    assert about.file_name == "Status i pulje 8 Ås Vestby nord 2026-11-26 13.10.xlsx"


def test_an_ampersand_is_no_sign_of_the_papers_head_and_a_long_name_is_cut():
    about = About("Barn & unge " * 20, ABOUT.at, place="Møre & Romsdal " * 30)
    head = str(written([["Kari"]], about=about).oddHeader)
    assert "Barn && unge" in head
    assert len(head) < 255


@pytest.mark.parametrize("text", ["+47 912 34 567", "- ingen", "-", "#N/A", "#1", "0301", "+", "Kari"])
def test_text_is_shown_as_it_is(text):
    cell = written([[text], [Verbatim(text)], [Marked(text)]])["A4"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "\t=1", "+cmd|' /C calc'!A1", "-HYPERLINK(1)", "=", "+1!A1", "-2+3\n+cmd|' /C'!A1"]
)
def test_no_spreadsheet_takes_a_text_for_a_formula(text):
    for given in (text, Marked(text)):
        cell = written([[given]])["A4"]
        assert cell.data_type == "s"
        assert cell.value.startswith("'")


def test_an_empty_cell_is_blank_also_where_it_is_marked():
    sheet = written([[""], [Marked("")], [Verbatim("")]])
    assert [sheet[f"A{row}"].value for row in (4, 5, 6)] == [None] * 3
    assert [sheet[f"A{row}"].fill.fill_type for row in (4, 5, 6)] == [None, "solid", None]


def test_days_and_moments_are_written_as_in_norway():
    sheet = written([[date(2027, 3, 2)], [Marked(date(2027, 3, 2))], [ABOUT.at]])
    assert [sheet[f"A{row}"].number_format for row in (4, 5, 6)] == [
        "dd.mm.yyyy",
        "dd.mm.yyyy",
        'dd.mm.yyyy "kl." hh.mm',
    ]
    assert sheet["A6"].value.isoformat() == "2026-11-26T13:10:00"


def test_a_row_with_a_long_text_begins_at_its_top():
    sheet = written([["kort"], ["to\nlinjer"]], columns=[Column("Navn", 10)])
    assert not sheet["A4"].alignment.wrap_text
    assert sheet["A5"].alignment.wrap_text
    assert sheet["A5"].alignment.vertical == "top"
    assert (sheet.row_dimensions[4].height, sheet.row_dimensions[5].height) == (None, 30)


def test_the_total_is_not_filtered_with_the_rows():
    sheet = written([["Kari"], ["Ola"]], total=[Marked("Til sammen")])
    assert sheet.auto_filter.ref == "A3:A5"
    assert sheet["A6"].value == "Til sammen"


@pytest.mark.parametrize(
    ("widths", "found"),
    [([20] * 5, (A4, None)), ([20] * 10, (A4, None)), ([20] * 12, (A3, None)), ([20] * 30, (A3, SMALLEST))],
)
def test_the_paper_is_the_smallest_on_which_it_is_read(widths, found):
    chosen = paper(widths)
    assert (chosen.size, chosen.scale) == found


def test_what_goes_over_several_pages_repeats_its_first_column():
    sheet = written([["Kari"] * 30], columns=[Column(str(number), 20) for number in range(30)])
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.print_title_cols == "$A:$A"
    assert (sheet.page_setup.scale, sheet.sheet_properties.pageSetUpPr.fitToPage) == (SMALLEST, None)
