"""One sheet of a workbook loads 90 supervisors at once, with the same dry run as the cohort's workbook (S6)."""

import io
from collections.abc import Sequence

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_user
from guidance.models import Capacity, ProfileChange, Supervisor
from guidance.staffing.loading import sheet
from guidance.staffing.loading.check import check
from guidance.tests.conftest import text_of
from participants.models import Municipality

HEADINGS = [column.title for column in sheet.SUPERVISORS.columns]
SIRI = (
    "Siri Ny",
    "siri.ny@example.no",
    "73 00 00 00",
    "praksis",
    "Solbakken barnehage",
    "barnehage",
    2,
    "Nordland",
    "Bodø",
)


def workbook(rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS) -> io.BytesIO:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Veiledere"
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def row(**cells) -> tuple:
    keys = [column.key for column in sheet.SUPERVISORS.columns]
    return tuple((dict(zip(keys, SIRI, strict=True)) | cells)[key] for key in keys)


@pytest.fixture
def plan(cohort):
    def made(*rows):
        file = workbook(rows)
        contents = sheet.read(file, size=len(file.getvalue()))
        return check(contents.rows["Veiledere"], cohort=cohort, today=timezone.localdate())

    return made


def errors(plan) -> list[tuple[int, str, str]]:
    return [(line.number, column, said) for line in plan.lines for column, said in line.errors]


