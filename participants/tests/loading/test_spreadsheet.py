import contextlib
import io
import random
import re
import tracemalloc
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from participants.loading import package, sheets, spreadsheet
from participants.tests.workbooks import INDRE_FOSEN, MUNICIPALITIES, Formula, workbook


def read(content: bytes | io.BytesIO) -> spreadsheet.Contents:
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    return spreadsheet.read(file, sheets.SHEETS, size=file.getbuffer().nbytes)


def refusal(content: bytes | io.BytesIO) -> str:
    with pytest.raises(ValidationError) as caught:
        read(content)
    [message] = caught.value.messages
    return message


def cell(value: object) -> spreadsheet.CohortRow:
    """A row whose case number is this."""
    return read(workbook([(9, "5054", "", "", value)])).rows["Kommuner"][0]


def repack(file: io.BytesIO, part: str, change, *, compression=zipfile.ZIP_DEFLATED) -> bytes:
    """The same workbook with one part of it changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w", compression) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return packed.getvalue()


FIRST_SHEET = "xl/worksheets/sheet1.xml"


def test_rows_by_their_number_with_blank_rows_skipped():
    rows = read(workbook([INDRE_FOSEN, (None, " ", "", "", ""), (), (9, " 301 ", "", "", "")])).rows["Kommuner"]
    assert [(row.number, row.cells["municipality"]) for row in rows] == [(2, "5054"), (5, "301")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Leksvik   barnehage \n", "Leksvik barnehage"),
        (301, "301"),
        (301.0, "301"),
        (974760673.0, "974760673"),
        (3.5, "3.5"),
        (1e300, "1e+300"),
        (True, "ja"),
        (False, "nei"),
        (None, ""),
        ("a\u200bb\u00ad\ufeff", "ab"),
        ("Ka\u030afjord", "Kåfjord"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_a_cell_becomes_text(value, text):
    row = cell(value)
    assert (row.cells["case_number"], row.problems) == (text, [])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Formula("=1+1"), "Cella inneholder en formel."),
        (Formula('=HYPERLINK("http://example.no","x")'), "Cella inneholder en formel."),
        ("=1+1", "Teksten kan ikke begynne med =."),
        ("+47 1", "Teksten kan ikke begynne med +."),
        ("-1", "Teksten kan ikke begynne med -."),
        ("@SUM(A1)", "Teksten kan ikke begynne med @."),
        ("\t=1+1", "Teksten kan ikke begynne med =."),
        ("\u200b=1+1", "Teksten kan ikke begynne med =."),
        (datetime(2027, 1, 12), "Excel har gjort innholdet om til en dato"),  # noqa: DTZ001 as Excel has it
        (date(2027, 1, 12), "Excel har gjort innholdet om til en dato"),
        (time(12, 30), "Excel har gjort innholdet om til en dato"),
        ("x" * 31, "Teksten er på 31 tegn."),
        ("x" * 10_000, "Teksten er på 10000 tegn."),
    ],
)
def test_a_cell_that_is_refused(value, message):
    row = cell(value)
    assert row.cells["case_number"] == ""
    [(column, said)] = row.problems
    assert column == "case_number"
    assert message in said


def test_a_telephone_number_may_begin_with_a_plus():
    contacts = [("5054", "", "eier", "", "A", "a@example.no", "+47 73 00 00 00")]
    row = read(workbook(contacts=contacts)).rows["Kontakter"][0]
    assert (row.cells["phone"], row.problems) == ("+47 73 00 00 00", [])


def test_an_error_in_a_cell():
    content = repack(
        workbook([(9, "5054", "", "", 77)]),
        FIRST_SHEET,
        lambda xml: re.sub(rb'<c r="E2" t="n"><v>77</v>', b'<c r="E2" t="e"><v>#REF!</v>', xml),
    )
    [problem] = read(content).rows["Kommuner"][0].problems
    assert problem == ("case_number", "Cella inneholder en feil fra Excel (#REF!).")


def test_control_characters():
    content = repack(
        workbook([(9, "5054", "", "", "abc")]),
        FIRST_SHEET,
        lambda xml: xml.replace(b"abc", b"a&#127;c"),
    )
    [problem] = read(content).rows["Kommuner"][0].problems
    assert problem == ("case_number", "Cella inneholder usynlige tegn. Skriv innholdet på nytt.")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Fila er tom."),
        (b"x" * (5 * 1024 * 1024 + 1), "Den kan være på høyst 5,0\xa0MB."),
        (b"Kommune;Navn\n5054;Indre Fosen", "Fila er ikke et regneark i formatet .xlsx."),
        (b"%PDF-1.7 ...", "Fila er ikke et regneark i formatet .xlsx."),
        (b"PK\x03\x04 no more", "Fila er ikke et regneark i formatet .xlsx."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Fila er beskyttet med passord eller lagret som .xls."),
    ],
    ids=["empty", "too large", "text", "pdf", "no zip", "locked"],
)
def test_a_file_of_no_use(content, message):
    assert message in refusal(content)


def test_a_zip_that_is_no_workbook():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("brev.txt", "hei")
    assert refusal(packed) == "Fila er ikke et regneark i formatet .xlsx."


def test_a_zip_with_a_password():
    content = bytearray(workbook().getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(signature), bytes(content)):
            content[match.start() + offset] |= 1
    assert "Fila er beskyttet med passord." in refusal(bytes(content))


def test_a_workbook_cut_off_in_the_middle():
    content = workbook().getvalue()
    assert refusal(content[: len(content) // 2]) == "Fila er ikke et regneark i formatet .xlsx."


def test_a_workbook_with_a_broken_part():
    content = repack(workbook(), FIRST_SHEET, lambda xml: xml[:200])
    assert "Fila kan ikke leses." in refusal(content)
    content = repack(workbook(), "xl/workbook.xml", lambda xml: b"<workbook/>")
    assert refusal(content)


def test_a_zip_bomb():
    content = repack(workbook(), FIRST_SHEET, lambda xml: xml + b" " * package.MAX_PART_BYTES)
    assert len(content) < 200_000
    assert "for stor når den pakkes ut" in refusal(content)


def test_a_zip_that_lies_about_its_size():
    content = bytearray(repack(workbook(), FIRST_SHEET, lambda xml: xml + b" " * 100_000_000))
    for match in re.finditer(re.escape(b"PK\x01\x02"), bytes(content)):
        if content[match.start() + 46 :].startswith(FIRST_SHEET.encode()):
            content[match.start() + 24 : match.start() + 28] = (1000).to_bytes(4, "little")
    tracemalloc.start()
    assert (
        refusal(bytes(content)) == "Fila kan ikke leses. Åpne den i Excel, lagre den på nytt som .xlsx og prøv igjen."
    )
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_entities_that_unfold():
    lol = b'<!DOCTYPE lolz [<!ENTITY a "lol">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
    )
    content = repack(workbook(), FIRST_SHEET, lambda xml: lol + b"]>" + xml.replace(b"Saksnummer", b"&j;"))
    assert refusal(content) == "Fila er ikke et regneark i formatet .xlsx."
    content = repack(workbook(), FIRST_SHEET, lambda xml: (lol + b"]>" + xml).decode().encode("utf-16"))
    assert refusal(content) == "Fila er ikke et regneark i formatet .xlsx."


@pytest.mark.slow
def test_a_row_said_to_stand_a_billion_rows_down():
    content = repack(workbook(), FIRST_SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="999999999"'))
    assert content != workbook().getvalue()
    assert read(content).rows["Kommuner"] == []


@pytest.mark.parametrize("sheet", ["Kommuner", "Enheter", "Kontakter"])
def test_a_missing_sheet(sheet):
    assert refusal(workbook(leave_out=sheet)) == f"Fila mangler disse arkene: {sheet}. Bruk malen."


def test_any_other_workbook():
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.save(file)
    assert refusal(file) == "Fila mangler disse arkene: Kommuner, Enheter og Kontakter. Bruk malen."


def test_a_missing_column():
    message = refusal(workbook(headers={"Kontakter": ["Kommunenummer", "Funksjon", "Navn"]}))
    assert message.startswith("Arket Kontakter mangler disse kolonnene: E-post.")


def test_a_column_twice():
    message = refusal(workbook(headers={"Kommuner": [*MUNICIPALITIES, "saksnummer"]}))
    assert message == "Arket Kommuner har to kolonner som heter Saksnummer."


def test_no_header_at_all():
    assert "mangler disse kolonnene" in refusal(workbook(headers={"Kommuner": []}))


def test_titles_without_regard_to_case_order_and_asterisk():
    headers = {"Kommuner": ["saksnummer", " KOMMUNENUMMER ", "Pulje"]}
    row = read(workbook([("2027/12", "5054", 9)], headers=headers)).rows["Kommuner"][0]
    assert row.cells == {"case_number": "2027/12", "municipality": "5054", "cohort": "9"}


def test_columns_that_are_not_read_are_named():
    contents = read(workbook(headers={"Kommuner": [*MUNICIPALITIES, "Antall barn", "x" * 500]}))
    assert contents.unread == ["Kommuner: Antall barn", "Kommuner: " + "x" * 60]


def test_no_rows():
    assert refusal(workbook([], [], [])) == "Fila har ingen rader å laste inn."


def test_rows_at_the_limit_and_above(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 3)
    units = [("5054", "", "", f"Skole {number}", "skole", "") for number in range(3)]
    assert len(read(workbook(units=[*units, ("", "", "", "", "", "")])).rows["Enheter"]) == 3
    assert refusal(workbook(units=units + units[:1])) == "Arket Enheter har flere enn 3 rader. Del fila i flere."


def test_a_damaged_file_is_refused_or_read_never_worse():
    content, chance = workbook().getvalue(), random.Random(5)
    for _attempt in range(150):
        damaged = bytearray(content)
        for _byte in range(chance.randrange(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with contextlib.suppress(ValidationError):
            read(bytes(damaged))
