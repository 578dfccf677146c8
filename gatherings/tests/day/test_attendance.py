"""The list at the door: found by any spelling, marked with one tap by whoever stands there, and undone."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import make_user
from gatherings import places
from gatherings.day import attendance
from gatherings.models import Attendance
from gatherings.tests.hall import mark, move, put_in, signed_in
from participants.models import Contact
from parts.names import plain
from parts.order import alphabetical


@pytest.fixture
def hall(gathering, registration, welcomed, other_participation, units, staff, contact, today):
    """The first of two days. Kari comes for the municipality, the others for a unit and from Bergen."""
    move(gathering, starts_on=today)
    head = {"function": Contact.Function.HEAD, "unit": units[0]}
    put_in(gathering, {"name": "Åse Bjørnsen", "email": "ase@example.no", **head}, participation=welcomed, by=staff)
    put_in(
        gathering,
        {"name": "Øyvind Sæther", "email": "oyvind@example.no"},
        participation=other_participation,
        by=staff,
    )
    return gathering


@pytest.fixture
def ase(hall):
    return hall.registrations.get(name="Åse Bjørnsen")


@pytest.fixture
def door(staff):
    return signed_in(staff)


def url(gathering, query: str = "") -> str:
    return reverse("gatherings:attendance", args=[gathering.pk]) + query


def names(response) -> list[str]:
    return [row.registration.name for row in response.context["page"]]


def test_everybody_with_a_place_by_norwegian_order(hall, door, welcomed, staff):
    put_in(hall, {"name": "aud Zimmer", "email": "aud@example.no"}, participation=welcomed, by=staff)
    assert names(door.get(url(hall))) == ["aud Zimmer", "Kari Kontakt", "Øyvind Sæther", "Åse Bjørnsen"]


def test_who_waits_or_has_cancelled_is_not_in_the_list(hall, door, ase, welcomed, staff):
    places.cancel(ase, by=staff, now=timezone.now())
    hall.capacity = 2
    hall.save()
    put_in(hall, {"name": "Vente Liste", "email": "vente@example.no"}, participation=welcomed, by=staff)
    assert names(door.get(url(hall))) == ["Kari Kontakt", "Øyvind Sæther"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("åse", ["Åse Bjørnsen"]),
        ("ase", ["Åse Bjørnsen"]),
        ("AASE bjornsen", ["Åse Bjørnsen"]),
        ("bjoernsen", ["Åse Bjørnsen"]),
        ("sather", ["Øyvind Sæther"]),
        ("saether oyv", ["Øyvind Sæther"]),
        ("femboringen", ["Åse Bjørnsen"]),
        ("indre fosen", ["Kari Kontakt", "Åse Bjørnsen"]),
        ("bergen", ["Øyvind Sæther"]),
        ("ingen slik", []),
    ],
)
def test_search(hall, door, words, found):
    assert names(door.get(url(hall), {"sok": words})) == found


def test_names_are_alike_however_they_are_typed():
    assert plain("Åse Sæther") == plain("AASE saether") == plain("ase sather")
    assert plain("A\u030ase") == plain("Åse")
    assert sorted(["Åse", "Ærlig", "Øystein", "zara", "Arne"], key=alphabetical) == [
        "Arne",
        "zara",
        "Ærlig",
        "Øystein",
        "Åse",
    ]


def test_one_tap_and_back_at_the_same_person(hall, door, ase, staff, today):
    query = f"?dag={today.isoformat()}&sok=%C3%A5se"
    response = door.post(url(hall, query), {"mott": ase.pk})
    assert response.status_code == 302
    assert response.url == url(hall, query) + f"#p{ase.pk}"
    row = Attendance.objects.get()
    assert (row.registration, row.day, row.marked_by) == (ase, today, staff)
    page = door.get(url(hall, query))
    assert f'id="p{ase.pk}"' in page.text
    assert f'name="angre" value="{ase.pk}"' in page.text
    assert f'name="mott" value="{ase.pk}"' not in page.text
    assert (page.context["arrived"], page.context["missing"]) == (1, 2)


def test_undo(hall, door, ase):
    door.post(url(hall), {"mott": ase.pk})
    assert door.post(url(hall), {"angre": ase.pk}).url.endswith(f"#p{ase.pk}")
    assert not Attendance.objects.exists()
    assert f'name="mott" value="{ase.pk}"' in door.get(url(hall)).text


def test_two_at_the_door_mark_the_same_person_once(hall, door, ase, staff):
    other = make_user("andre@example.no", "Andre Ansatt", is_staff=True, is_superuser=True)
    door.post(url(hall), {"mott": ase.pk})
    assert signed_in(other).post(url(hall), {"mott": ase.pk}).status_code == 302
    assert Attendance.objects.get().marked_by == staff


def test_undone_twice_is_undone_once(hall, ase, staff, today):
    mark(ase, day=today, by=staff)
    assert attendance.undo_arrival(ase, day=today)
    assert not attendance.undo_arrival(ase, day=today)


def test_each_day_by_itself(hall, door, ase, staff, today):
    mark(ase, day=today, by=staff)
    tomorrow = today + timedelta(days=1)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        door = signed_in(staff)
        page = door.get(url(hall, f"?dag={tomorrow.isoformat()}"))
        assert page.context["arrived"] == 0
        door.post(url(hall, f"?dag={tomorrow.isoformat()}"), {"mott": ase.pk})
        door.post(url(hall, f"?dag={tomorrow.isoformat()}"), {"angre": ase.pk})
    assert Attendance.objects.get().day == today


def test_a_day_that_has_not_come_cannot_be_marked(hall, door, ase, today):
    query = f"?dag={(today + timedelta(days=1)).isoformat()}"
    page = door.get(url(hall, query))
    assert "Denne dagen har ikke kommet ennå" in page.text
    assert 'name="mott"' not in page.text
    followed = door.post(url(hall, query), {"mott": ase.pk}, follow=True)
    assert "Oppmøte kan registreres når dagen har kommet." in followed.text
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("away", "asked", "expected"),
    [(0, "", 0), (1, "", 1), (-5, "", 0), (9, "", 1), (0, "day 2", 1), (0, "2020-01-01", 0), (0, "x", 0)],
)
def test_the_day_shown(gathering, away, asked, expected):
    """Today when it is one of the days, else the nearest; the one asked for when it is one of them."""
    days = gathering.days
    asked = days[1].isoformat() if asked == "day 2" else asked
    assert attendance.shown_day(days, asked=asked, today=days[0] + timedelta(days=away)) == days[expected]


def test_who_comes_another_day_is_found_by_search_and_says_so(hall, door, welcomed, staff, today):
    second = [(today + timedelta(days=1)).isoformat()]
    put_in(hall, {"name": "Dag To", "email": "to@example.no", "days": second}, participation=welcomed, by=staff)
    assert "Dag To" not in names(door.get(url(hall)))
    page = door.get(url(hall), {"sok": "dag to"})
    assert names(page) == ["Dag To"]
    assert "Ikke påmeldt denne dagen" in page.text
    door.post(url(hall), {"mott": hall.registrations.get(name="Dag To").pk})
    assert "Dag To" in names(door.get(url(hall)))


def test_cancelled_in_the_meantime_says_so(hall, door, ase, staff):
    places.cancel(ase, by=staff, now=timezone.now())
    page = door.post(url(hall), {"mott": ase.pk}, follow=True)
    assert "Åse Bjørnsen har ikke plass på samlingen lenger." in page.text
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30, "²", "-1"])
def test_what_is_no_key_is_not_found(hall, door, key):
    assert door.post(url(hall), {"mott": key}).status_code == 404


def test_a_person_at_another_gathering_is_not_found(hall, door, ase):
    other = type(hall).objects.create(cohort=hall.cohort, semester=2, starts_on=hall.starts_on, settled="fixed")
    assert door.post(url(other), {"mott": ase.pk}).status_code == 404
    assert not Attendance.objects.exists()


def test_a_script_gets_the_row_and_the_figures(hall, door, ase):
    response = door.post(url(hall), {"mott": ase.pk}, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 200
    assert f'id="p{ase.pk}"' in response.text
    assert "Åse Bjørnsen er registrert som møtt." in response.text
    assert "<strong>1</strong> møtt" in response.text
    assert "Kari" not in response.text
    undone = door.post(url(hall), {"angre": ase.pk}, headers={"X-Requested-With": "fetch"})
    assert "Åse Bjørnsen er ikke lenger registrert som møtt." in undone.text


def test_a_script_is_told_when_it_was_refused(hall, door, ase, staff):
    places.cancel(ase, by=staff, now=timezone.now())
    response = door.post(url(hall), {"mott": ase.pk}, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 409
    assert "har ikke plass" in response.text


def test_without_a_date_the_page_says_so(hall, door):
    hall.starts_on = hall.ends_on = None
    hall.settled = "tentative"
    hall.opens_on = hall.closes_on = hall.travel_closes_on = None
    hall.save()
    assert "ingen dato ennå" in door.get(url(hall)).text
    assert door.post(url(hall), {"mott": "1"}).status_code == 200


@pytest.mark.any_database
@pytest.mark.parametrize("person", ["contact", "other_contact", "head", "officer", "supervisor", "stranger"])
@pytest.mark.parametrize("page", ["attendance", "by_function", "badges", "attendance_list", "results"])
def test_nobody_but_staff(hall, request, person, page):
    client = signed_in(request.getfixturevalue(person))
    assert client.get(reverse(f"gatherings:{page}", args=[hall.pk])).status_code == 404
    assert client.post(url(hall), {"mott": "1"}).status_code == 404


def test_not_signed_in(client, hall):
    assert client.get(url(hall)).url.startswith(reverse("account_login"))


def test_staff_without_a_second_factor(client, hall, staff_without_factor, ase):
    client.force_login(staff_without_factor)
    assert client.post(url(hall), {"mott": ase.pk}).url == reverse("mfa_activate_totp")
    assert not Attendance.objects.exists()


def test_three_hundred_people(hall, door, welcomed, staff):
    people = [{"name": f"Person {n:03}", "email": f"p{n}@example.no"} for n in range(300)]
    put_in(hall, *people, participation=welcomed, by=staff)
    with CaptureQueriesContext(connection) as queries:
        page = door.get(url(hall))
    assert len([sql for sql in queries if "SAVEPOINT" not in sql["sql"]]) <= 11
    assert len(page.content) < 60_000
    assert "Rad 1–60 av 303" in page.text
    on_page_two = hall.registrations.get(name="Person 100")
    query = "?page=2"
    assert door.post(url(hall, query), {"mott": on_page_two.pk}).url == url(hall, query) + f"#p{on_page_two.pk}"
    assert f'name="angre" value="{on_page_two.pk}"' in door.get(url(hall, query)).text


def test_by_function(hall, door, ase, welcomed, staff, today):
    ppt = {"name": "Per PPT", "email": "ppt@example.no", "function": Contact.Function.PPT}
    [ppt] = put_in(hall, ppt, participation=welcomed, by=staff)
    page = door.get(reverse("gatherings:by_function", args=[hall.pk]))
    assert "Ingen er registrert som møtt ennå. 3 av 4 påmeldte er ledere eller eiere (75 prosent)." in page.text
    for registration in (ase, ppt):
        mark(registration, day=today, by=staff)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        mark(ase, day=today + timedelta(days=1), by=staff)
    page = door.get(reverse("gatherings:by_function", args=[hall.pk]))
    assert "1 av 2 som møtte, er ledere eller eiere (50 prosent)." in page.text
    turnout = page.context["turnout"]
    assert [(line.label, line.registered, line.attended) for line in turnout.by_function] == [
        ("Eier", 2, 0),
        ("Styrer eller rektor", 1, 1),
        ("PP-tjenesten", 1, 1),
    ]
    assert [(line.label, line.registered, line.attended) for line in turnout.by_place] == [
        ("Barnehage", 1, 1),
        ("Kommunen", 3, 1),
    ]


def test_by_function_with_nobody(gathering, door):
    assert "Ingen har plass" in door.get(reverse("gatherings:by_function", args=[gathering.pk])).text