class TestRows:
    def test_new_changed_and_unchanged(self, plan, vera, former_supervisor, cohort):
        Supervisor.objects.filter(pk=vera.pk).update(phone="90 00 00 00")
        made = plan(
            SIRI,
            row(name=vera.name, email="VERA.veileder@example.no", background="", own="", knows="skole", capacity=3),
            ("Tora Tidligere", "tora.tidligere@example.no", "", "", "", "", None, "", ""),
        )
        assert [line.result.value for line in made.lines] == ["new", "changed", "same"]
        assert ("Telefon", "90 00 00 00", "+47 73 00 00 00") in made.lines[1].changes
        assert ("Kapasitet", "", "3") in made.lines[1].changes
        assert [who for who, _facts in made.edited] == [vera]

    def test_an_empty_cell_takes_nothing_away(self, plan, vera):
        Supervisor.objects.filter(pk=vera.pk).update(phone="90 00 00 00", workplace="Nordlys skole")
        made = plan((vera.name, vera.user.email, "", "", "", "", None, "", ""))
        assert [line.result.value for line in made.lines] == ["same"]

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("cells", "column", "said"),
        [
            ({"counties": "Nordland, Hordaland"}, "Fylker", "Rad 2: «Hordaland» er ikke et fylke."),
            ({"own": "Sandby"}, "Egne kommuner", "Rad 2: «Sandby» er ikke en kommune."),
            (
                {"own": "Herøy"},
                "Egne kommuner",
                "Rad 2: Det finnes flere som heter «Herøy»: Herøy (Møre og Romsdal) og Herøy (Nordland).",
            ),
            ({"capacity": "mange"}, "Kapasitet", "Skriv et helt tall fra 0 til 30."),
            ({"capacity": 31}, "Kapasitet", "Skriv et helt tall fra 0 til 30."),
            ({"capacity": 2.5}, "Kapasitet", "Skriv et helt tall fra 0 til 30."),
            ({"background": ""}, "Bakgrunn", "Må fylles ut for en ny veileder."),
            (
                {"background": "konsulent"},
                "Bakgrunn",
                "«konsulent» kan ikke stå her. Skriv ett av disse: Læringsmiljøsenteret, praksis.",
            ),
            (
                {"knows": "alt"},
                "Kjenner",
                "«alt» kan ikke stå her. Skriv ett av disse: barnehage, skole, barnehage og skole.",
            ),
            ({"name": ""}, "Navn", "Må fylles ut."),
            ({"email": ""}, "E-post", "Må fylles ut."),
            ({"workplace": "=1+1"}, "Arbeidssted", "Cella inneholder en formel. Skriv inn verdien i stedet."),
        ],
    )
    def test_what_is_wrong_is_named_by_row_and_cell(self, plan, cells, column, said):
        made = plan(row(**cells))
        assert errors(made) == [(2, column, said)]
        assert not made.can_be_loaded

    def test_an_address_that_is_none_is_refused(self, plan):
        [(number, column, _said)] = errors(plan(row(email="siri")))
        assert (number, column) == (2, "E-post")

    def test_invisible_letters_and_letters_of_two_characters(self, plan, cohort):
        made = plan(row(name="A\u030ase\u200b  Ærlig", email="\u200bAase@Example.no", counties="tro\u0308ndelag"))
        [(email, facts)] = made.added
        assert (facts["name"], email) == ("Åse Ærlig", "aase@example.no")
        assert [county.name for county in facts["preferred_counties"]] == ["Trøndelag"]

    def test_the_same_address_twice(self, plan):
        assert errors(plan(SIRI, SIRI)) == [(3, "E-post", "Rad 2 og rad 3 gjelder det samme.")]
        [(number, _column, said)] = errors(plan(SIRI, row(name="Knut Annen")))
        assert number == 3
        assert "Rad 2 og rad 3 har samme adresse, men hvert sitt navn: Siri Ny og Knut Annen." in said

    def test_an_address_that_is_anothers(self, plan):
        make_user("siri.ny@example.no", "Knut Annen")
        [(_number, column, said)] = errors(plan(SIRI))
        assert column == "E-post"
        assert "Adressen tilhører Knut Annen." in said

    def test_the_employer_is_pointed_out_and_not_filled_in(self, plan):
        made = plan(row(workplace="Solbakken barnehage, Bodø kommune", own=""))
        [line] = made.lines
        assert line.notes == ["Arbeidsstedet eller adressen er i Bodø (Nordland), som ikke står under Egne kommuner."]
        assert "not_with" not in made.added[0][1]

    def test_one_that_is_barred_already_is_not_pointed_out(self, plan, vera):
        """In the sheet, or in the portal."""
        work = "Solbakken barnehage, Bodø kommune"
        assert plan(row(workplace=work, own="Bodø")).lines[0].notes == []
        vera.not_with.set([Municipality.objects.get(name="Bodø")])
        made = plan(row(name=vera.name, email=vera.user.email, workplace=work, own=""))
        assert made.lines[0].notes == []

    def test_what_is_no_phone_is_left_out_and_said(self, plan):
        made = plan(row(phone="ring meg"))
        assert [note.startswith("Lastes inn uten telefon: ") for note in made.lines[0].notes] == [True]
        assert "phone" not in made.added[0][1]

    def test_who_can_not_sign_in_is_pointed_out(self, plan):
        User.objects.filter(pk=make_user("siri.ny@example.no", "Siri Ny").pk).update(is_active=False)
        assert plan(SIRI).lines[0].notes == ["Personen er sperret og kan ikke logge inn."]

    def test_a_hidden_row_is_loaded_and_pointed_out(self, cohort):
        book = openpyxl.load_workbook(workbook([SIRI, row(email="to@example.no", capacity="mange")]))
        for number in (2, 3):
            book.active.row_dimensions[number].hidden = True
        file = io.BytesIO()
        book.save(file)
        rows = sheet.read(file, size=len(file.getvalue())).rows["Veiledere"]
        first, wrong = check(rows, cohort=cohort, today=timezone.localdate()).lines
        assert [note.startswith("Raden er skjult i Excel") for note in first.notes] == [True]
        assert wrong.notes == []  # what is wrong stands alone

    def test_the_capacity_is_of_the_cohort_that_was_chosen(self, plan, cohort, before):
        assert plan(SIRI).added[0][1]["capacity"] == {cohort: 2}

    def test_the_number_of_queries_does_not_grow(self, plan, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            plan(*(row(email=f"ny{number}@example.no") for number in range(90)))


def upload(client, file: io.BytesIO, cohort):
    sent = SimpleUploadedFile("veiledere.xlsx", file.getvalue())
    return client.post(reverse("guidance:load_supervisors"), {"file": sent, "cohort": cohort.pk}, follow=True)


class TestPages:
    def test_ninety_are_shown_and_then_loaded(self, led, leader, cohort):
        rows = [row(name=f"Veileder {number}", email=f"ny{number}@example.no") for number in range(90)]
        shown = upload(led, workbook(rows), cohort)
        assert "Ny: 90" in text_of(shown)
        assert not Supervisor.objects.exists()
        response = led.post(
            reverse("guidance:preview_supervisors"), {"digest": shown.context["plan"].digest}, follow=True
        )
        assert "90 veiledere er lagt til, og 0 er endret." in text_of(response)
        assert Supervisor.objects.filter(added_by=leader).count() == 90
        assert Capacity.objects.filter(cohort=cohort, most=2).count() == 90

    def test_the_same_file_again_changes_nothing(self, led, cohort):
        shown = upload(led, workbook([SIRI]), cohort)
        led.post(reverse("guidance:preview_supervisors"), {"digest": shown.context["plan"].digest})
        assert "Det er ingenting å laste inn." in text_of(upload(led, workbook([SIRI]), cohort))
        assert not ProfileChange.objects.exists()

    def test_what_is_loaded_is_loaded_once(self, led, cohort):
        digest = {"digest": upload(led, workbook([SIRI]), cohort).context["plan"].digest}
        address = reverse("guidance:preview_supervisors")
        led.post(address, digest)
        again = led.post(address, digest, follow=True)
        assert "Det er ingen fil å se over." in text_of(again)
        assert again.redirect_chain == [(reverse("guidance:load_supervisors"), 302)]

    def test_what_changed_meanwhile_is_shown_anew_and_nothing_is_saved(self, led, vera, cohort):
        file = workbook([(vera.name, vera.user.email, "73 00 00 00", "", "", "", None, "", "")])
        shown = upload(led, file, cohort)
        Supervisor.objects.filter(pk=vera.pk).update(phone="99 00 00 00")
        response = led.post(reverse("guidance:preview_supervisors"), {"digest": shown.context["plan"].digest})
        assert response.status_code == 409
        assert "Noe er endret i portalen siden du så over." in text_of(response)
        vera.refresh_from_db()
        assert vera.phone == "99 00 00 00"

    def test_with_an_error_nothing_can_be_loaded(self, led, cohort):
        shown = upload(led, workbook([SIRI, row(email="ny@example.no", counties="Hordaland")]), cohort)
        assert "Fila kan ikke lastes inn før feilene er rettet." in text_of(shown)
        response = led.post(reverse("guidance:preview_supervisors"), {"digest": shown.context["plan"].digest})
        assert response.status_code == 409
        assert not User.objects.filter(email="siri.ny@example.no").exists()

    def test_a_file_without_the_sheet_is_of_no_use(self, led, cohort):
        file = workbook([SIRI])
        book = openpyxl.load_workbook(file)
        book.active.title = "Ark1"
        other = io.BytesIO()
        book.save(other)
        assert "Fila mangler disse arkene: Veiledere. Bruk malen." in text_of(upload(led, other, cohort))

    def test_the_template_has_the_columns_and_can_be_read(self, led):
        response = led.get(reverse("guidance:supervisors_template"))
        book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        assert book.sheetnames == ["Forklaring", "Veiledere"]
        assert [str(cell.value).removesuffix(" *") for cell in book["Veiledere"][1]] == HEADINGS
