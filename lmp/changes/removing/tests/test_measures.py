"""A measure that should not have been entered is taken back; one of another unit is moved there."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from guidance.models import Measure, MeasureMove
from guidance.tests.conftest import a_measure
from lmp.changes.removing.tests.conftest import post_due, send, signed_in, text_of
from participants.models import Contact

pytestmark = pytest.mark.usefixtures("noon", "db")
WHY = {"why": "mistake"}


@pytest.fixture
def other_head(participation, units, staff):
    user = make_user("leksvik@example.no", "Lek Svik")
    make_contact(participation, user, Contact.Function.HEAD, unit=units[1], by=staff)
    return user


def withdraw(measure: Measure) -> str:
    return reverse("removing:withdraw_measure", args=[measure.pk])


def move(measure: Measure) -> str:
    return reverse("removing:move_measure", args=[measure.pk])


def test_it_counts_nowhere_and_is_still_there(measure, supervisor, head, units):
    page = send(supervisor, withdraw(measure), WHY)
    assert "Tiltaket er trukket tilbake." in page.text
    assert "Grunn: skulle ikke ha vært lagt til" in text_of(page)
    listed = reverse("guidance:measures", args=[units[0].pk])
    client = signed_in(head)
    assert str(measure) not in client.get(listed).text
    assert str(measure) in client.get(f"{listed}?status=withdrawn").text
    municipality = reverse("guidance:municipality_measures", args=[units[0].participation_id])
    assert str(measure) not in signed_in(supervisor).get(municipality).text
    assert not Measure.objects.going_on().exists()


def test_the_head_is_told_once(measure, supervisor, head):
    send(supervisor, withdraw(measure), WHY)
    told = [each for each in post_due() if each[1] == "guidance.measure_removed"]
    assert told == [(head.email, "guidance.measure_removed")]
    assert post_due() == []


def test_the_head_who_does_it_is_not_told_and_who_entered_it_is(measure, head, supervisor):
    send(head, withdraw(measure), WHY)
    assert post_due() == [(supervisor.email, "guidance.measure_removed")]


@pytest.mark.parametrize("person", ["head", "contact", "supervisor", "leader", "staff"])
def test_who_may(request, measure, person):
    who = request.getfixturevalue(person)
    for url in (withdraw(measure), move(measure), reverse("removing:strike_measure", args=[measure.pk])):
        assert signed_in(who).get(url).status_code == 200


@pytest.mark.parametrize("person", ["other_contact", "officer", "other_supervisor", "stranger", "former_supervisor"])
def test_who_may_not(request, measure, person):
    who = request.getfixturevalue(person)
    for url in (withdraw(measure), move(measure), reverse("removing:strike_measure", args=[measure.pk])):
        assert signed_in(who).post(url, WHY | {"_confirmed": "1"}).status_code == 404


def test_a_supervisor_who_did_not_enter_it_may_not(units, head, supervisor):
    measure = a_measure(units[0], head)
    assert signed_in(supervisor).get(withdraw(measure)).status_code == 404


def test_only_once(measure, head):
    send(head, withdraw(measure), WHY)
    assert signed_in(head).post(withdraw(measure), WHY | {"_confirmed": "1"}).status_code == 404
    assert signed_in(head).get(move(measure)).status_code == 404


def test_it_is_not_reported_of_any_more(measure, head):
    client = signed_in(head)
    seen = client.get(measure.get_absolute_url()).context["form"].initial["seen"]
    send(head, withdraw(measure), WHY)
    facts = {name: str(value) for name, value in measure.facts.items()}
    posted = facts | {"state": "finished", "progress": "Ferdig", "seen": seen}
    assert client.post(measure.get_absolute_url(), posted).status_code == 404
    assert client.get(measure.get_absolute_url()).context["form"] is None


def test_to_another_unit_of_the_municipality(measure, supervisor, head, other_head, contact, units):
    page = text_of(send(supervisor, move(measure), {"to": units[1].pk}, confirmed=False))
    assert "Tiltaket flyttes fra Fembøringen barnehage til Leksvik barnehage." in page
    page = send(supervisor, move(measure), {"to": units[1].pk})
    assert "Tiltaket er flyttet til Leksvik barnehage." in page.text
    assert "Tiltaket er flyttet hit fra Fembøringen barnehage av Vera Veileder" in text_of(page)
    measure.refresh_from_db()
    assert measure.unit == units[1]
    assert MeasureMove.objects.get().moved_by == supervisor
    told = {to for to, text in post_due() if text == "guidance.measure_removed"}
    assert told == {head.email, other_head.email}


def test_the_head_who_gives_it_away_sees_it_no_longer(measure, head, other_head, units):
    answer = send(head, move(measure), {"to": units[1].pk})
    assert answer.redirect_chain[-1][0] == reverse("home")
    assert signed_in(head).get(measure.get_absolute_url()).status_code == 404


def test_not_to_a_unit_of_another_municipality(measure, head, other_participation):
    unit = other_participation.units.create(name="Bergen skole", kind="school")
    assert signed_in(head).post(move(measure), {"to": unit.pk, "_confirmed": "1"}).status_code == 422


def test_not_to_a_unit_that_is_closed(measure, head, units):
    units[1].closed_on = timezone.localdate()
    units[1].save()
    assert signed_in(head).post(move(measure), {"to": units[1].pk, "_confirmed": "1"}).status_code == 422


def test_not_to_where_it_is(measure, head):
    """Two who move it at once: the second finds it there."""
    with pytest.raises(ValidationError) as refused:
        measure.correct_unit(to=measure.unit, by=head, now=timezone.now())
    assert refused.value.code == "same_unit"
    assert not MeasureMove.objects.exists()


def test_history_keeps_where_it_was(measure, head, other_head, units):
    send(head, move(measure), {"to": units[1].pk})
    assert [row.unit for row in measure.history.order_by("history_id")] == [units[0], units[1]]
    assert measure.history.latest().history_user == head
