import io
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from conftest import make_user
from participants.loading import load, sheets
from participants.models import Contact, Participation, Unit
from participants.tests.workbooks import CONTACT_ROWS, INDRE_FOSEN, UNIT_ROWS, workbook


def run(*args) -> str:
    output = io.StringIO()
    call_command("load_cohort", *args, stdout=output)
    return output.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "pulje.xlsx"
    path.write_bytes(workbook().getvalue())
    return str(path)


@pytest.fixture
def file_with_error(tmp_path: Path) -> str:
    path = tmp_path / "feil.xlsx"
    path.write_bytes(workbook(contacts=[("5054", "", "eier", "", "A", "a@b", "")]).getvalue())
    return str(path)


def test_without_commit_it_shows_and_saves_nothing(cohort, file):
    output = run(file)
    assert "Kommuner       2  ny               5054 Indre Fosen" in output
    assert "Enheter: ny 2" in output
    assert "Ingenting er lagret. Kjør på nytt med --commit for å lagre." in output
    assert not Participation.objects.exists()


def test_commit_saves_as_the_only_superuser(cohort, staff, file):
    assert run(file, "--commit").endswith("Lagret.\n")
    assert (Unit.objects.count(), Contact.objects.count()) == (2, 3)
    assert Participation.objects.get().nominated_by == staff
    assert "Enheter: uendret 2" in run(file, "--commit")


def test_commit_as_someone_named(cohort, staff, staff_without_factor, file):
    run(file, "--commit", "--by", " STAB@example.no")
    assert Participation.objects.get().nominated_by == staff


def test_commit_asks_who_when_there_are_several(cohort, staff, staff_without_factor, file):
    with pytest.raises(CommandError, match="there are several") as caught:
        run(file, "--commit")
    assert caught.value.returncode == 2


def test_commit_asks_who_when_there_is_none(cohort, file):
    with pytest.raises(CommandError, match="there are none"):
        run(file, "--commit")


def test_only_staff_load(cohort, staff, contact, file):
    with pytest.raises(CommandError, match="no active member of staff"):
        run(file, "--commit", "--by", contact.email)
    make_user("sluttet@example.no", "Sluttet", is_staff=True, is_active=False)
    with pytest.raises(CommandError, match="no active member of staff"):
        run(file, "--commit", "--by", "sluttet@example.no")


def test_a_row_with_an_error_saves_nothing_and_exits_1(cohort, staff, file_with_error):
    with pytest.raises(CommandError, match="Ingenting er lagret") as caught:
        run(file_with_error, "--commit")
    assert caught.value.returncode == 1
    assert not Participation.objects.exists()


def test_a_file_of_no_use_exits_2(db, tmp_path):
    path = tmp_path / "tom.xlsx"
    path.write_bytes(b"")
    with pytest.raises(CommandError, match="Fila er tom") as caught:
        run(str(path))
    assert caught.value.returncode == 2
    with pytest.raises(CommandError, match="No such file") as caught:
        run(str(tmp_path / "ingen.xlsx"))
    assert caught.value.returncode == 2
    with pytest.raises(CommandError, match="Name the FILE"):
        run()


def test_columns_that_are_not_read_are_named(cohort, tmp_path):
    path = tmp_path / "pulje.xlsx"
    header = ["Pulje", "Kommunenummer", "Antall barn"]
    path.write_bytes(workbook([(9, "5054", 40)], [], [], headers={"Kommuner": header}).getvalue())
    assert "Kolonnen leses ikke: Kommuner: Antall barn" in run(str(path))


def test_the_template_filled_in_is_loaded(cohort, staff, tmp_path):
    path = tmp_path / "mal.xlsx"
    assert run("--template", str(path)) == f"{path}\n"
    book = openpyxl.load_workbook(path)
    for sheet, rows in (("Kommuner", [INDRE_FOSEN]), ("Enheter", UNIT_ROWS), ("Kontakter", CONTACT_ROWS)):
        for number, row in enumerate(rows, start=2):
            for position, value in enumerate(row, start=1):
                book[sheet].cell(row=number, column=position, value=value or None)
    book.save(path)
    run(str(path), "--commit")
    assert Contact.objects.count() == 3


def test_the_template_guides_whoever_fills_it_in():
    file = io.BytesIO()
    sheets.write_template(file)
    file.seek(0)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Forklaring", "Kommuner", "Enheter", "Kontakter"]
    sheet = book["Enheter"]
    assert [cell.value for cell in sheet[1]][:4] == ["Kommunenummer *", "Kommune", "Organisasjonsnummer", "Enhet *"]
    assert [sheet.column_dimensions[letter].number_format for letter in "AC"] == ["@", "@"]
    assert all(cell.comment and cell.comment.text for cell in sheet[1])
    lists = {str(validation.sqref): validation.formula1 for validation in sheet.data_validations.dataValidation}
    assert lists == {"E2:E5001": '"barnehage,skole,SFO"', "F2:F5001": '"kommunal,privat"'}
    for sheet_made in sheets.SHEETS:
        for column in sheet_made.columns:
            words = {"kind": sheets.KINDS, "function": sheets.FUNCTIONS}.get(column.key, {})
            assert all(word.casefold() in words for word in column.choices if words)


def test_somebody_else_changes_the_cohort_meanwhile(cohort, staff, file, monkeypatch):
    def changed(*args, **kwargs):
        raise load.Changed(None)

    monkeypatch.setattr(load, "load", changed)
    with pytest.raises(CommandError, match="noe ble endret i portalen imens"):
        run(file, "--commit")
