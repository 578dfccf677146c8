"""Whether children, parents and PPT are involved in each municipality of a cohort."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import withdraw
from guidance.tests.conftest import a_session, sign_in, text_of
from participants.models import Municipality, Participation
from parts.dates import day_in_words
from parts.tests.reading import table_in
from tests.page_text import read

pytestmark = pytest.mark.usefixtures("noon")
OTHERS = [
    "contact",
    "other_contact",
    "head",
    "former_contact",
    "officer",
    "supervisor",
    "former_supervisor",
    "stranger",
]


def page(cohort, query="") -> str:
    return reverse("guidance:cohort_involvement", args=[cohort.pk]) + query


def names(answer) -> list[str]:
    return [row.place.municipality.name for row in answer.context["page"].object_list]


@pytest.fixture
def both(participation, units, other_participation, supervisor, other_supervisor, today) -> None:
    """Indre Fosen has involved the children, long ago; Bergen the children and PPT, lately."""
    a_session(participation, units, supervisor, day=today - timedelta(days=90), took_part={"children": 42})
    a_session(other_participation, [], other_supervisor, day=today, took_part={"children": 1, "ppt": 1})


@pytest.mark.parametrize("person", ["staff", "leader"])
def test_those_who_follow_the_cohort_see_each_municipality(client, request, cohort, both, today, person):
    user = request.getfixturevalue(person)
    answer = sign_in(client, user).get(page(cohort))
    assert names(answer) == ["Bergen", "Indre Fosen"]
    found = " ".join(read(answer.content.decode(), "nb").texts)  # the keys in its addresses may hold any figure
    for day in (today, today - timedelta(days=90)):
        assert f"Nevnt i møtet {day_in_words(day)}" in found
    assert found.count("Ikke nevnt ennå") == 3
    assert "42" not in found


@pytest.mark.parametrize("person", OTHERS)
def test_others_do_not_find_the_page(client, request, cohort, both, person):
    user = request.getfixturevalue(person)
    assert sign_in(client, user).get(page(cohort)).status_code == 404


def test_asks_for_sign_in(client, cohort):
    assert client.get(page(cohort)).status_code == 302


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?mangler=children", []),
        ("?mangler=parents", ["Bergen", "Indre Fosen"]),
        ("?mangler=ppt", ["Indre Fosen"]),
        ("?mangler=tull&page=tull&sorter=tull", ["Bergen", "Indre Fosen"]),
        ("?mangler=%00&page=%00&sorter=-", ["Bergen", "Indre Fosen"]),
        ("?sorter=-navn", ["Indre Fosen", "Bergen"]),
        ("?sorter=children", ["Indre Fosen", "Bergen"]),
        ("?sorter=-children", ["Bergen", "Indre Fosen"]),
        ("?sorter=ppt", ["Indre Fosen", "Bergen"]),
    ],
)
def test_filter_and_sort(client, cohort, both, leader, query, expected):
    assert names(sign_in(client, leader).get(page(cohort, query))) == expected


def test_only_those_who_take_part(client, cohort, both, other_participation, leader, staff):
    withdraw(other_participation, by=staff, now=timezone.now())
    nominated = Municipality.objects.get(number="0301")
    Participation.objects.create(cohort=cohort, municipality=nominated, nominated_at=timezone.now(), nominated_by=staff)
    assert names(sign_in(client, leader).get(page(cohort))) == ["Indre Fosen"]


def test_fifty_a_page(client, cohort, leader, staff):
    now = timezone.now()
    for municipality in Municipality.objects.all()[:51]:
        Participation.objects.create(cohort=cohort, municipality=municipality, accepted_at=now, accepted_by=staff)
    assert "Rad 51–51 av 51" in text_of(sign_in(client, leader).get(page(cohort, "?page=2")))


def test_empty(client, cohort, leader):
    assert "Ingen kommuner er med i pulja ennå." in text_of(sign_in(client, leader).get(page(cohort)))


@pytest.mark.parametrize("pk", [0, 10**30])
def test_a_key_that_no_row_can_have(client, leader, pk):
    assert sign_in(client, leader).get(f"/veiledning/puljer/{pk}/medvirkning/").status_code == 404


class TestTheWorkbook:
    def address(self, cohort, query="") -> str:
        return reverse("guidance:involvement_workbook", args=[cohort.pk]) + query

    def rows(self, answer) -> list[tuple]:
        return table_in(answer)

    @pytest.mark.parametrize("person", ["staff", "leader"])
    def test_each_municipality_with_its_units(self, client, request, cohort, both, units, today, person):
        rows = self.rows(sign_in(client, request.getfixturevalue(person)).get(self.address(cohort)))
        assert rows[0][:6] == ("Kommune", "Fylke", "Enhet", "Barn og elever", "Foreldre og foresatte", "PP-tjenesten")
        assert [row[:3] for row in rows[1:]] == [
            ("Bergen", "Vestland", "Hele kommunen"),
            ("Indre Fosen", "Trøndelag", "Hele kommunen"),
            *[("Indre Fosen", "Trøndelag", unit.name) for unit in units],
        ]
        assert rows[1][3] == f"Nevnt i møtet {day_in_words(today)}"
        assert "42" not in str(rows)

    def test_the_same_filter_and_order_as_the_page(self, client, cohort, both, leader):
        rows = self.rows(sign_in(client, leader).get(self.address(cohort, "?mangler=ppt&sorter=-navn")))
        assert {row[0] for row in rows[1:]} == {"Indre Fosen"}

    def test_a_name_that_looks_like_a_formula(self, client, cohort, both, units, leader):
        units[0].name = "=1+1"
        units[0].save()
        rows = self.rows(sign_in(client, leader).get(self.address(cohort)))
        assert "'=1+1" in [row[2] for row in rows]

    @pytest.mark.parametrize("person", OTHERS)
    def test_others_do_not_find_it(self, client, request, cohort, both, person):
        user = request.getfixturevalue(person)
        assert sign_in(client, user).get(self.address(cohort)).status_code == 404
