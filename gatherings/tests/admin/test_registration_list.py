"""The staff's list of registrations: what it shows, filters and finds, and the list as a workbook."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gatherings import places
from gatherings.admin.registration_export import AT_A_TIME
from gatherings.models import Gathering, Registration
from gatherings.tests.admin.pages import LIST
from gatherings.tests.conftest import entry
from parts.sheets.xlsx import HEADING_ROW
from parts.tests.reading import dicts_in, sheet_in

State = Registration.State


def names(response) -> list[str]:
    return [row.name for row in response.context["cl"].result_list]


@pytest.fixture
def other(gathering, other_participation, other_contact, staff) -> Registration:
    """Bergen's."""
    [made] = places.register(
        gathering,
        [entry(name="Birger Bergen", email=other_contact.email, gathering=gathering, travel="own_car")],
        participation=other_participation,
        by=other_contact,
        now=timezone.now(),
    )
    return made


def test_each_state_is_named(staff_client, one_of_each):
    page = staff_client.get(LIST)
    assert sorted(names(page)) == sorted(State)
    for state in State:
        assert f'<td class="field-state_shown">{state.label}</td>' in page.content.decode()
    assert page.context["title"] == "Påmeldinger"


@pytest.mark.parametrize("state", State.values)
def test_filtered_by_state(staff_client, one_of_each, state):
    assert names(staff_client.get(LIST, {"state": state})) == [state]


def test_sorted_by_state(staff_client, one_of_each):
    assert names(staff_client.get(LIST, {"o": "4"})) == State.values
    assert names(staff_client.get(LIST, {"o": "-4"})) == State.values[::-1]


@pytest.mark.parametrize("column", range(8))
def test_every_column_sorts(staff_client, registration, other, column):
    up, down = names(staff_client.get(LIST, {"o": column})), names(staff_client.get(LIST, {"o": f"-{column}"}))
    assert sorted(up) == sorted(down) == ["Birger Bergen", "Kari Kontakt"]
    if column in {0, 1, 6, 7}:  # where the two differ
        assert up == down[::-1]


def test_filtered_by_reimbursement(staff_client, registration, other):
    assert names(staff_client.get(LIST, {"covered": "covered"})) == ["Birger Bergen"]
    assert names(staff_client.get(LIST, {"covered": "conditional"})) == ["Kari Kontakt"]
    assert names(staff_client.get(LIST, {"covered": "none"})) == []


def test_filtered_by_gathering_function_and_county(staff_client, registration, other, cohort, other_participation):
    empty = Gathering.objects.create(cohort=cohort, semester=2)
    county = other_participation.municipality.county_id
    assert names(staff_client.get(LIST, {"gathering": registration.gathering_id, "o": "0"})) == [
        "Birger Bergen",
        "Kari Kontakt",
    ]
    assert names(staff_client.get(LIST, {"gathering": empty.pk})) == []
    assert len(names(staff_client.get(LIST, {"function__exact": "owner"}))) == 2
    assert names(staff_client.get(LIST, {"function__exact": "head"})) == []
    assert names(staff_client.get(LIST, {"participation__municipality__county__id__exact": county})) == [
        "Birger Bergen"
    ]


@pytest.mark.parametrize("value", ["x' OR 1=1", "9" * 30, "-1", "²", ""])
def test_an_unknown_value_filters_nothing(staff_client, registration, value):
    assert names(staff_client.get(LIST, {"state": value, "covered": value, "gathering": value})) == ["Kari Kontakt"]


@pytest.mark.parametrize("words", ["birger", "birger.bergen@example.no", "bergen"])
def test_search(staff_client, registration, other, words):
    assert names(staff_client.get(LIST, {"q": words})) == ["Birger Bergen"]


def test_search_by_unit(staff_client, registration, other, units):
    Registration.objects.filter(pk=other.pk).update(unit=units[0])
    assert names(staff_client.get(LIST, {"q": "Fembøringen"})) == ["Birger Bergen"]


