"""A measure that is new, put right or withdrawn: told at once to who leads the unit, never to who did it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user, withdraw
from guidance.models import Measure
from guidance.tests.conftest import a_measure
from guidance.tests.mails.conftest import ASKED, at, mails, when
from participants.models import Contact

MOMENT = "10-01 11:00+0200"
OPENED, CORRECTED, REMOVED = "measure_opened", "measure_corrected", "measure_removed"
BEFORE = at(9, 30)


def of(name: str) -> list[tuple[str, str]]:
    return when(name, start=BEFORE)


@pytest.fixture
def entered(units, supervisor, head, contact) -> Measure:
    """By the supervisor."""
    measure = a_measure(units[0], supervisor, starts_on=ASKED.date(), ends_on=at(12, 1).date())
    assert measure.opened_at == ASKED
    return measure


def test_the_head_is_told_at_once_what_who_and_by_whom(entered, head):
    assert of(OPENED) == [("hanne.styrer", MOMENT)]
    [mail] = mails(OPENED, start=BEFORE)
    told = dict(mail.values)
    assert told["hvem"] == "Vera Veileder"
    assert told["tiltak"] == [
        f"{entered.unit}: Felles rutine for uteområdet. Ansvar: Rektor. Frist: til og med tirsdag 1. desember 2026"
    ]
    assert told["lenke"].endswith(entered.get_absolute_url())


def test_not_who_entered_it_and_the_municipality_has_a_head_for_it(units, head, contact):
    a_measure(units[0], head)
    assert of(OPENED) == []


def test_another_head_of_the_unit_is(units, head, participation):
    make_contact(
        participation, make_user("to@example.no", "To Styrer"), function=Contact.Function.HEAD, unit=units[0], by=head
    )
    a_measure(units[0], head)
    assert of(OPENED) == [("to", MOMENT)]


def test_without_a_head_those_who_answer_for_the_municipality(units, supervisor, contact):
    a_measure(units[0], supervisor)
    assert of(OPENED) == [("kari.kontakt", MOMENT)]


def test_several_units_of_one_form_are_one_mail(units, supervisor, contact):
    for unit in units[:3]:
        a_measure(unit, supervisor)
    assert of(OPENED) == [("kari.kontakt", MOMENT)]


def test_the_same_key_when_one_of_them_goes(units, supervisor, contact):
    rows = [a_measure(unit, supervisor) for unit in units[:2]]
    [before] = mails(OPENED, start=BEFORE)
    rows[0].withdraw(why="mistake", by=supervisor, now=timezone.now())
    [after] = mails(OPENED, start=BEFORE)
    assert before.key == after.key


def test_what_is_withdrawn_before_it_is_told_is_not_told(entered, supervisor):
    entered.withdraw(why="mistake", by=supervisor, now=timezone.now())
    assert of(OPENED) == []


def test_one_of_a_unit_that_is_closed_or_a_municipality_that_has_left_is_not_told(entered, participation, staff):
    entered.unit.closed_on = timezone.localdate()
    entered.unit.save()
    assert of(OPENED) == []
    entered.unit.closed_on = None
    entered.unit.save()
    assert of(OPENED) != []
    withdraw(participation, by=staff, now=timezone.now())
    assert of(OPENED) == []


def test_it_leads_to_the_measure_or_to_all_of_them(units, supervisor, contact):
    for unit in units[:2]:
        a_measure(unit, supervisor)
    [mail] = mails(OPENED, start=BEFORE)
    leads_to = reverse("guidance:municipality_measures", args=[units[0].participation_id])
    assert dict(mail.values)["lenke"].endswith(leads_to)


def test_it_is_told_once(entered, send):
    send(at(10, 1, 12))
    assert send(at(10, 1, 13)) == []


def test_a_correction_is_told_and_a_report_is_not(entered, supervisor, head, clock):
    clock.move_to(at(10, 2, 12))
    facts = {"what": "Rettet"}
    entered.change(facts=facts, state="planned", progress="", by=supervisor, now=timezone.now())
    assert of(CORRECTED) == [("hanne.styrer", "10-02 12:00+0200")]
    clock.move_to(at(10, 3, 12))
    entered.change(facts={}, state="underway", progress="I gang", by=supervisor, now=timezone.now())
    assert of(CORRECTED) == [("hanne.styrer", "10-02 12:00+0200")]


def test_a_second_correction_is_told_too(entered, supervisor, head, send):
    for day, what in ((2, "Rettet"), (3, "Rettet igjen")):
        now = at(10, day, 12)
        entered.change(facts={"what": what}, state="planned", progress="", by=supervisor, now=now)
        assert ("measure_corrected", "hanne.styrer") in send(now)


def test_not_to_who_corrected_it(entered, head):
    entered.change(facts={"what": "Rettet"}, state="planned", progress="", by=head, now=timezone.now())
    assert of(CORRECTED) == []


def test_a_responsibility_that_is_handed_over_is_no_correction(entered, head, supervisor):
    entered.hand_over(who="Ny Styrer", by=supervisor, now=timezone.now())
    assert of(CORRECTED) == []


def test_who_entered_it_is_told_when_another_withdraws_it(entered, head, supervisor):
    entered.withdraw(why="mistake", by=head, now=timezone.now())
    assert of(REMOVED) == [("vera.veileder", MOMENT)]


def test_the_head_is_told_when_who_entered_it_withdraws_it(entered, head, supervisor):
    entered.withdraw(why="mistake", by=supervisor, now=timezone.now())
    assert of(REMOVED) == [("hanne.styrer", MOMENT)]


def test_one_that_has_ended_is_not_reminded_of_because_it_is_new(units, supervisor, head):
    measure = a_measure(units[0], supervisor, ends_on=at(10, 20).date())
    measure.report(state="finished", progress="", by=head, now=timezone.now())
    assert of("measures") == []


def test_who_comes_later_hears_of_no_old_news(entered, units, participation, head, clock):
    clock.move_to(at(10, 3, 12))
    make_contact(
        participation, make_user("ny@example.no", "Ny"), function=Contact.Function.HEAD, unit=units[0], by=head
    )
    assert of(OPENED) == [("hanne.styrer", MOMENT)]
