"""The yes of a nominated municipality: which day, who said so, who registered it, and only once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import withdraw
from guidance.tests.conftest import sign_in, text_of
from participants.models import Cohort

WHO = {"said_by": "Kari Nordmann,\tkommunalsjef"}


@pytest.fixture
def page(client, levanger, officer) -> str:
    client.force_login(officer)
    return reverse("governor:accept", args=[levanger.pk])


def answer(days: int = 0) -> dict:
    return WHO | {"on": (timezone.localdate() - timedelta(days=days)).isoformat()}


def test_it_is_seen_and_then_stored(client, page, levanger, officer):
    assert "Levanger takket ja" in text_of(client.post(page, answer(3)))
    levanger.refresh_from_db()
    assert levanger.accepted_at is None
    assert client.post(page, answer(3) | {"_confirmed": "1"}).url == levanger.get_absolute_url()
    levanger.refresh_from_db()
    assert levanger.accepted_on == timezone.localdate() - timedelta(days=3)
    assert (levanger.accepted_by, levanger.accepted_said_by) == (officer, "Kari Nordmann, kommunalsjef")
    assert levanger.history.first().history_user == officer
    text = text_of(client.get(levanger.get_absolute_url()))
    assert "Svaret kom fra Kari Nordmann, kommunalsjef, og ble registrert av Olav Embete." in text


def test_the_second_answer_changes_nothing(client, page, levanger):
    client.post(page, answer(3) | {"_confirmed": "1"})
    again = client.post(page, answer(1) | {"_confirmed": "1"}, follow=True)
    assert "Ingenting er endret." in text_of(again)
    levanger.refresh_from_db()
    assert levanger.accepted_on == timezone.localdate() - timedelta(days=3)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": "2099-01-01"}, "Datoen kan ikke være fram i tid."),
        ({"on": "1999-01-01"}, "Datoen er før prosjektet begynte."),
        ({"on": "i går"}, "dato"),
        ({"said_by": ""}, "Svar på «"),
        ({"said_by": "x" * 201}, "200"),
    ],
)
def test_bad_input(client, page, levanger, wrong, said):
    refused = client.post(page, answer() | wrong | {"_confirmed": "1"})
    assert refused.status_code == 422
    assert said in text_of(refused)
    levanger.refresh_from_db()
    assert levanger.accepted_at is None


def test_not_another_countys(client, page, other_officer, contact):
    for person in (other_officer, contact):
        client.force_login(person)
        assert client.post(page, answer() | {"_confirmed": "1"}).status_code == 404


def test_staff_may_too(client, page, levanger, staff):
    sign_in(client, staff)
    client.post(page, answer() | {"_confirmed": "1"})
    levanger.refresh_from_db()
    assert levanger.accepted_by == staff


def test_one_that_has_withdrawn_gives_no_answer(client, page, levanger, staff):
    withdraw(levanger, by=staff, now=timezone.now())
    assert "Levanger har trukket seg. Ingenting er endret." in text_of(client.get(page, follow=True))


def test_it_waits_on_the_offices_page_until_it_is_registered(client, page, levanger, officer):
    assert "Registrer svaret fra Levanger" in text_of(client.get("/"))
    client.post(page, answer() | {"_confirmed": "1"})
    assert "Registrer svaret fra Levanger" not in text_of(client.get("/"))


def test_nothing_waits_when_the_pulje_is_over(client, page, levanger):
    Cohort.objects.filter(pk=levanger.cohort_id).update(first_year=2015)
    assert client.get(page).status_code == 404
    assert "Registrer svaret fra Levanger" not in text_of(client.get("/"))
