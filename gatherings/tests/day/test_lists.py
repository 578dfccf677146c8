"""The rooming list and the travel list: who is in them, and what is marked since the last one was taken out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import make_user
from gatherings import places
from gatherings.day import lists
from gatherings.day.lists import Kind, compare
from gatherings.models import ExportedList, Gathering, Needs, Registration
from gatherings.tests.conftest import entry, sign_in
from parts.tests.reading import dicts_in

HOTEL, TRAVEL = Kind.HOTEL, Kind.TRAVEL


def address(gathering, page: str) -> str:
    return f"/admin/gatherings/registration/samlinger/{gathering.pk}/{page}/"


def marks(sheet) -> dict[str, str]:
    return {line.cells["name"]: line.mark for line in sheet.lines}


def rows(response) -> list[dict]:
    return dicts_in(response)


@pytest.fixture
def register(gathering, welcomed, contact):
    def register(number: int, **facts) -> Registration:
        nights = [night.isoformat() for night in gathering.nights]
        given = {"gathering": gathering, "nights": nights} | facts
        [made] = places.register(
            gathering, [entry(number, **given)], participation=welcomed, by=contact, now=timezone.now()
        )
        return made

    return register


@pytest.fixture
def export(gathering, staff):
    return lambda kind=HOTEL: lists.export(gathering, kind, by=staff, now=timezone.now())


def since(gathering, kind=HOTEL):
    return lists.since_export(gathering, kind, lists.latest(gathering, kind))


# --- Who is in a list


def test_the_hotel_gets_those_with_a_place_who_stay(gathering, register, contact):
    register(1)
    register(2, nights=[])
    places.cancel(register(3), by=contact, now=timezone.now())
    Gathering.objects.update(capacity=2)
    register(4)  # waits
    assert marks(since(gathering)) == {"Person 1": ""}


def test_the_travel_list_has_all_with_a_place(gathering, register):
    register(1, travel="own_car", nights=[])
    register(2)
    assert marks(since(gathering, TRAVEL)) == {"Person 1": "", "Person 2": ""}


def test_each_night_is_a_column_and_is_counted(gathering, register):
    first, second = gathering.nights
    register(1)
    register(2, nights=[second.isoformat()])
    sheet = since(gathering)
    assert [sheet.totals[f"day:{night.isoformat()}"] for night in (first, second)] == [1, 2]
    one, two = sheet.lines
    assert (one.cells["arrival"], one.cells["departure"]) == (
        first.isoformat(),
        (second + timedelta(days=1)).isoformat(),
    )
    assert two.cells["arrival"] == second.isoformat()


def test_a_night_that_nobody_wants_still_has_its_column(gathering, register):
    first, second = gathering.nights
    register(1, nights=[second.isoformat()])
    assert since(gathering).totals == {f"day:{first.isoformat()}": 0, f"day:{second.isoformat()}": 1}


@pytest.mark.parametrize("settled", ["cancelled", "postponed"])
def test_nobody_sleeps_at_a_gathering_that_is_not_held(gathering, register, export, settled):
    register(1)
    export()
    Gathering.objects.update(settled=settled)
    gathering.refresh_from_db()
    assert marks(since(gathering)) == {"Person 1": "gone"}


# --- Marks


def test_nothing_is_marked_before_the_first_is_taken(gathering, register):
    register(1)
    assert marks(since(gathering)) == {"Person 1": ""}


def test_new_changed_and_gone_since_the_last(gathering, register, export, contact, staff):
    stays, changes, leaves = register(1), register(2), register(3)
    export()
    register(4)
    night = gathering.nights[1].isoformat()
    changes.change(
        name="Person 2", function="owner", days=changes.days, nights=[night], travel="orders", by=staff, now=None
    )
    places.cancel(leaves, by=contact, now=timezone.now())
    sheet = since(gathering)
    assert marks(sheet) == {"Person 1": "", "Person 2": "changed", "Person 4": "new", "Person 3": "gone"}
    assert sheet.marks == {"new": 1, "changed": 1, "gone": 1}
    assert sheet.people == 3
    [changed] = [line for line in sheet.lines if line.mark == "changed"]
    assert changed.before == {"arrival": gathering.nights[0].isoformat(), f"day:{gathering.nights[0].isoformat()}": "x"}
    assert stays.pk


def test_who_cancels_and_comes_back_is_the_same_row(gathering, register, export, contact):
    places_row = register(1)
    export()
    places.cancel(places_row, by=contact, now=timezone.now())
    register(1)
    assert marks(since(gathering)) == {"Person 1": ""}


def test_what_is_ordered_is_a_change_in_the_travel_list(gathering, register, export, staff, today):
    row = register(1)
    export(TRAVEL)
    row.order_travel(on=today, by=staff)
    [line] = since(gathering, TRAVEL).lines
    assert (line.mark, line.before) == ("changed", {"ordered": ""})


def test_a_moved_gathering_changes_every_row_and_shows_both_nights(gathering, register, export):
    register(1)
    export()
    old = gathering.nights[0].isoformat()
    Gathering.objects.update(
        starts_on=gathering.starts_on + timedelta(days=30), ends_on=None, closes_on=None, opens_on=None
    )
    gathering.refresh_from_db()
    Registration.objects.update(nights=[gathering.nights[0].isoformat()], days=[])
    sheet = since(gathering)
    assert marks(sheet) == {"Person 1": "changed"}
    assert {f"day:{old}", f"day:{gathering.nights[0].isoformat()}"} <= set(sheet.columns)
    assert sheet.totals[f"day:{old}"] == 0


def test_two_with_the_same_name_are_two():
    cells = {"name": "Ola", "represents": "A", "arrival": "2027-05-19", "departure": "2027-05-20"}
    sheet = compare(HOTEL, {"1": cells, "2": cells}, {"1": cells})
    assert [(line.key, line.mark) for line in sheet.lines] == [("1", ""), ("2", "new")]


# --- Taking out


def test_taking_twice_is_the_same_list_with_the_same_marks(gathering, register, export):
    register(1)
    export()
    register(2)
    first, again = export(), export()
    assert first == again
    assert ExportedList.objects.count() == 2
    assert marks(lists.as_exported(again)) == {"Person 1": "", "Person 2": "new"}
    assert marks(since(gathering)) == {"Person 1": "", "Person 2": ""}


def test_an_earlier_list_keeps_its_marks(gathering, register, export):
    register(1)
    export()
    register(2)
    second = export()
    register(3)
    export()
    assert marks(lists.as_exported(second)) == {"Person 1": "", "Person 2": "new"}


def test_the_lists_do_not_mark_each_other(gathering, register, export, cohort, staff):
    register(1)
    export(TRAVEL)
    other = Gathering.objects.create(cohort=cohort, semester=2)
    lists.export(other, HOTEL, by=staff, now=timezone.now())
    assert marks(since(gathering, HOTEL)) == {"Person 1": ""}
    register(2)
    assert marks(since(gathering, HOTEL)) == {"Person 1": "", "Person 2": ""}


@pytest.mark.parametrize(("page", "kind"), [("hotell", HOTEL), ("reise", TRAVEL)])
def test_the_button_takes_the_list_out_as_a_workbook(staff_client, gathering, register, staff, page, kind):
    register(1)
    [row, totals] = rows(staff_client.post(address(gathering, page)))
    assert (row["Navn"], row["Kommer for"], row["Endring"]) == ("Person 1", "Indre Fosen", None)
    assert totals["Endring"] == "Til sammen"
    register(2)
    first, second, _totals = rows(staff_client.post(address(gathering, page)))
    again = rows(staff_client.post(address(gathering, page)))
    assert (first["Endring"], second["Endring"]) == (None, "Ny")
    assert [line["Endring"] for line in again] == [None, "Ny", "Til sammen"]
    exported = ExportedList.objects.filter(kind=kind, gathering=gathering)
    assert exported.count() == 2
    assert exported[0].exported_by == staff
    earlier = staff_client.get(f"/admin/gatherings/registration/lister/{exported[1].pk}/")
    assert [line["Endring"] for line in rows(earlier)] == [None, "Til sammen"]


def test_the_workbook_holds_real_dates_and_tells_what_changed(staff_client, gathering, register, staff):
    row = register(1)
    staff_client.post(address(gathering, "hotell"))
    _first, second = gathering.nights
    row.change(
        name="=Person",
        function="owner",
        days=row.days,
        nights=[second.isoformat()],
        travel="orders",
        by=staff,
        now=None,
    )
    [changed, _totals] = rows(staff_client.post(address(gathering, "hotell")))
    assert changed["Ankomst"].date() == second
    assert changed["Endring"].startswith("Endret: Navn var Person 1; Ankomst var ")
    assert changed["Navn"] == "'=Person"


def test_reading_the_page_takes_nothing_out(staff_client, gathering, register):
    register(1)
    page = staff_client.get(address(gathering, "hotell")).content.decode()
    assert "Lista er ikke lastet ned ennå." in page
    assert not ExportedList.objects.exists()


def test_the_page_marks_in_words(staff_client, gathering, register, export, contact, staff):
    leaves, changes = register(1), register(2)
    export()
    places.cancel(leaves, by=contact, now=timezone.now())
    changes.change(
        name="Person 2",
        function="owner",
        days=changes.days,
        nights=changes.nights[:1],
        travel="orders",
        by=staff,
        now=None,
    )
    page = staff_client.get(address(gathering, "hotell")).content.decode()
    assert "Siden da: 0 nye, 1 endret, 1 utgår." in page
    assert "Utgår" in page
    assert "før: ja" in page


@pytest.mark.parametrize(
    ("page", "text"),
    [("hotell", "Ingen med plass trenger overnatting ennå."), ("reise", "Ingen har plass på samlingen ennå.")],
)
def test_an_empty_list_says_what_to_do(staff_client, gathering, page, text):
    assert text in staff_client.get(address(gathering, page)).content.decode()


def test_a_gathering_without_a_date_has_a_page(staff_client, cohort):
    bare = Gathering.objects.create(cohort=cohort, semester=3)
    assert "Datoen er ikke satt." in staff_client.get(address(bare, "hotell")).content.decode()


@pytest.mark.parametrize("page", ["hotell", "reise"])
def test_food_and_access_are_in_neither_list(staff_client, gathering, register, page):
    Needs.objects.create(registration=register(1), food="Uten nøtter", access="Rullestol", saved_at=timezone.now())
    shown = staff_client.get(address(gathering, page)).content.decode()
    file = str(rows(staff_client.post(address(gathering, page))))
    kept = str(list(ExportedList.objects.values()))
    assert not [word for word in ("nøtter", "Rullestol") if word in shown + file + kept]


@pytest.mark.parametrize("page", ["hotell", "reise"])
def test_as_many_queries_for_many(staff_client, gathering, register, export, page, django_assert_max_num_queries):
    for number in range(20):
        register(number)
    export()
    with django_assert_max_num_queries(11):
        staff_client.get(address(gathering, page))


# --- Who may


@pytest.mark.any_database
@pytest.mark.parametrize("person", ["contact", "head", "officer", "supervisor", "stranger"])
@pytest.mark.parametrize("page", ["hotell", "reise"])
def test_only_staff_see_and_export_the_lists(client, request, gathering, register, person, page):
    register(1)
    client.force_login(request.getfixturevalue(person))
    assert client.get(address(gathering, page)).status_code in {302, 403, 404}
    assert client.post(address(gathering, page)).status_code in {302, 403, 404}
    assert not ExportedList.objects.exists()


def test_staff_without_the_second_factor_are_asked_for_it(client, staff, gathering):
    client.force_login(staff)
    assert client.get(address(gathering, "hotell")).status_code == 302


def test_staff_without_the_permission_get_nothing(client, gathering, export, register):
    register(1)
    exported = export()
    sign_in(client, make_user("ny@example.no", "Ny Ansatt", is_staff=True))
    assert client.get(address(gathering, "hotell")).status_code == 403
    assert client.post(address(gathering, "hotell")).status_code == 403
    assert client.get(f"/admin/gatherings/registration/lister/{exported.pk}/").status_code == 403


def test_an_unknown_gathering_is_not_found(staff_client, db):
    assert staff_client.get("/admin/gatherings/registration/samlinger/999999/hotell/").status_code == 404
    assert staff_client.post("/admin/gatherings/registration/samlinger/999999/reise/").status_code == 404
    assert staff_client.get("/admin/gatherings/registration/lister/999999/").status_code == 404
