"""What leads a row to the unit, municipality and person that it means, however it is written."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from participants.loading.package import Look
from participants.loading.plan import CohortPlan, RowResult
from participants.models import Contact, Municipality, Unit
from participants.tests.loading.test_load_cohort import checked, errors, loaded
from participants.tests.workbooks import CONTACT_ROWS, workbook

TUNET = ("5054", "", "974762501", "Tunet skole", "skole", "")
TUNET_SFO = ("5054", "", "974762501", "Tunet SFO", "SFO", "")


def notes(plan: CohortPlan) -> list[str]:
    return [note for line in plan.lines for note in line.notes]


@pytest.mark.parametrize("rows", [[TUNET, TUNET_SFO], [TUNET_SFO, TUNET]])
def test_a_school_and_its_sfo_with_one_number_are_two_units(cohort, staff, rows):
    plan = loaded(workbook(units=rows, contacts=[]), staff)
    assert sorted(Unit.objects.values_list("name", "kind", "organisation_number")) == [
        ("Tunet SFO", "sfo", "974762501"),
        ("Tunet skole", "school", "974762501"),
    ]
    [said] = notes(plan)
    assert said.startswith("Tunet SFO har samme organisasjonsnummer som skolen. La cella stå tom hvis SFO-en")
    assert {line.result for line in checked(workbook(units=rows, contacts=[])).lines} == {RowResult.SAME}


def test_the_sfos_row_alone_never_turns_the_school_into_an_sfo(cohort, staff):
    loaded(workbook(units=[TUNET], contacts=[]), staff)
    plan = loaded(workbook(units=[TUNET_SFO], contacts=[]), staff)
    assert [line.changes for line in plan.lines] == [[], [], []]
    assert sorted(Unit.objects.values_list("name", "kind")) == [("Tunet SFO", "sfo"), ("Tunet skole", "school")]


def test_an_sfo_without_a_number_may_get_the_schools(cohort, staff):
    loaded(workbook(units=[TUNET, ("5054", "", "", "Tunet SFO", "SFO", "")], contacts=[]), staff)
    plan = loaded(workbook(units=[TUNET, TUNET_SFO], contacts=[]), staff)
    assert [line.changes for line in plan.lines][2] == [("Organisasjonsnummer", "", "974762501")]
    assert Unit.objects.count() == 2


def test_two_sfos_with_one_number_are_the_same(cohort):
    plan = checked(workbook(units=[TUNET_SFO, ("5054", "", "974762501", "Tunet SFO", "SFO", "")], contacts=[]))
    assert errors(plan) == [("Enheter", 3, "", "Rad 2 og rad 3 gjelder det samme.")]


def test_a_number_never_changes_a_units_kind_when_the_name_is_another(cohort, staff):
    loaded(workbook(units=[TUNET], contacts=[]), staff)
    plan = checked(workbook(units=[("5054", "", "974762501", "Tunet barnehage", "barnehage", "")], contacts=[]))
    assert errors(plan) == [
        (
            "Enheter",
            2,
            "Organisasjonsnummer",
            "Nummeret tilhører Tunet skole, som er skole. Rett nummeret eller typen.",
        )
    ]
    plan = checked(workbook(units=[("5054", "", "974762501", "Tunet skole", "SFO", "")], contacts=[]))
    assert plan.lines[1].changes == [("Type", "skole", "SFO")], "the same number and name: the kind was wrong"


def test_whose_head_a_shared_number_means_is_asked(cohort, staff):
    rows = [TUNET, TUNET_SFO]
    plan = checked(workbook(units=rows, contacts=[("5054", "", "rektor", "974762501", "A", "a@example.no", "")]))
    assert errors(plan)[0][3] == "Skolen og SFO-en har samme organisasjonsnummer. Skriv navnet på enheten."
    named = ("5054", "", "rektor", "Tunet skole", "A", "a@example.no", "")
    loaded(workbook(units=rows, contacts=[named]), staff)
    assert Contact.objects.get().unit.kind == Unit.Kind.SCHOOL


@pytest.mark.parametrize(
    "written", ["NO 974 762 501 MVA", "974.762.501", "NO974762501MVA", "no 974 762 501 mva", 974762501.0]
)
def test_a_number_as_people_write_it(cohort, staff, written):
    loaded(workbook(units=[("5054", "", written, "Tunet skole", "skole", "")], contacts=[]), staff)
    assert Unit.objects.get().organisation_number == "974762501"


@pytest.mark.parametrize(
    "name",
    [
        "Herøy (Møre og Romsdal)",
        "Herøy i Møre og Romsdal",
        "Herøy kommune (Møre og Romsdal)",
        "Herøy, Møre og Romsdal",
        "HERØY",
    ],
)
def test_a_municipality_as_the_portal_itself_writes_it(cohort, name):
    assert not checked(workbook([(9, "1515", name, "", "")], [], [])).has_errors


def test_so_is_every_municipality(cohort):
    """In a list with its county, and in a choice as it is told apart."""
    every = Municipality.objects.select_related("county")
    for names in ([each.name_and_county for each in every], [each.name_told_apart for each in every]):
        rows = [(9, each.number, name, "", "") for each, name in zip(every, names, strict=True)]
        assert errors(checked(workbook(rows, [], []))) == []


def test_the_county_of_the_other_one_is_refused(cohort):
    found = errors(checked(workbook([(9, "1515", "Herøy (Nordland)", "", "")], [], [])))
    assert found[0][3] == "1515 er Herøy (Møre og Romsdal), men her står Herøy (Nordland)."


def test_the_number_a_municipality_had_leads_to_the_one_it_has(cohort, staff):
    plan = loaded(workbook([(9, 1507.0, "Ålesund", "", "")], [], []), staff)
    assert plan.lines[0].what == "1508 Ålesund"


@pytest.mark.parametrize("phone", ["ring sentralbordet", "=A1", "-97001122", "9" * 40])
def test_a_phone_that_is_none_stops_nothing(cohort, staff, phone):
    plan = loaded(workbook(contacts=[("5054", "", "eier", "", "A", "a@example.no", phone)]), staff)
    assert Contact.objects.get().phone == ""
    assert plan.lines[-1].result == RowResult.NEW
    assert notes(plan)[0].startswith("Lastes inn uten telefon: ")


def test_a_phone_that_is_none_leaves_the_one_that_is_stored(cohort, staff):
    loaded(workbook(), staff)
    loaded(workbook(contacts=[(*CONTACT_ROWS[0][:6], "ring meg")]), staff)
    assert Contact.objects.get(user__email="kari@example.no").phone == "+47 970 01 122"


@pytest.mark.parametrize(
    ("typed", "read"), [("Reidun_x000D_\nPrøve", "Reidun Prøve"), ("A_x005F_x000D_B", "A_x000D_B"), ("a_x0041_", "aA")]
)
def test_a_cell_says_what_excel_shows(cohort, staff, typed, read):
    loaded(workbook(contacts=[("5054", "", "eier", "", typed, "a@example.no_x000D_", "")]), staff)
    contact = Contact.objects.get()
    assert (contact.name, contact.user.email) == (read, "a@example.no")


def test_so_does_the_cell_that_names_a_unit(cohort, staff):
    head = ("5054", "", "rektor", "Tunet_x000D_\nskole", "A", "a@example.no", "")
    loaded(workbook(units=[TUNET], contacts=[head]), staff)
    assert Contact.objects.get().unit.name == "Tunet skole"


def test_the_name_a_unit_had_leads_to_the_one_it_has(cohort, staff):
    loaded(workbook(contacts=[]), staff)
    unit = Unit.objects.get(name="Leksvik skole")
    unit.name = "Leksvik barne- og ungdomsskole"
    unit.save()
    head = ("5054", "", "rektor", "leksvik skole", "A", "a@example.no", "")
    plan = loaded(workbook(contacts=[head]), staff)
    assert notes(plan) == ["Fila har Leksvik skole, som enheten hadde før. Det blir ikke endret tilbake."]
    assert (Unit.objects.count(), Contact.objects.get().unit) == (2, unit)
    unit.refresh_from_db()
    assert unit.name == "Leksvik barne- og ungdomsskole"


def test_the_number_a_unit_had_leads_to_the_one_it_has(cohort, staff):
    loaded(workbook(contacts=[]), staff)
    unit = Unit.objects.get(organisation_number="974760673")
    unit.organisation_number = "975315053"
    unit.save()
    plan = loaded(workbook(contacts=[]), staff)
    assert notes(plan) == ["Fila har 974760673, som enheten hadde før. Det blir ikke endret tilbake."]
    assert Unit.objects.count() == 2


def test_a_name_that_another_unit_has_now_is_that_units(cohort, staff):
    loaded(workbook(contacts=[]), staff)
    renamed = Unit.objects.get(name="Leksvik skole")
    renamed.name = "Ny skole"
    renamed.save()
    Unit.objects.create(participation=renamed.participation, name="Leksvik skole", kind="school")
    plan = checked(workbook(contacts=[]))
    assert notes(plan) == []
    assert [line.what for line in plan.lines if line.result == RowResult.ABSENT] == ["Ny skole, 5054 Indre Fosen"]


def test_a_unit_that_closes_later_is_changed_until_then(cohort, staff):
    loaded(workbook(contacts=[]), staff)
    tomorrow = timezone.localdate() + timedelta(days=1)
    Unit.objects.filter(name="Leksvik skole").update(closed_on=tomorrow)
    row = ("5054", "", "", "Leksvik skole", "skole", "privat")
    assert checked(workbook(units=[row], contacts=[])).lines[1].changes == [("Eierform", "kommunal", "privat")]


def test_a_row_that_excel_hides_is_named(cohort, staff):
    """By hand or by a filter: it is loaded, and whoever looks over the file sees that it is there."""
    file = workbook(contacts=[])
    book = openpyxl.load_workbook(file)
    book["Enheter"].row_dimensions[3].hidden = True
    hidden = io.BytesIO()
    book.save(hidden)
    plan = checked(hidden)
    assert [(line.sheet, line.number) for line in plan.lines if line.notes] == [("Enheter", 3)]
    assert notes(plan)[0].startswith("Raden er skjult i Excel, og lastes inn likevel.")
    assert plan.can_be_loaded


@pytest.mark.parametrize("number", ["x", "²", "", "-1"])
def test_a_hidden_row_with_no_number_is_passed_over(number):
    """No Excel writes one; whoever does gets no page of an error."""
    sheet = f'<s><row hidden="1" r="{number}"/><row hidden="1" r="3"/><row r="4"/></s>'
    assert Look(10, timezone.now().timestamp()).through(sheet.encode()).hidden_rows == {3}
