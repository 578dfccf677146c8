"""Whether and how children, parents and PPT have been involved, in a municipality and its units."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from guidance.follow_up.involvement import involvement_of
from guidance.follow_up.involvement_wording import facts, next_step, status
from guidance.models import GuidanceSession
from guidance.tests.conftest import a_measure, a_session, sign_in, text_of
from participants.models import Contact, Participation, ProjectGroup
from parts.dates import day_in_words

pytestmark = pytest.mark.usefixtures("noon")
OTHERS = ["other_contact", "former_contact", "other_officer", "other_supervisor", "former_supervisor", "stranger"]
DETAILS = ["contact", "supervisor", "leader"]
NO_DETAILS = ["officer", "staff"]


def page(participation) -> str:
    return reverse("guidance:involvement", args=[participation.pk])


def whole(participation) -> dict:
    return involvement_of([participation])[participation.pk].stakeholders


def in_unit(participation, unit) -> dict:
    found = involvement_of([participation])[participation.pk]
    [stakeholders] = [each.stakeholders for each in found.units if each.place == unit]
    return stakeholders


@pytest.fixture
def group(units) -> ProjectGroup:
    return ProjectGroup.objects.create(unit=units[0], updated_at=timezone.now())


@pytest.fixture
def something(participation, units, supervisor, group, head, today) -> dict:
    """Of everything a little, in the first unit."""
    a_session(
        participation,
        units[:1],
        supervisor,
        day=today - timedelta(days=30),
        took_part={"children": 7, "head": 1},
        involved={"children": ["asked", "chose"], "parents": ["asked"]},
    )
    a_session(participation, units[:1], supervisor, day=today - timedelta(days=9), took_part={"children": 4, "ppt": 0})
    group.members.create(name="Per Pappa", part="parent")
    a_measure(units[0], head, sub_goal=5)
    return {"last": today - timedelta(days=9)}


class TestWhatCounts:
    def test_nothing_yet(self, participation, units, supervisor, today):
        a_session(participation, units[:1], supervisor, day=today, took_part={"head": 2, "children": 0}, involved={})
        for stakeholders in (whole(participation), in_unit(participation, units[0])):
            assert {who: each.involved for who, each in stakeholders.items()} == dict.fromkeys(
                GuidanceSession.STAKEHOLDERS, False
            )
            assert all(next_step(each) for each in stakeholders.values())
            assert {status(each) for each in stakeholders.values()} == {"Ikke nevnt ennå"}

    def test_sessions(self, participation, units, something):
        children, parents, ppt = whole(participation).values()
        assert (children.sessions, children.present, children.last) == (2, 2, something["last"])
        assert (children.units_known, children.units, status(children)) == (1, 4, "1 av 4 enheter")
        said = facts(children, details=True)
        assert f"Nevnt i 2 møter, sist {day_in_words(something['last'])}" in said
        assert {"Med i 2 møter", "Spurt om hva de mener: 1 møte", "Med på å velge tiltak: 1 møte"} <= set(said)
        assert not any("11" in fact or "person" in fact for fact in said)  # 7 + 4 may be the same seven
        assert (parents.sessions, parents.present) == (1, 0)
        assert (ppt.sessions, ppt.last, ppt.involved) == (0, None, False)
        assert next_step(children) == (
            "Spør barna og elevene hva de mener også der det ikke er gjort, før dere velger neste tiltak. "
            "Gjelder 3 enheter."
        )

    def test_only_those_that_were_held(self, participation, units, supervisor, today):
        GuidanceSession.plan(
            group=participation.guidance_group,
            held_on=today,
            starts_at=None,
            format="visit",
            units=units,
            supervisors=[],
            by=supervisor,
            now=timezone.now(),
        )
        GuidanceSession.objects.update(took_part={"children": 3})
        assert not whole(participation)["children"].involved

    def test_each_unit_has_its_own(self, participation, units, something):
        assert in_unit(participation, units[0])["children"].sessions == 2
        assert in_unit(participation, units[1])["children"].sessions == 0
        assert in_unit(participation, units[1])["children"].measures == 0
        assert in_unit(participation, units[1])["parents"].members == 0

    def test_project_groups(self, participation, units, group):
        for part in ("parent", "parent", "ppt", "staff"):
            group.members.create(name="Per", part=part)
        for stakeholders in (whole(participation), in_unit(participation, units[0])):
            assert [each.members for each in stakeholders.values()] == [0, 2, 1]
            assert [each.involved for each in stakeholders.values()] == [False, True, True]

    def test_not_the_group_of_a_closed_unit(self, participation, units, group):
        group.members.create(name="Per", part="parent")
        units[0].closed_on = timezone.localdate()
        units[0].save()
        assert whole(participation)["parents"].members == 0
        places = [each.place for each in involvement_of([participation])[participation.pk].units]
        assert places == units[1:]

    def test_a_registered_contact_is_no_involvement(self, participation, units, staff, former_contact):
        """«Ja» for every municipality of pulje 8 before it had begun (S7)."""
        user = make_user("ppt@example.no", "Pål PPT")
        make_contact(participation, user, Contact.Function.PPT, by=staff)
        ppt = whole(participation)["ppt"]
        assert (ppt.contacts, ppt.involved, status(ppt)) == (1, False, "Ikke nevnt ennå")
        assert facts(ppt, details=True) == ["1 kontaktperson er oppgitt"]
        assert next_step(ppt)

    def test_the_municipalitys_own_no_stands_beside_no_yes(self, participation, units, supervisor, today):
        """Stjørdal: «PP-tjenesten: Ja» above «PP-tjenesten deltar: Nei» (S7)."""
        participation.ppt = "no"
        a_session(participation, units[:1], supervisor, day=today, took_part={"ppt": 1})
        for ppt in (whole(participation)["ppt"], in_unit(participation, units[0])["ppt"]):
            assert status(ppt) == "Kommunen har svart nei"
            assert f"Nevnt i møtet {day_in_words(today)}" in facts(ppt, details=False)
            assert "Avklar hva som gjelder" in next_step(ppt)

    def test_one_parent_in_one_of_thirty_units(self, other_participation):
        """Bergen: «Foreldre: Ja», and the next step for parents disappeared (S7)."""
        added = [other_participation.units.create(name=f"Skole {number}", kind="school") for number in range(30)]
        group = ProjectGroup.objects.create(unit=added[0], updated_at=timezone.now())
        group.members.create(name="Per Pappa", part="parent")
        parents = whole(other_participation)["parents"]
        assert status(parents) == "1 av 30 enheter"
        assert next_step(parents) == "Ta med en forelder eller foresatt i prosjektgruppa. Gjelder 29 enheter."
        assert next_step(in_unit(other_participation, added[0])["parents"]) == ""
        assert next_step(in_unit(other_participation, added[1])["parents"])

    def test_one_tick_for_four_units_makes_none_of_them_a_yes(self, participation, units, supervisor, today):
        """One «spurt» in a session for four units made both kindergartens «Barn: Ja» (S7)."""
        a_session(participation, units, supervisor, day=today, involved={"children": ["asked"]})
        children = whole(participation)["children"]
        assert status(children) == f"Nevnt i møtet {day_in_words(today)}"
        assert children.units_known == 0
        assert next_step(children).startswith("Avklar ved hvilke enheter barna og elevene er spurt")
        for unit in units:
            child = in_unit(participation, unit)["children"]
            assert (child.involved, status(child)) == (False, "Ikke kjent")
            assert facts(child, details=True) == [
                f"Nevnt i et møte for 4 enheter {day_in_words(today)}. Loggen sier ikke hvilke."
            ]
            assert next_step(child).startswith("Avklar om barna og elevene ved denne enheten er spurt")

    def test_nobody_who_is_known_to_be_asked_is_to_be_asked(self, participation, units, supervisor, today):
        """«Neste steg: spør barna» stood beside «spurt»."""
        first = "Spør barna og elevene hva de mener, før dere velger neste tiltak."
        assert next_step(whole(participation)["children"]) == first
        a_session(participation, units[:2], supervisor, day=today, involved={"children": ["asked"]})
        children = whole(participation)["children"]
        assert "Spurt om hva de mener: 1 møte" in facts(children, details=True)
        assert not next_step(children).startswith("Spør")
        assert next_step(in_unit(participation, units[2])["children"]) == first  # it was in no session
        for number, unit in enumerate(units, start=1):
            a_session(participation, [unit], supervisor, day=today, involved={"children": ["asked"]})
            assert next_step(in_unit(participation, unit)["children"]) == ""
            step = next_step(whole(participation)["children"])
            assert step == "" if number == len(units) else "også der det ikke er gjort" in step

    def test_a_unit_that_has_closed_since_was_one_of_the_two(self, participation, units, supervisor, today):
        a_session(participation, units[:2], supervisor, day=today, took_part={"children": 3})
        units[0].closed_on = today
        units[0].save()
        assert not in_unit(participation, units[1])["children"].involved

    def test_ppt_is_one_for_all_and_met_each_unit(self, participation, units, supervisor, today):
        a_session(participation, units, supervisor, day=today, took_part={"ppt": 1}, involved={"ppt": ["asked"]})
        ppt = whole(participation)["ppt"]
        assert (status(ppt), next_step(ppt)) == ("4 av 4 enheter", "")
        assert in_unit(participation, units[3])["ppt"].ways == {}

    def test_ppt_at_a_session_for_the_whole_municipality(self, participation, units, supervisor, today):
        a_session(participation, [], supervisor, day=today, took_part={"ppt": 1, "parents": 2})
        ppt, parents = whole(participation)["ppt"], whole(participation)["parents"]
        assert (ppt.units_known, next_step(ppt)) == (0, "")
        assert next_step(parents)

    def test_a_measure_is_an_intention(self, participation, units, head):
        a_measure(units[0], head, sub_goal=5)
        a_measure(units[0], head, sub_goal=6, state="finished")
        a_measure(units[0], head, sub_goal=6, state="stopped")
        a_measure(units[0], head, sub_goal=4)
        for stakeholders in (whole(participation), in_unit(participation, units[0])):
            assert [each.measures for each in stakeholders.values()] == [1, 1, 1]
            assert not any(each.involved for each in stakeholders.values())

    @pytest.mark.parametrize(
        ("ppt", "said"),
        [
            ("", "Avgjør om PP-tjenesten deltar"),
            ("yes", "Inviter PP-tjenesten"),
            ("no", "har svart at PP-tjenesten ikke"),
        ],
    )
    def test_what_the_municipality_decided_of_ppt(self, participation, ppt, said):
        participation.ppt = ppt
        assert said in next_step(whole(participation)["ppt"])
        assert not whole(participation)["ppt"].involved

    def test_several_municipalities_at_once(self, participation, other_participation, something, units):
        other = other_participation.units.create(name="Bergen skole", kind="school")
        with CaptureQueriesContext(connection) as one:
            involvement_of([participation])
        with CaptureQueriesContext(connection) as two:
            found = involvement_of([participation, other_participation])
        assert len(one) == len(two) == 6
        assert found[participation.pk].stakeholders["children"].involved
        assert not found[other_participation.pk].stakeholders["children"].involved
        assert [each.place for each in found[other_participation.pk].units] == [other]

    def test_none(self, db):
        assert involvement_of(Participation.objects.none()) == {}


class TestThePage:
    @pytest.mark.parametrize("person", [*DETAILS, *NO_DETAILS])
    def test_each_reader_sees_the_facts(self, client, request, participation, something, person):
        user = request.getfixturevalue(person)
        found = text_of(sign_in(client, user).get(page(participation)))
        assert f"Nevnt i 2 møter, sist {day_in_words(something['last'])}" in found
        assert "1 av 4 enheter" in found
        assert "Ikke nevnt ennå" in found
        assert "Avgjør om PP-tjenesten deltar" in found
        assert "Fembøringen barnehage" in found
        assert "1 i prosjektgruppe" in found
        assert "1 tiltak for delmål 5" in found

    @pytest.mark.parametrize("person", [*DETAILS, *NO_DETAILS])
    def test_who_sees_how_many_came(self, client, request, participation, something, person):
        user = request.getfixturevalue(person)
        found = text_of(sign_in(client, user).get(page(participation)))
        for detail in ("Med i 2 møter", "Spurt om hva de mener: 1 møte"):
            assert (detail in found) == (person in DETAILS)

    @pytest.mark.parametrize("person", OTHERS)
    def test_others_do_not_find_the_page(self, client, request, participation, something, person):
        user = request.getfixturevalue(person)
        assert sign_in(client, user).get(page(participation)).status_code == 404

    def test_a_head_sees_only_their_own_unit(self, client, participation, something, head):
        found = text_of(sign_in(client, head).get(page(participation)))
        assert "Fembøringen barnehage" in found
        assert "Leksvik barnehage" not in found
        assert "I hele kommunen" not in found
        assert "Med i 2 møter" in found

    def test_asks_for_sign_in(self, client, participation):
        assert client.get(page(participation)).status_code == 302

    def test_never_the_notes(self, client, participation, units, supervisor, today):
        facts = {"worked_on": "Hemmelig", "agreed": "Også hemmelig", "took_part": {"children": 1}}
        a_session(participation, units[:1], supervisor, day=today, **facts)
        assert "emmelig" not in text_of(sign_in(client, supervisor).get(page(participation)))

    def test_without_units(self, client, other_participation, other_contact):
        found = text_of(sign_in(client, other_contact).get(page(other_participation)))
        assert "Ingen enheter er registrert." in found

    def test_a_key_that_no_row_can_have(self, client, contact):
        assert sign_in(client, contact).get(f"/veiledning/kommune/{10**30}/medvirkning/").status_code == 404
