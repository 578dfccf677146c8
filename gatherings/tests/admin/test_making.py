"""A cohort's gatherings, made by one press."""

import pytest
from django.urls import reverse

from gatherings.admin import making
from gatherings.models import Gathering

MAKE = reverse("admin:gatherings_gathering_make")


def for_cohort(cohort) -> str:
    return f"{MAKE}?pulje={cohort.pk}"


def test_what_is_lacking_is_shown_and_nothing_is_made(staff_client, cohort):
    Gathering.objects.create(cohort=cohort, semester=2)
    page = staff_client.get(for_cohort(cohort))
    html = page.content.decode()
    lacking = [semester.number for semester in page.context["semesters"] if not semester.gathering]
    assert lacking == [1, 3, 4]
    assert f"Høsten {cohort.first_year}" in html
    assert f"Våren {cohort.first_year + 2}" in html
    assert page.context["form"]["kick_off"].value() is True
    assert 'name="kick_off"' in html
    assert Gathering.objects.count() == 1


def test_semesters_go_autumn_spring_autumn_spring(cohort):
    year = cohort.first_year
    found = [(semester.first.year, semester.first.month) for semester in making.semesters(cohort)]
    assert found == [(year, 9), (year + 1, 2), (year + 1, 9), (year + 2, 2)]


def test_one_press_makes_them(staff_client, cohort):
    answer = staff_client.post(for_cohort(cohort), {"kick_off": "on"}, follow=True)
    made = Gathering.objects.order_by("semester")
    assert [gathering.semester for gathering in made.filter(kind="gathering")] == [1, 2, 3, 4]
    assert made.get(kind="kick_off").audience == ["authority", "owner", "head"]
    assert {gathering.settled for gathering in made} == {"tentative"}
    assert "5 samlinger er laget for pulje 9." in answer.content.decode()


def test_pressed_twice_makes_nothing_twice(staff_client, cohort):
    staff_client.post(for_cohort(cohort), {"kick_off": "on"})
    answer = staff_client.post(for_cohort(cohort), {"kick_off": "on"}, follow=True)
    assert Gathering.objects.count() == 5
    assert "Ingen nye er laget." in answer.content.decode()


def test_without_the_kick_off(staff_client, cohort):
    staff_client.post(for_cohort(cohort), {})
    assert not Gathering.objects.filter(kind="kick_off").exists()


def test_who_made_them_is_in_the_history(staff_client, cohort, staff):
    staff_client.post(for_cohort(cohort), {"kick_off": "on"})
    assert {gathering.history.get().history_user for gathering in Gathering.objects.all()} == {staff}


@pytest.mark.parametrize("query", ["?pulje=", "?pulje=999", "?pulje=tull"])
def test_a_cohort_that_does_not_exist(staff_client, cohort, query):
    assert staff_client.get(MAKE + query).status_code == 422
    assert staff_client.post(MAKE + query, {"kick_off": "on"}).status_code == 422
    assert not Gathering.objects.exists()


def test_all_made_offers_no_button(staff_client, cohort):
    making.make(cohort, kick_off=True)
    assert "Lag samlingene som mangler" not in staff_client.get(for_cohort(cohort)).content.decode()


def test_a_contact_makes_no_gatherings(client, contact, cohort):
    client.force_login(contact)
    client.post(for_cohort(cohort), {"kick_off": "on"})
    assert not Gathering.objects.exists()
