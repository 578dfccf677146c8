"""The archive's journal numbers: seen before they are stored, stored once, and refused kindly."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lmp.welcome import sending
from lmp.welcome.archive import message
from lmp.welcome.models import Letter
from lmp.welcome.tests.test_admin import text
from participants.loading import spreadsheet


@pytest.fixture
def letter(participation, contact, staff, letter_for) -> Letter:
    return sending.send(participation.pk, approved=letter_for(participation).fingerprint, by=staff, now=timezone.now())


@pytest.fixture
def page(letter) -> str:
    return reverse("admin:welcome_journal", args=[letter.participation.cohort_id])


def csv(content: str | bytes, name: str = "journal.csv") -> dict:
    return {"file": SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)}


def xlsx(*rows) -> dict:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Uttrekk 1"
    for row in rows:
        book.active.append(row)
    book.save(file)
    return csv(file.getvalue(), "journal.xlsx")


def confirmed(response) -> dict:
    return {"rows": response.context["rows"]}


@pytest.mark.parametrize(
    "file",
    [
        lambda: csv("Kommunenummer;Journalpost\n5054;2026/12-4\n"),
        lambda: csv("\ufeffJournalpost,Kommunenummer\r\n2026/12-4,5054\r\n"),
        lambda: csv("Kommunenummer\tJournalpost\tTittel\n5054\t2026/12-4\tBrev på nynorsk\n".encode("cp1252")),
        lambda: xlsx(["Kommunenummer", "Journalpost"], [5054, "2026/12-4"]),
    ],
    ids=["semicolon", "comma", "tab", "xlsx"],
)
def test_what_fits_is_shown_and_then_stored(staff_client, page, letter, file):
    response = staff_client.post(page, file())
    shown = text(response)
    assert "1 brev får nytt journalnummer." in shown
    assert "Indre Fosen" in shown
    letter.refresh_from_db()
    assert letter.journal_post == ""
    told = text(staff_client.post(page, confirmed(response), follow=True))
    assert "1 journalnummer er lagret." in told
    letter.refresh_from_db()
    assert letter.journal_post == "2026/12-4"
    assert "2026/12-4" in text(staff_client.get(reverse("admin:welcome_letter_change", args=[letter.pk])))
    assert "0 journalnumre er lagret." in text(staff_client.post(page, confirmed(response), follow=True))


def test_a_letter_is_found_by_the_archives_own_message(staff_client, page, letter):
    response = staff_client.post(page, csv(f"MeldingId;Journalpost\n{message.key(letter).upper()};7\n"))
    assert [(line.letter, line.post, line.is_change) for line in response.context["lines"]] == [(letter, "7", True)]


def test_what_does_not_fit_is_told_and_left_out(staff_client, page, letter, other_participation):
    rows = ["5054;4", "5054;5", "9999;6", ";7", f"{other_participation.municipality.number};8"]
    response = staff_client.post(page, csv("Kommunenummer;Journalpost;Merknad\n" + "\n".join(rows)))
    shown = text(response)
    for said in (
        "1 brev får nytt journalnummer. 4 rader blir ikke brukt.",
        "Brevet står på flere rader i fila.",
        "Ingen brev som er sendt i pulja, passer til raden.",
        "Raden mangler kommunenummer.",
        "Kolonnen leses ikke: Merknad",
    ):
        assert said in shown
    staff_client.post(page, confirmed(response))
    letter.refresh_from_db()
    assert letter.journal_post == "4"


def test_a_row_without_a_number_stands_in_the_way_of_none(staff_client, page, letter):
    lines = staff_client.post(page, csv("Kommunenummer;Journalpost\n5054;\n5054;5\n")).context["lines"]
    assert [(bool(line.problem), line.is_change) for line in lines] == [(True, False), (False, True)]


def test_two_keys_of_different_letters_are_no_letter(staff_client, page, letter):
    content = f"Kommunenummer;MeldingId;Journalpost\n9999;{message.key(letter)};4\n"
    [line] = staff_client.post(page, csv(content)).context["lines"]
    assert (line.letter, line.problem) == (None, "Ingen brev som er sendt i pulja, passer til raden.")


@pytest.mark.parametrize(("row", "said"), [("5054;", "Raden mangler journalpost."), (f"5054;{'1' * 31}", "høyst 30")])
def test_a_number_that_is_none(staff_client, page, row, said):
    response = staff_client.post(page, csv(f"Kommunenummer;Journalpost\n{row}\n"))
    assert said in text(response)
    assert response.context["rows"] == "[]"


def test_what_was_there_is_shown_and_whoever_came_first_is_not_overwritten(staff_client, page, letter):
    Letter.objects.update(journal_post="1")
    response = staff_client.post(page, csv("Kommunenummer;Journalpost\n5054;2\n"))
    assert "Endres fra 1" in text(response)
    Letter.objects.update(journal_post="3")
    refused = staff_client.post(page, confirmed(response))
    assert refused.status_code == 422
    assert "Brevene er endret siden du så dem." in text(refused)
    assert Letter.objects.get().journal_post == "3"
    unchanged = staff_client.post(page, csv("Kommunenummer;Journalpost\n5054;3\n"))
    assert "Uendret" in text(unchanged)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lambda: {}, "Må fylles ut."),
        (lambda: csv(""), "Fila er tom."),
        (lambda: csv("Kommunenummer;Journalpost\n"), "ingen rader"),
        (lambda: csv("Kommune;Nummer\n1;2\n"), "mangler disse kolonnene: Journalpost."),
        (lambda: xlsx(["Kommune", "Nummer"], [1, 2]), "Arket Uttrekk 1 mangler disse kolonnene: Journalpost."),
        (lambda: csv("Journalpost\n2\n"), "Første rad skal ha kolonnen «Kommunenummer» eller «MeldingId»."),
        (lambda: csv("Kommunenummer;Kommunenummer;Journalpost\n1;2;3\n"), "to kolonner"),
        (lambda: csv('Kommunenummer;Journalpost\n5054;"' + "x" * 200_000), "kan ikke leses"),
        (lambda: csv(b"PK\x03\x04x", "a.xlsx"), "ikke et regneark"),
        (lambda: csv(b"\0" * (spreadsheet.MAX_BYTES + 1)), "Den kan være på høyst"),
        (lambda: csv("Kommunenummer;Journalpost\n" + "5054;1\n" * 5001), "flere enn 5000 rader"),
    ],
    ids=[
        "none",
        "empty",
        "no rows",
        "other columns",
        "other columns in xlsx",
        "no key",
        "twice",
        "long cell",
        "no workbook",
        "too large",
        "too many",
    ],
)
def test_a_file_of_no_use_is_refused_in_words(staff_client, page, file, said):
    response = staff_client.post(page, file())
    assert response.status_code == 422
    assert said in text(response)
    assert Letter.objects.get().journal_post == ""


@pytest.mark.parametrize("rows", ["", "x", "1", "{}", '[["1"]]', '[["x","","2"]]', '[[-1,"","2"]]', "[[1,null]]"])
def test_what_no_page_of_ours_would_send_stores_nothing(staff_client, page, rows):
    staff_client.post(page, {"rows": rows})
    assert Letter.objects.get().journal_post == ""
