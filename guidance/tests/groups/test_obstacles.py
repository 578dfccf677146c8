"""Why a rule is not met, and what would help: "får flere kommuner" without numbers and without a why helped nobody."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone

from guidance.groups.composer import compose
from guidance.groups.obstacles import Help, Way, obstacles
from guidance.groups.rules import Rule, Seat
from guidance.models import Composition, Supervisor
from guidance.tests.conftest import text_of
from guidance.tests.groups.conftest import PRACTICE, a_supervisor, page, sit
from guidance.tests.groups.test_composer import BERGEN, HEAD, LEADER, OTHER_LEADER, STAVANGER, TEACHER, person


def only(found, rule):
    [one] = [one for one in found if one.breach.rule == rule]
    return one


def test_all_from_the_centre_are_barred():
    """Oslo made impossible: all six from the centre barred, and no why (S5)."""
    centre = [person(key, centre=True, barred=["1103"]) for key in range(1, 7)]
    people = [*centre, HEAD, TEACHER]
    lacking = only(obstacles([STAVANGER], people, compose([STAVANGER], people).seats), Rule.LEADER)
    assert (lacking.givers, lacking.barred, lacking.full, lacking.free) == (6, 6, 0, 0)
    assert lacking.help == Help(Way.BAR, 1, 0, 2)


def test_two_have_room_but_nobody_knows_kindergarten():
    people = [replace(one, kindergarten=False) for one in (LEADER, OTHER_LEADER, HEAD, TEACHER)]
    lacking = only(obstacles([STAVANGER], people, compose([STAVANGER], people).seats), Rule.KINDERGARTEN)
    assert (lacking.givers, lacking.others_free, lacking.help) == (0, 2, None)


def test_who_knows_it_has_as_many_as_agreed():
    people = [replace(LEADER, kindergarten=False), replace(HEAD, most=1), replace(TEACHER, kindergarten=False)]
    proposal = compose([STAVANGER, BERGEN], people)
    lacking = only(obstacles([STAVANGER, BERGEN], people, proposal.seats), Rule.KINDERGARTEN)
    assert (lacking.givers, lacking.full) == (1, 1)
    assert lacking.help == Help(Way.CAPACITY, 21, 1, 1)


def test_a_locked_group_that_is_in_the_way():
    seats = [Seat(1, 11, True), Seat(1, 12)]
    people = [LEADER, OTHER_LEADER, HEAD]
    lacking = only(obstacles([STAVANGER], people, seats, seats), Rule.PRACTICE)
    assert (lacking.free, lacking.help) == (1, Help(Way.UNLOCK, 21, 0, 2))
    assert only(obstacles([STAVANGER], people, seats, seats[:1]), Rule.PRACTICE).help == Help(Way.CHOOSE, 21, 0, 2)


def test_a_group_that_is_too_small_for_all_that_it_needs():
    """Each knows one thing: two cannot be enough, whoever they are."""
    people = [replace(LEADER, kindergarten=False, school=False), replace(HEAD, school=False)]
    people.append(replace(TEACHER, kindergarten=False))
    lacking = only(obstacles([STAVANGER], people, [Seat(1, 11, True), Seat(1, 21)]), Rule.SCHOOL)
    assert lacking.help == Help(Way.SIZE, 22, 0, 2)


def test_two_things_in_the_way_are_no_help():
    people = [LEADER, OTHER_LEADER, replace(HEAD, most=0, barred=frozenset({"1103"}))]
    lacking = only(obstacles([STAVANGER], people, [Seat(1, 11, True), Seat(1, 12)]), Rule.PRACTICE)
    assert (lacking.barred, lacking.full, lacking.help) == (1, 0, None)


def test_what_is_met_or_too_much_has_no_obstacle():
    people = [LEADER, HEAD, TEACHER]
    assert obstacles([STAVANGER], people, [Seat(1, 11, True), Seat(1, 21)]) == []
    assert obstacles([STAVANGER], people, [Seat(1, 11, True), Seat(1, 21), Seat(1, 22)]) == []


@pytest.mark.usefixtures("noon")
class TestOnThePage:
    def shown(self, client, leader, cohort) -> str:
        client.force_login(leader)
        return text_of(client.post(page(cohort), {"propose": "1"}, follow=True))

    def test_who_are_barred_and_what_would_help(self, client, made, people, participation, leader, cohort):
        for one in Supervisor.objects.filter(employer="centre"):
            one.not_with.add(participation.municipality)
        shown = self.shown(client, leader, cohort)
        assert "Mangler en leder fra Læringsmiljøsenteret" in shown
        assert "2 fra Læringsmiljøsenteret er ført opp som ikke habile her." in shown
        assert re.search("Er Senter (En|To) likevel habil her, er det løst.", shown)

    def test_room_but_not_the_knowledge(self, client, participation, units, leader, cohort):
        a_supervisor("Senter En", cohort, knows_kindergarten=False)
        for name in ("Praksis En", "Praksis To", "Praksis Tre"):
            a_supervisor(name, cohort, knows_kindergarten=False, **PRACTICE)
        Composition.objects.open_for(cohort, by=leader, now=timezone.now())
        shown = self.shown(client, leader, cohort)
        assert "Ingen andre i pulja kjenner barnehage. 2 har ledig plass." in shown

    def test_who_could_take_one_more(self, client, participation, other_participation, units, leader, cohort):
        a_supervisor("Senter En", cohort)
        a_supervisor("Praksis En", cohort, most=1, **PRACTICE)
        Composition.objects.open_for(cohort, by=leader, now=timezone.now())
        shown = self.shown(client, leader, cohort)
        assert "1 fra praksis har så mange kommuner som avtalt." in shown
        assert "Tar Praksis En 2 kommuner (avtalt 1), er det løst." in shown
        assert "Dette hjelper flest kommuner" in shown

    def test_nothing_is_said_before_anybody_sits(self, client, made, leader, cohort):
        client.force_login(leader)
        assert "er det løst" not in text_of(client.get(page(cohort)))

    def test_in_a_group_that_is_locked(self, client, made, people, participation, leader, cohort):
        sit(made, participation, people[0], leads=True, locked=True)
        sit(made, participation, people[1], locked=True)
        client.force_login(leader)
        shown = text_of(client.get(page(cohort)))
        assert "Lås opp gruppa: Praksis En har ledig plass." in shown
