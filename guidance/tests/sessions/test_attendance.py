"""Who took part, by counts: typed and never filled in for anybody, with what is known said before it is opened."""

import re

import pytest
from django.urls import reverse

from guidance.follow_up import continuity
from guidance.follow_up.involvement import involvement_of
from guidance.models import GuidanceSession, GuidanceSettings, LogDraft
from guidance.sessions.attendance import FilledIn
from guidance.tests.conftest import text_of
from guidance.tests.held_sessions import going_on, held, in_days, iso, log, planned
from parts.dates import day_in_words

BEFORE = {"owner": 1, "head": 2, "staff": 3, "ppt": 1, "parents": 3, "children": 5, "other": 4}
QUESTION = "Ingen er ført opp som deltaker. Ble møtet holdt?"


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


@pytest.fixture
def new(group) -> str:
    return reverse("guidance:log", args=[group.participation_id])


@pytest.fixture
def signed_in(client, supervisor):
    client.force_login(supervisor)
    return client


def of(session) -> str:
    return reverse("guidance:log_planned", args=[session.pk])


def heading(response) -> str:
    return response.context["form"].who.heading


def counts_of(form) -> dict:
    return {name: form[name].value() for name in form.fields if name.startswith("took_") and form[name].value()}


def in_figures(cohort) -> int:
    rows = continuity.continuity_of(cohort, GuidanceSettings.objects.of(cohort), today=in_days(0))
    return sum(rows[0].held)


class TestNothingIsFilledIn:
    def test_a_phone_call_with_the_head_alone_after_a_session_with_parents_and_children(
        self, signed_in, supervisor, group, new
    ):
        """The very case: 3 parents, 5 children and PPT last time, and none of them the next."""
        held(group, supervisor, day=-2, took_part={"parents": 3, "children": 5, "ppt": 1})
        data = log(supervisor, took_head=signed_in.get(new).context["form"]["took_head"].value() or "1", format="phone")
        signed_in.post(new, data)
        assert GuidanceSession.objects.held().first().took_part == {"head": 1}

    def test_sent_with_the_fold_as_it_is_drawn_nobody_more_is_involved(self, signed_in, supervisor, group, units, new):
        """B2: the next log said 3 parents, 5 children and 1 PPT, and the involvement page «10 personer»."""
        before = held(group, supervisor, day=-2, units=units[:1], took_part={"parents": 3, "children": 5, "ppt": 1})
        form = signed_in.get(new).context["form"]
        drawn = {name: form[name].value() or "" for name in form.fields if name.startswith("took_")}
        typed = {"worked_on": "Telefonmøte bare med rektor.", "format": "phone", "units": form["units"].value()}
        response = signed_in.post(new, log(supervisor, **drawn | typed, was_held="yes"))
        assert GuidanceSession.objects.held().get(format="phone").took_part == {}
        assert response.status_code == 302
        [found] = involvement_of([group.participation]).values()
        assert {(one.sessions, one.present, one.last) for one in found.stakeholders.values()} == {
            (1, 1, before.held_on)
        }
        page = text_of(signed_in.get(reverse("guidance:involvement", args=[group.participation_id])))
        assert f"Nevnt i møtet {day_in_words(before.held_on)}" in page
        assert not re.search(r"\d+ personer", page)

    @pytest.mark.parametrize("is_planned", [True, False])
    def test_no_count_stands_in_a_new_form(self, signed_in, supervisor, group, new, is_planned):
        held(group, supervisor, day=-2, took_part=BEFORE)
        response = signed_in.get(of(planned(group, supervisor)) if is_planned else new)
        assert counts_of(response.context["form"]) == {}


class TestTheHeadingSaysWhatIsInTheFold:
    def test_of_a_new_form(self, signed_in, supervisor, group, units, new):
        held(group, supervisor, day=-2, units=units[:2], took_part=BEFORE)
        response = signed_in.get(new)
        assert heading(response) == "Hvem var med: 2 enheter, ingen personer ført opp"
        assert heading(response) in text_of(response)

    @pytest.mark.parametrize(
        ("chosen", "counts", "says"),
        [
            (4, {"took_staff": "9", "took_head": "2"}, "4 enheter, 11 personer"),
            (1, {"took_head": "1"}, "1 enhet, 1 person"),
            (0, {"took_head": "ti", "took_staff": "²"}, "ingen enheter, ingen personer ført opp"),
            (2, {"took_head": "-3", "took_staff": " 4 "}, "2 enheter, 4 personer"),
        ],
    )
    def test_of_a_form_that_comes_back(self, signed_in, supervisor, units, new, chosen, counts, says):
        sent = log(supervisor, worked_on="", units=[unit.pk for unit in units[:chosen]], took_head="") | counts
        assert heading(signed_in.post(new, sent)) == f"Hvem var med: {says}"

    def test_of_a_correction(self, signed_in, supervisor, group, units):
        session = held(group, supervisor, units=units[:3], took_part={"head": 2, "children": 5})
        response = signed_in.get(reverse("guidance:correct_log", args=[session.pk]))
        assert heading(response) == "Hvem var med: 3 enheter, 7 personer"

    def test_where_there_are_no_units(self, signed_in, supervisor, group, new):
        group.participation.units.all().delete()
        assert heading(signed_in.get(new)) == "Hvem var med: ingen personer ført opp"

    def test_the_script_has_the_words_for_none_one_and_more(self):
        assert FilledIn(1, 1).ways_to_say == {
            "units": ["ingen enheter", "1 enhet", "# enheter"],
            "people": ["ingen personer ført opp", "1 person", "# personer"],
            "heading": ["Hvem var med: #"],
        }

    def test_in_nynorsk(self, signed_in, supervisor, units, new):
        supervisor.language = "nn"
        supervisor.save()
        sent = log(supervisor, worked_on="", units=[units[0].pk, units[1].pk], took_head="4")
        assert "Kven var med: 2 einingar, 4 personar" in text_of(signed_in.post(new, sent))


class TestAsLast:
    def test_shows_what_it_sets_and_sets_those_whose_work_it_is(self, signed_in, supervisor, group, new):
        held(group, supervisor, day=-9, took_part={"owner": 9})
        held(group, supervisor, day=-2, took_part=BEFORE)
        page = text_of(signed_in.get(new))
        assert "Som sist (eier og myndighet: 1, styrer og rektor: 2, ansatte: 3)" in page
        sent = log(supervisor, action="as_last", took_head="", took_children="8", agreed="Skrevet på vei hjem.")
        response = signed_in.post(new, sent)
        form = response.context["form"]
        assert (response.status_code, form.errors) == (200, {})
        assert counts_of(form) == {"took_owner": 1, "took_head": 2, "took_staff": 3, "took_children": "8"}
        assert (form["agreed"].value(), form["minutes"].value()) == ("Skrevet på vei hjem.", "60")
        assert str(response.context["token"]) == sent["token"]
        assert not GuidanceSession.objects.filter(token=sent["token"]).exists()
        assert "Fylt inn som sist" in text_of(response)

    def test_a_form_that_is_not_complete_keeps_what_was_typed(self, signed_in, supervisor, group, new):
        held(group, supervisor, day=-2, took_part=BEFORE)
        sent = log(supervisor, action="as_last", held_on="", took_ppt="to", worked_on="", units=["x"])
        form = signed_in.post(new, sent).context["form"]
        assert (form["held_on"].value(), form["took_ppt"].value(), form["took_staff"].value()) == ("", "to", 3)

    @pytest.mark.parametrize("took_part", [{}, {"parents": 3, "children": 5, "ppt": 1, "other": 2}])
    def test_nothing_to_set(self, signed_in, supervisor, group, new, took_part):
        held(group, supervisor, day=-2, took_part=took_part)
        response = signed_in.get(new)
        assert response.context["last_time"] is None
        assert "Som sist" not in text_of(response)
        assert signed_in.post(new, log(supervisor, action="as_last")).status_code == 200

    def test_others_do_not_learn_of_the_last_time(self, client, other_supervisor, supervisor, group, new):
        held(group, supervisor, day=-2, took_part=BEFORE)
        client.force_login(other_supervisor)
        assert client.post(new, log(other_supervisor, action="as_last")).status_code == 404


class TestNobodyIsCounted:
    @pytest.fixture
    def nobody(self, supervisor) -> dict:
        return log(supervisor, took_head="0")

    def test_it_is_asked_and_nothing_is_stored(self, signed_in, new, nobody):
        response = signed_in.post(new, nobody)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["was_held"]
        assert text_of(response).count(QUESTION) == 2  # at the answers, and in the box that leads there
        assert response.context["form"]["agreed"].value() == nobody["agreed"]
        assert not GuidanceSession.objects.exists()

    def test_it_was_held(self, signed_in, cohort, new, nobody):
        response = signed_in.post(new, nobody | {"was_held": "yes"})
        session = GuidanceSession.objects.held().get()
        assert response.url == session.get_absolute_url()
        assert (session.took_part, session.held_without_count, session.lacks_answer) == ({}, True, False)
        assert in_figures(cohort) == 1

    def test_the_answer_is_kept_while_another_question_is_asked(self, signed_in, supervisor, group, new, nobody):
        held(group, supervisor, day=0)
        response = signed_in.post(new, nobody | {"was_held": "yes"})
        assert list(response.context["form"].errors) == ["another"]
        assert '<input type="hidden" name="was_held" value="yes">' in response.content.decode()

    @pytest.mark.parametrize("is_planned", [True, False])
    def test_it_was_not_held(self, signed_in, supervisor, group, new, nobody, is_planned):
        session = planned(group, supervisor, day=-1) if is_planned else None
        response = signed_in.post(of(session) if session else new, nobody | {"action": "not_held"})
        assert not GuidanceSession.objects.held().exists()
        assert LogDraft.objects.get().data["worked_on"] == [nobody["worked_on"]]
        if session:
            assert response.url == reverse("guidance:cancel_session", args=[session.pk])
        else:
            assert response.url == f"{new}?utkast={nobody['token']}"
        assert "Loggen er ikke sendt inn, og ligger som utkast." in text_of(signed_in.get(response.url))

    def test_of_a_log_without_an_answer_nothing_is_counted(self, client, supervisor, leader, group, cohort):
        session = held(group, supervisor, took_part={})
        assert session.lacks_answer
        assert in_figures(cohort) == 0
        client.force_login(supervisor)
        assert "loggen sier ikke om møtet ble holdt" in text_of(client.get(session.get_absolute_url()))

    def test_a_correction_that_takes_everybody_out_is_asked_too(self, signed_in, supervisor, group):
        session = held(group, supervisor, day=-3, took_part={"head": 1})
        url = reverse("guidance:correct_log", args=[session.pk])
        data = log(supervisor, held_on=iso(-3), took_head="", seen="0")
        response = signed_in.post(url, data)
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["was_held"])
        assert reverse("removing:withdraw_log", args=[session.pk]) in response.content.decode()
        signed_in.post(url, data | {"was_held": "yes"})
        session.refresh_from_db()
        assert (session.took_part, session.held_without_count) == ({}, True)
        assert "holdt, uten at noen er telt" in text_of(signed_in.get(session.get_absolute_url())).lower()

    def test_counting_somebody_afterwards_takes_the_answer_away(self, signed_in, supervisor, group):
        session = held(group, supervisor, day=-3, took_part={}, held_without_count=True)
        url = reverse("guidance:correct_log", args=[session.pk])
        assert signed_in.get(url).context["form"]["was_held"].value() is True
        signed_in.post(url, log(supervisor, held_on=iso(-3), took_staff="4", was_held="yes", seen="0"))
        session.refresh_from_db()
        assert (session.took_part, session.held_without_count) == ({"head": 1, "staff": 4}, False)
