"""Ny frist from the list, the cohort and the round: shown first, then done, and told to those who answer."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from participants.confirmation import asking
from participants.models import Confirmation, DeadlineChange
from parts.dates import day_in_words

LIST = "/admin/participants/participation/"
SENTENCE = "Dere får en uke til, fordi brevet ble forsinket."


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def first(participation, contact, staff) -> Confirmation:
    participation.welcome(by=staff, now=timezone.now())
    return asking.ask(participation, due_on=day(20), by=staff, now=timezone.now())


@pytest.fixture
def second(other_participation, other_contact, staff) -> Confirmation:
    return asking.ask(other_participation, due_on=day(20), by=staff, now=timezone.now())


def of_cohort(cohort) -> str:
    return reverse("admin:participants_cohort_deadline", args=[cohort.pk])


def of_round(confirmation) -> str:
    return reverse("admin:participants_confirmation_deadline", args=[confirmation.pk])


def typed(*rounds, **facts) -> dict:
    chosen = {"rounds": [confirmation.pk for confirmation in rounds]}
    return chosen | {"due_on": day(40).isoformat(), "sentence": SENTENCE} | facts


def carried(page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in page.context["carried"]:
        found.setdefault(name, []).append(value)
    return found


def due(*rounds: Confirmation) -> list[int]:
    days = Confirmation.objects.in_bulk([confirmation.pk for confirmation in rounds])
    return [(days[confirmation.pk].due_on - timezone.localdate()).days for confirmation in rounds]


class TestCohort:
    def test_all_open_rounds_are_ticked(self, staff_client, cohort, first, second):
        page = staff_client.get(of_cohort(cohort)).content.decode()
        assert page.count(" checked") == 2
        assert f"Indre Fosen (Trøndelag), frist til og med {day_in_words(day(20))}" in page

    def test_first_it_is_shown_and_nothing_is_stored(self, staff_client, cohort, first, second):
        page = staff_client.post(of_cohort(cohort), typed(first, second))
        html = page.content.decode()
        assert (
            f"Indre Fosen: til og med {day_in_words(day(40))} (før: {day_in_words(day(20))})"
            in page.context["sections"][0][1]
        )
        assert [(row.text, row.names) for row in page.context["mails"].mails] == [
            ("Ny frist for å bekrefte", ["Birger Bergen", "Kari Kontakt"])
        ]
        assert page.context["mails"].shifts
        assert "Dette skjer når du lagrer" in html
        crumbs = html.split('class="breadcrumbs"')[1].split("</div>")[0]
        assert ">Tilbake<" not in crumbs
        assert str(cohort) in crumbs
        assert (due(first, second), Message.objects.exists()) == ([20, 20], False)

    def test_then_it_is_done_for_those_that_are_ticked(self, staff_client, cohort, first, second, staff):
        page = staff_client.post(of_cohort(cohort), typed(first))
        done = staff_client.post(of_cohort(cohort), carried(page) | {"_confirmed": "Lagre"}, follow=True)
        assert f"Ny frist til og med {day_in_words(day(40))}: 1 kommune." in done.content.decode()
        assert due(first, second) == [40, 20]
        assert Message.objects.get().to == "kari.kontakt@example.no"
        assert SENTENCE in Message.objects.get().body
        assert DeadlineChange.objects.get().changed_by == staff

    def test_pressed_twice_tells_once_and_says_so(self, staff_client, cohort, first):
        sent = typed(first) | {"_confirmed": "Lagre"}
        staff_client.post(of_cohort(cohort), sent)
        again = staff_client.post(of_cohort(cohort), sent, follow=True).content.decode()
        assert (Message.objects.count(), DeadlineChange.objects.count()) == (1, 1)
        assert "1 kommune ble ikke endret." in again

    def test_back_keeps_what_was_typed(self, staff_client, cohort, first, second):
        page = staff_client.post(of_cohort(cohort), typed(second))
        form = staff_client.post(of_cohort(cohort), carried(page) | {"_back": "Tilbake"})
        html = form.content.decode()
        assert form.status_code == 200
        assert SENTENCE in html
        assert f'value="{day(40).isoformat()}"' in html
        assert form.context["form"]["rounds"].value() == [str(second.pk)]

    def test_who_answers_between_the_two_presses_is_left_out_and_told(self, staff_client, cohort, first, second, staff):
        page = staff_client.post(of_cohort(cohort), typed(first, second))
        first.answer(snapshot={}, changes=[], comment="", by=staff, now=timezone.now())
        done = staff_client.post(of_cohort(cohort), carried(page) | {"_confirmed": "Lagre"}, follow=True)
        html = done.content.decode()
        assert "1 kommune." in html
        assert "1 kommune ble ikke endret. Den har svart" in html
        assert due(first, second) == [20, 40]

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("facts", "message"),
        [
            ({"due_on": ""}, "Må fylles ut."),
            ({"due_on": "2020-01-01"}, "Fristen må være i dag eller senere."),
            ({"due_on": "2999-01-01"}, "Fristen kan være høyst ett år fram i tid."),
            ({"rounds": []}, "Velg minst én kommune som ikke har svart."),
            ({"rounds": ["tull"]}, "Velg minst én kommune som ikke har svart."),
        ],
    )
    def test_bad_input_loses_nothing_typed(self, staff_client, cohort, first, facts, message):
        page = staff_client.post(of_cohort(cohort), typed(first, **facts))
        html = page.content.decode()
        assert page.status_code == 422
        assert message in html
        assert SENTENCE in html
        assert due(first) == [20]

    def test_a_municipality_without_a_contact_is_named(self, staff_client, cohort, first, staff, other_participation):
        alone = asking.ask(other_participation, due_on=day(20), by=staff, now=timezone.now())
        page = staff_client.post(of_cohort(cohort), typed(first, alone))
        assert page.context["sections"][1] == (
            "Ingen får e-post, fordi kommunen ikke har noen kontaktperson",
            ["Bergen"],
        )

    def test_nothing_is_open(self, staff_client, cohort):
        assert "Ingen åpen runde" in staff_client.get(of_cohort(cohort)).content.decode()

    def test_a_hostile_sentence_is_only_text(self, staff_client, cohort, first):
        html = staff_client.post(of_cohort(cohort), typed(first, sentence="<script>alert(1)</script>")).content.decode()
        assert "<script>alert(1)" not in html


class TestRound:
    def test_its_page_leads_there_and_tells_of_it_afterwards(self, staff_client, first):
        page = reverse("admin:participants_confirmation_change", args=[first.pk])
        assert of_round(first) in staff_client.get(page).content.decode()
        staff_client.post(of_round(first), typed(first) | {"_confirmed": "Lagre"})
        html = staff_client.get(page).content.decode()
        assert f"ny frist til og med {day_in_words(day(40))} (før: {day_in_words(day(20))})" in html
        assert SENTENCE in html

    def test_an_answered_one_has_no_deadline_to_move(self, staff_client, first, staff):
        first.answer(snapshot={}, changes=[], comment="", by=staff, now=timezone.now())
        page = reverse("admin:participants_confirmation_change", args=[first.pk])
        assert of_round(first) not in staff_client.get(page).content.decode()
        assert "Ingen åpen runde" in staff_client.get(of_round(first)).content.decode()


class TestList:
    def choose(self, client, *participations, **facts):
        chosen = {"action": "new_deadline", "_selected_action": [each.pk for each in participations]}
        return client.post(LIST, chosen | facts)

    def test_from_the_list_to_the_change(self, staff_client, first, second, participation):
        page = self.choose(staff_client, participation)
        assert page.context["form"].fields["rounds"].queryset.get() == first
        shown = self.choose(staff_client, participation, **typed(first))
        assert "Dette skjer når du lagrer" in shown.content.decode()
        assert staff_client.post(LIST, carried(shown) | {"_confirmed": "Lagre"}).status_code == 302
        assert due(first, second) == [40, 20]

    def test_who_has_nothing_to_answer_is_named(self, staff_client, first, participation, other_participation):
        page = self.choose(staff_client, participation, other_participation).content.decode()
        assert "Bergen (Pulje 9): har ingen åpen runde" in page

    def test_back_comes_to_the_form(self, staff_client, first, participation):
        shown = self.choose(staff_client, participation, **typed(first))
        form = staff_client.post(LIST, carried(shown) | {"_back": "Tilbake"})
        assert SENTENCE in form.content.decode()


@pytest.mark.parametrize("person", ["contact", "stranger", "staff_without_factor"])
def test_only_staff_move_a_deadline(client, request, cohort, first, person):
    client.force_login(request.getfixturevalue(person))
    for address in (of_cohort(cohort), of_round(first)):
        assert client.post(address, typed(first) | {"_confirmed": "Lagre"}).status_code in (302, 404)
    assert due(first) == [20]
