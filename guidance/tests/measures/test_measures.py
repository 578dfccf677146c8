"""The measures of a unit, and those of a whole municipality."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import dateformat, timezone

from guidance.models import Measure
from guidance.tests.conftest import a_measure, sign_in, text_of

pytestmark = pytest.mark.usefixtures("noon")
SEES_MUNICIPALITY = ["contact", "officer", "staff", "supervisor", "leader"]
OTHERS = ["other_contact", "former_contact", "other_officer", "other_supervisor", "former_supervisor", "stranger"]


def page(unit, query="") -> str:
    return reverse("guidance:measures", args=[unit.pk]) + query


def table(participation, query="") -> str:
    return reverse("guidance:municipality_measures", args=[participation.pk]) + query


def names(answer) -> list[str]:
    return [measure.what for measure in answer.context["page"].object_list]


@pytest.fixture
def in_every_state(units, head, today) -> list[Measure]:
    """The name says the state; two go on, one of them overdue."""
    days = {"planned": 9, "underway": -3, "finished": -20, "stopped": -9}
    return [
        a_measure(units[0], head, what=state, state=state, ends_on=today + timedelta(days=day), sub_goal=number)
        for number, (state, day) in enumerate(days.items(), start=2)
    ]


class TestOfAUnit:
    @pytest.mark.parametrize("person", [*SEES_MUNICIPALITY, "head"])
    def test_each_reader_sees_the_units_measures(self, client, request, measure, units, person):
        user = request.getfixturevalue(person)
        found = text_of(sign_in(client, user).get(page(units[0])))
        assert "Felles rutine for uteområdet" in found
        assert "Elevundersøkelsen viser at det skjer mest ute." in found
        assert "Delmål 4: Forebygge" in found
        assert "Rektor" in found
        first = dateformat.format(measure.starts_on, "l j. F Y").capitalize()
        assert f"{first} – {dateformat.format(measure.ends_on, 'l j. F Y')}" in found

    @pytest.mark.parametrize("person", OTHERS)
    def test_others_do_not_find_the_units_measures(self, client, request, measure, units, person):
        user = request.getfixturevalue(person)
        assert sign_in(client, user).get(page(units[0])).status_code == 404

    def test_a_head_sees_no_other_unit(self, client, measure, units, head):
        assert sign_in(client, head).get(page(units[1])).status_code == 404

    def test_asks_for_sign_in(self, client, units):
        assert client.get(page(units[0])).status_code == 302

    def test_another_units_measures_do_not_show(self, client, measure, units, contact):
        assert names(sign_in(client, contact).get(page(units[1]))) == []

    def test_the_most_urgent_comes_first(self, client, in_every_state, units, head, today):
        a_measure(units[0], head, what="longest overdue", ends_on=today - timedelta(days=30))
        answer = sign_in(client, head).get(page(units[0]))
        assert names(answer) == ["longest overdue", "underway", "planned", "stopped", "finished"]
        found = text_of(answer)
        assert "3 dager over fristen" in found
        assert "30 dager over fristen" in found
        assert found.count("over fristen</span>") == 2  # what has ended is not overdue
        assert found.index("Gjennomført eller stoppet") > found.index(">planned<")

    def test_one_day(self, client, units, head, today):
        a_measure(units[0], head, ends_on=today - timedelta(days=1))
        assert "1 dag over fristen" in text_of(sign_in(client, head).get(page(units[0])))

    def test_the_last_day_is_in_time(self, client, units, head, today):
        a_measure(units[0], head, ends_on=today)
        assert "over fristen</span>" not in text_of(sign_in(client, head).get(page(units[0])))

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("?status=going_on", ["underway", "planned"]),
            ("?status=overdue", ["underway"]),
            ("?status=planned", ["planned"]),
            ("?status=underway", ["underway"]),
            ("?status=finished", ["finished"]),
            ("?status=stopped", ["stopped"]),
            ("?delmal=4", ["finished"]),
            ("?delmal=4&status=planned", []),
            ("?delmal=tull&status=tull&page=tull", ["underway", "planned", "stopped", "finished"]),
            ("?delmal=" + "9" * 5000 + "&page=-1", ["underway", "planned", "stopped", "finished"]),
            ("?status=%00&delmal=%00&page=%00", ["underway", "planned", "stopped", "finished"]),
        ],
    )
    def test_filter(self, client, in_every_state, units, head, query, expected):
        assert names(sign_in(client, head).get(page(units[0], query))) == expected

    @pytest.mark.parametrize("state", ["finished", "stopped"])
    def test_one_that_was_withdrawn_is_in_no_other_state(self, client, in_every_state, units, head, state):
        for each in in_every_state:
            each.withdraw(why="mistake", by=head, now=timezone.now())
        client = sign_in(client, head)
        assert names(client.get(page(units[0], f"?status={state}"))) == []
        assert len(names(client.get(page(units[0], "?status=withdrawn")))) == 4

    def test_fifty_a_page(self, client, units, head):
        for number in range(51):
            a_measure(units[0], head, what=str(number))
        answer = sign_in(client, head).get(page(units[0], "?page=2"))
        assert names(answer) == ["50"]
        assert "Rad 51–51 av 51" in text_of(answer)

    @pytest.mark.parametrize(
        ("number", "query", "is_open"), [(6, "", False), (7, "", True), (6, "?status=overdue", True)]
    )
    def test_the_choices_are_folded_above_a_few(self, client, units, head, participation, number, query, is_open):
        """A30: above four cards they pushed the overdue measure off a phone's first screen."""
        for _each in range(number):
            a_measure(units[0], head, ends_on=timezone.localdate() - timedelta(days=2))
        found = sign_in(client, head).get(page(units[0], query)).content.decode()
        tag = found.partition("<details")[2].partition(">")[0]
        assert "app-few" in tag
        assert (" open" in tag) == is_open

    @pytest.mark.parametrize("person", [*SEES_MUNICIPALITY, "head"])
    def test_who_may_add(self, client, request, measure, units, person):
        user = request.getfixturevalue(person)
        found = text_of(sign_in(client, user).get(page(units[0])))
        assert ("Legg til tiltak" in found) == (person in {"contact", "head", "supervisor"})

    def test_empty(self, client, units, head, officer):
        assert "Legg til det første" in text_of(sign_in(client, head).get(page(units[0])))
        found = text_of(sign_in(client, officer).get(page(units[0])))
        assert "Enheten har ingen tiltak ennå." in found
        assert "Legg til" not in found

    def test_a_closed_unit(self, client, units, contact):
        units[0].closed_on = timezone.localdate()
        units[0].save()
        found = text_of(sign_in(client, contact).get(page(units[0])))
        assert "Enheten er nedlagt" in found
        assert "Legg til" not in found

    @pytest.mark.parametrize("person", ["head", "contact", "supervisor", "officer"])
    def test_the_session_it_was_agreed_in(self, client, request, measure, session, units, person):
        user = request.getfixturevalue(person)
        assert "Avtalt i veiledningsmøtet" in text_of(sign_in(client, user).get(page(units[0])))

    def test_not_a_session_this_person_may_not_know_of(self, client, measure, session, units, head):
        session.units.set(units[1:2])
        assert "Avtalt i veiledningsmøtet" not in text_of(sign_in(client, head).get(page(units[0])))

    @pytest.mark.parametrize("pk", [0, 10**30])
    def test_a_key_that_no_row_can_have(self, client, contact, pk):
        assert sign_in(client, contact).get(f"/enhet/{pk}/tiltak/").status_code == 404

    def test_takes_no_post(self, client, units, head):
        assert sign_in(client, head).post(page(units[0])).status_code == 405


