"""Workbooks for the tests, as staff might fill them in."""

import io
from collections.abc import Sequence

import openpyxl
from openpyxl.cell.cell import WriteOnlyCell

MUNICIPALITIES = ["Pulje *", "Kommunenummer *", "Kommune", "Takket ja", "Saksnummer"]
UNITS = ["Kommunenummer *", "Kommune", "Organisasjonsnummer", "Enhet *", "Type *", "Eierform"]
CONTACTS = ["Kommunenummer *", "Kommune", "Funksjon *", "Enhet", "Navn *", "E-post *", "Telefon"]

Cells = Sequence[object]

# A municipality with two units and three contacts, in cohort 9
INDRE_FOSEN = (9, "5054", "Indre Fosen", "ja", "2027/12")
UNIT_ROWS: list[Cells] = [
    ("5054", "", "974760673", "Fembøringen barnehage", "barnehage", "kommunal"),
    ("5054", "", "", "Leksvik skole", "skole", ""),
]
CONTACT_ROWS: list[Cells] = [
    ("5054", "", "eier", "", "Kari Nordmann", "Kari@Example.no", "+47 97 00 11 22"),
    ("5054", "", "Rektor", "Leksvik skole", "Ola Rektor", "ola@example.no", 97001123),
    ("5054", "", "styrar", "974760673", "Siri Styrer", "siri@example.no", ""),
]


def workbook(
    municipalities: Sequence[Cells] = (INDRE_FOSEN,),
    units: Sequence[Cells] = tuple(UNIT_ROWS),
    contacts: Sequence[Cells] = tuple(CONTACT_ROWS),
    *,
    headers: dict[str, list[str]] | None = None,
    leave_out: str = "",
) -> io.BytesIO:
    headers = {"Kommuner": MUNICIPALITIES, "Enheter": UNITS, "Kontakter": CONTACTS} | (headers or {})
    book = openpyxl.Workbook(write_only=True)
    for title, rows in (("Kommuner", municipalities), ("Enheter", units), ("Kontakter", contacts)):
        if title == leave_out:
            continue
        sheet = book.create_sheet(title)
        sheet.append(headers[title])
        for row in rows:
            sheet.append([_as_typed(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


class Formula(str):
    """A formula, where a plain str is text even when it begins with an equals sign."""

    __slots__ = ()


def _as_typed(sheet, value: object) -> object:
    if not isinstance(value, str) or isinstance(value, Formula):
        return str(value) if isinstance(value, Formula) else value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell
