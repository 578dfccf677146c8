"""The papers of the hall: eight badges a page, and a list to tick, whatever people are called."""

import io
import logging
import time

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import PrivateReading
from gatherings.day import badges, lists
from gatherings.tests.hall import mark, move, put_in, signed_in
from participants.models import Contact, Municipality

LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 2


@pytest.fixture
def people(gathering, registration, welcomed, units, staff, today):
    move(gathering, starts_on=today)

    def people(*names, **facts):
        found = [{"name": name, "email": f"n{n}@example.no", **facts} for n, name in enumerate(names)]
        return put_in(gathering, *found, participation=welcomed, by=staff)

    return people


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def check_tagged(reader: pypdf.PdfReader, *, language: str = "nb") -> None:
    root = reader.trailer["/Root"]
    assert root["/Lang"] == f"{language}-NO"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert reader.metadata.title


def test_badges(gathering, people, units):
    people("Åse Ærlig", function=Contact.Function.HEAD, unit=units[0])
    reader = read(badges.badges(gathering, now=timezone.now()))
    check_tagged(reader)
    said = text(reader)
    assert "Åse Ærlig" in said
    assert "Fembøringen barnehage" in said
    assert "Styrer, Indre Fosen" in said
    assert "Kari Kontakt" in said
    assert "ua-1" in str(reader.xmp_metadata.rdf_root.toxml()) or "pdfuaid" in reader.xmp_metadata.rdf_root.toxml()


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (7, 1), (8, 2), (15, 2), (16, 3)])
def test_eight_on_a_page(gathering, people, count, pages):
    people(*(f"Person {number:02}" for number in range(count)))
    assert len(read(badges.badges(gathering, now=timezone.now())).pages) == pages


def test_nobody(gathering):
    assert "Ingen har plass" in text(read(badges.badges(gathering, now=timezone.now())))


@pytest.mark.parametrize(
    "name",
    [
        LONG,
        "Anne-Karoline Margrethe Elisabeth Bjørnstad-Hjelmeland Sørbråten-Kristoffersen",
        "Navn\x07med\nlinjer\u202e",
        "#panic() $x$ *fet* <script>",
        " ",
    ],
)
def test_any_name_stays_on_its_badge(gathering, people, name):
    people(name, *(f"Person {number}" for number in range(7)))
    reader = read(badges.badges(gathering, now=timezone.now()))
    assert len(reader.pages) == 2
    check_tagged(reader)


def test_markup_is_text(gathering, people):
    people("#panic() $x$ *fet*")
    assert "#panic() $x$ *fet*" in text(read(badges.badges(gathering, now=timezone.now())))


def test_letters_of_another_script_are_shown(gathering, people, caplog):
    people("山田 太郎 😀", "Åse Etter")
    with caplog.at_level(logging.WARNING, logger="parts.typesetting"):
        reader = read(badges.badges(gathering, now=timezone.now()))
    assert caplog.text == ""
    check_tagged(reader)
    assert "山田 太郎 😀" in text(reader)
    assert "Åse Etter" in text(reader)


def test_letters_that_no_font_has_do_not_stop_it(gathering, people, caplog):
    people("Ra 𓀀", "Åse Etter")
    with caplog.at_level(logging.WARNING, logger="parts.typesetting"):
        reader = read(badges.badges(gathering, now=timezone.now()))
    assert "is set with 1 letters replaced" in caplog.text
    check_tagged(reader)
    assert "Ra □" in text(reader)
    assert "Åse Etter" in text(reader)


def test_in_nynorsk(gathering, people):
    with translation.override("nn"):
        check_tagged(read(badges.badges(gathering, now=timezone.now())), language="nn")


def test_the_list_of_a_day(gathering, people, units, staff, today):
    [ase] = people("Åse Ærlig", function=Contact.Function.HEAD, unit=units[0])
    mark(ase, day=today, by=staff)
    reader = read(badges.attendance_list(gathering, day=today, now=timezone.now()))
    check_tagged(reader)
    said = text(reader)
    assert "Fembøringen barnehage, Indre Fosen" in said
    arrived = timezone.localtime(ase.attendances.get().marked_at)
    assert f"styrer {arrived:%H.%M}" in said
    assert "2 personer" in said


def test_the_list_holds_only_who_comes_that_day(gathering, people, today):
    people("Kommer I Morgen", days=[gathering.days[1].isoformat()])
    assert "Kommer" not in text(read(badges.attendance_list(gathering, day=today, now=timezone.now()))).replace(
        "Kommer for", ""
    )
    tomorrow = gathering.days[1]
    assert "Kommer I Morgen" in text(read(badges.attendance_list(gathering, day=tomorrow, now=timezone.now())))


@pytest.mark.parametrize("page", ["badges", "attendance_list"])
def test_each_paper_is_a_pdf_that_nothing_stores(gathering, people, staff, page):
    response = signed_in(staff).get(reverse(f"gatherings:{page}", args=[gathering.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF")


def test_the_list_without_a_date_is_not_found(gathering, staff):
    type(gathering).objects.filter(pk=gathering.pk).update(starts_on=None, ends_on=None, settled="tentative")
    assert signed_in(staff).get(reverse("gatherings:attendance_list", args=[gathering.pk])).status_code == 404


def test_three_hundred_badges_take_seconds_at_most(gathering, people):
    people(*(f"Anne-Karoline Nordmann Hansen {number:03}" for number in range(300)))
    badges.badges(gathering, now=timezone.now())
    began = time.perf_counter()
    reader = read(badges.badges(gathering, now=timezone.now()))
    assert time.perf_counter() - began < 5
    assert len(reader.pages) == 38


def test_two_municipalities_of_one_name_are_told_apart(gathering, people, welcomed, today):
    people("Anne Ask")
    welcomed.municipality = Municipality.objects.get(number="1515")
    welcomed.save()
    assert "Herøy (Møre og Romsdal)" in text(read(badges.badges(gathering, now=timezone.now())))
    assert "Herøy (Møre og Romsdal)" in text(read(badges.attendance_list(gathering, day=today, now=timezone.now())))
    gathering.registrations.update(nights=[gathering.nights[0].isoformat()])
    for kind in (lists.Kind.HOTEL, lists.Kind.TRAVEL):
        assert {row["represents"] for row in lists.current(gathering, kind).values()} == {"Herøy (Møre og Romsdal)"}


@pytest.mark.parametrize("sheet", ["badges", "attendance_list"])
def test_who_takes_out_the_names_is_written_down(people, gathering, staff, sheet):
    people("Kari Nordmann")
    assert signed_in(staff).get(reverse(f"gatherings:{sheet}", args=[gathering.pk])).status_code == 200
    row = PrivateReading.objects.get()
    assert (row.kind, row.read_by) == (PrivateReading.Kind.FILE, staff)
    assert row.what.endswith(".pdf")