class TestOfAMunicipality:
    @pytest.mark.parametrize("person", SEES_MUNICIPALITY)
    def test_each_reader_sees_the_municipalitys_measures(self, client, request, measure, participation, person):
        user = request.getfixturevalue(person)
        answer = sign_in(client, user).get(table(participation))
        assert names(answer) == ["Felles rutine for uteområdet"]
        assert "Fembøringen barnehage" in text_of(answer)

    @pytest.mark.parametrize("person", [*OTHERS, "head"])
    def test_others_do_not_find_the_municipalitys_measures(self, client, request, measure, participation, person):
        user = request.getfixturevalue(person)
        assert sign_in(client, user).get(table(participation)).status_code == 404

    def test_asks_for_sign_in(self, client, participation):
        assert client.get(table(participation)).status_code == 302

    def test_another_municipality_does_not_show(self, client, measure, other_participation, other_contact, leader):
        for user in (other_contact, leader):
            assert names(sign_in(client, user).get(table(other_participation))) == []

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["underway", "planned", "elsewhere", "stopped", "finished"]),
            ("?status=overdue", ["underway"]),
            ("?delmal=6", ["elsewhere"]),
            ("?enhet=0&enhet=tull", ["underway", "planned", "elsewhere", "stopped", "finished"]),
            ("?sorter=til", ["finished", "stopped", "underway", "planned", "elsewhere"]),
            ("?sorter=-til", ["elsewhere", "planned", "underway", "stopped", "finished"]),
            ("?sorter=enhet&status=going_on", ["underway", "planned", "elsewhere"]),
            ("?sorter=-enhet&status=going_on", ["elsewhere", "underway", "planned"]),
            ("?sorter=delmal", ["planned", "underway", "finished", "stopped", "elsewhere"]),
            ("?sorter=tull", ["underway", "planned", "elsewhere", "stopped", "finished"]),
        ],
    )
    def test_filter_and_sort(self, client, in_every_state, participation, units, contact, today, query, expected):
        a_measure(units[1], contact, what="elsewhere", sub_goal=6, ends_on=today + timedelta(days=15))
        assert names(sign_in(client, contact).get(table(participation, query))) == expected

    def test_filter_by_unit(self, client, in_every_state, participation, units, contact):
        a_measure(units[1], contact, what="elsewhere")
        answer = sign_in(client, contact).get(table(participation, f"?enhet={units[1].pk}"))
        assert names(answer) == ["elsewhere"]

    def test_another_municipalitys_unit_is_no_choice(
        self, client, measure, participation, other_participation, contact
    ):
        other = other_participation.units.create(name="Bergen skole", kind="school")
        answer = sign_in(client, contact).get(table(participation, f"?enhet={other.pk}"))
        assert "Bergen skole" not in text_of(answer)

    def test_empty(self, client, participation, contact):
        assert "Ingen enhet i kommunen har tiltak ennå." in text_of(sign_in(client, contact).get(table(participation)))
