from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from conftest import withdraw
from participants import tasks
from participants.confirmation import asking
from participants.models import Cohort, Confirmation, Municipality, Participation

LIST = "/admin/participants/cohort/"


def take_part(cohort, staff, number, *, asked=None, answered=False, withdrawn=False):
    now = timezone.now()
    participation = Participation.objects.create(cohort=cohort, municipality=Municipality.objects.get(number=number))
    if asked:
        confirmation = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
        Confirmation.objects.filter(pk=confirmation.pk).update(due_on=asked)
        if answered:
            confirmation.refresh_from_db()
            confirmation.answer(snapshot={}, changes=[], comment="", by=staff, now=now)
    if withdrawn:
        withdraw(participation, by=staff, now=now)
    return participation


def test_counts(staff_client, cohort, staff):
    today = timezone.localdate()
    take_part(cohort, staff, "5054")
    take_part(cohort, staff, "4601", asked=today)
    take_part(cohort, staff, "0301", asked=today - timedelta(days=1))
    take_part(cohort, staff, "1103", asked=today - timedelta(days=1), answered=True)
    take_part(cohort, staff, "5610", asked=today - timedelta(days=1), withdrawn=True)
    [row] = staff_client.get(LIST).context["cl"].result_list
    assert (row.taking_part_count, row.confirmed_count, row.overdue_count) == (4, 1, 1)
    assert row.withdrawn_count == 1  # with them it is as many as before


def test_a_new_round_is_not_confirmed_yet(staff_client, cohort, staff):
    today = timezone.localdate()
    participation = take_part(cohort, staff, "5054", asked=today, answered=True)
    asking.ask(participation, due_on=today, year=2, by=staff, now=timezone.now())
    [row] = staff_client.get(LIST).context["cl"].result_list
    assert (row.confirmed_count, row.overdue_count) == (0, 0)


def test_a_count_leads_to_those_it_counts(staff_client, cohort, staff):
    take_part(cohort, staff, "0301", asked=timezone.localdate() - timedelta(days=1))
    page = staff_client.get(LIST).content.decode()
    address = f"/admin/participants/participation/?cohort__id__exact={cohort.pk}&state=overdue"
    assert f'href="{escape(address)}"' in page
    assert "Oslo" in staff_client.get(address).content.decode()


def test_ask_the_registers_for_the_cohort(staff_client, cohort, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr(tasks.refresh_registers, "delay", asked.append)
    data = {"action": "ask_registers", "_selected_action": cohort.pk}
    with django_capture_on_commit_callbacks(execute=True):
        page = staff_client.post(LIST, data, follow=True).content.decode()
    assert asked == [cohort.pk]
    assert "Tallene for 1 pulje hentes." in page


def test_bad_input_loses_nothing_typed(staff_client):
    data = {"number": "7", "first_year": "2027", "starts_on": "2026-09-01", "confirm_by": "i morgen"}
    response = staff_client.post(LIST + "add/", data)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Formell oppstart må være i 2027" in page
    assert 'value="i morgen"' in page
    assert not Cohort.objects.exists()


@pytest.mark.parametrize("size", [2, 20])
def test_questions_do_not_grow_with_the_rows(staff_client, cohort, staff, size, django_assert_num_queries):
    for number in range(20, 20 + size - 1):
        Cohort.objects.create(number=number, first_year=2020, starts_on="2020-09-01", confirm_by=timezone.localdate())
    take_part(cohort, staff, "5054", asked=timezone.localdate())
    with django_assert_num_queries(4):
        assert len(staff_client.get(LIST).context["cl"].result_list) == size