def test_a_thousand_rows_take_eleven_queries(staff_client, gathering, welcomed, staff, django_assert_max_num_queries):
    crowd(gathering, welcomed, staff, 1000)
    with django_assert_max_num_queries(11):
        page = staff_client.get(LIST)
    assert len(names(page)) == 50
    assert "1000" in page.content.decode()


def crowd(gathering, participation, staff, size) -> None:
    now = timezone.now()
    users = User.objects.bulk_create(User(email=f"deltaker.{n}@example.no", name=f"Deltaker {n}") for n in range(size))
    Registration.objects.bulk_create(
        Registration(
            gathering=gathering,
            participation=participation,
            user=user,
            name=user.name,
            function="owner",
            days=[gathering.days[0].isoformat()],
            nights=[gathering.nights[0].isoformat()],
            registered_at=now,
            registered_by=staff,
            placed_at=now,
        )
        for user in users
    )


def test_the_gatherings_are_listed_with_what_can_be_taken_out(staff_client, registration, gathering):
    page = staff_client.get(f"{LIST}samlinger/").content.decode()
    for name in ["hotel", "travel", "needs", "late"]:
        assert reverse(f"admin:gatherings_registration_{name}", args=[gathering.pk]) in page


def test_no_gatherings_says_what_to_do(staff_client, db):
    assert "Det er ingen samlinger ennå." in staff_client.get(f"{LIST}samlinger/").content.decode()


def test_the_day_is_told(staff_client, registration):
    Registration.objects.update(travel_ordered_on=date(2027, 5, 3))
    assert "Bestilt mandag 3. mai 2027" in staff_client.get(LIST).content.decode()


# --- Taking the list out


def sheet(response):
    return sheet_in(response)


def cells(response) -> list[dict]:
    return dicts_in(response)


def test_the_filtered_list_as_a_workbook(staff_client, registration, other):
    found = cells(staff_client.get(f"{LIST}regneark/", {"covered": "conditional"}))
    assert [row["Navn"] for row in found] == ["Kari Kontakt"]
    [row] = found
    assert row["Kommune"] == "Indre Fosen"
    assert row["Fylke"] == "Trøndelag"
    assert row["Første dag"].date() == registration.gathering.starts_on
    assert row["Siste dag"].date() == registration.gathering.ends_on
    assert (row["Antall dager"], row["Antall netter"]) == (2, 1)
    assert row["Dekning"] == "Dekkes når reisen er bestilt"
    assert row["Begrunnelse"] == "Reisen er ikke registrert som bestilt."


@pytest.mark.parametrize("name", ["=1+1", "+47", "-1", "@SUM(A1)", "\t=1", "Kari\x0b"])
def test_no_cell_is_a_formula(staff_client, registration, name):
    Registration.objects.update(name=name)
    cell = sheet(staff_client.get(f"{LIST}regneark/")).cell(row=2, column=1)
    assert cell.data_type == "s"
    assert not cell.value.startswith(("=", "+", "-", "@", "\t"))


def test_bad_filters_lead_back_to_the_list(staff_client, registration):
    answer = staff_client.get(f"{LIST}regneark/", {"tull": "1"})
    assert answer.status_code == 302


@pytest.mark.parametrize("size", [3, pytest.param(2_500, marks=pytest.mark.slow)])  # read 2,000 at a time
def test_the_workbook_takes_a_query_more_for_each_two_thousand_rows(
    staff_client, gathering, welcomed, staff, size, django_assert_num_queries
):
    crowd(gathering, welcomed, staff, size)
    # Four of them write down that the list was taken out.
    with django_assert_num_queries(13 if size < AT_A_TIME else 14):
        answer = staff_client.get(f"{LIST}regneark/")
        content = answer.getvalue()
    rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True)
    assert sum(1 for _row in rows) == size + HEADING_ROW
