"""Who reads or takes out what few may see is written down, once an hour, and seen by the people it is about."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.models import PrivateReading
from guidance.models import GuidanceSession
from guidance.tests.conftest import held_session

pytestmark = pytest.mark.django_db
Kind = PrivateReading.Kind


def test_one_takes_out_what_is_held_of_oneself(client, contact):
    client.force_login(contact)
    client.get(reverse("accounts:export"))
    client.get(reverse("accounts:export"))
    row = PrivateReading.objects.get()
    assert (row.kind, row.read_by, row.what) == (Kind.OWN, contact, "mine-opplysninger.json")
    assert list(row.about.all()) == [contact]
    assert "Egne opplysninger, mine-opplysninger.json" in client.get(reverse("accounts:me")).text


def test_a_list_that_is_taken_out_is_written_down(as_staff, staff, participation, contact):
    page = reverse("board:export", args=[participation.cohort_id])
    answer = as_staff.get(page)
    assert answer["Content-Disposition"].startswith("attachment")
    row = PrivateReading.objects.get()
    assert (row.kind, row.read_by) == (Kind.FILE, staff)
    assert row.what.endswith(".xlsx")
    assert row.path == page


def test_an_empty_sheet_holds_nobody(as_staff):
    assert as_staff.get(reverse("admin:participants_cohort_template")).status_code == 200
    assert not PrivateReading.objects.exists()


def test_notes_that_another_has_written(as_staff, client, participation, supervisor, leader, units):
    session = held_session(participation, supervisor, units[:1], days=-7)
    GuidanceSession.objects.filter(pk=session.pk).update(worked_on="Vi snakket om leken.")
    page = reverse("guidance:session", args=[session.pk])
    as_staff.get(page)  # who sees no notes reads none
    client.force_login(session.submitted_by)
    client.get(page)
    assert not PrivateReading.objects.exists()
    client.force_login(leader)
    assert "Vi snakket om leken." in client.get(page).text
    row = PrivateReading.objects.get()
    assert (row.kind, row.read_by, row.path) == (Kind.NOTES, leader, page)
    assert "leken" not in row.what


def test_the_same_within_the_hour_is_one_reading(staff, contact, head):
    now = timezone.now()
    for minutes, person in ((0, contact), (30, head), (59, head), (61, head)):
        moment = now + timedelta(minutes=minutes)
        PrivateReading.log(Kind.NEEDS, what="Samling", path="/x/", by=staff, now=moment, about=[person.pk])
    first, second = PrivateReading.objects.order_by("pk")
    assert set(first.about.all()) == {contact, head}
    assert list(second.about.all()) == [head]


def test_staff_see_all_or_those_about_one(as_staff, staff, contact, head):
    now = timezone.now()
    PrivateReading.log(Kind.NEEDS, what="Samling 2", path="/x/", by=staff, now=now, about=[contact.pk])
    PrivateReading.log(Kind.FILE, what="liste.xlsx", path="/y/", by=head, now=now)
    page = as_staff.get(reverse("seeing:readings")).text
    assert "Samling 2" in page
    assert "liste.xlsx" in page
    page = as_staff.get(reverse("seeing:readings"), {"person": contact.pk}).text
    assert "Samling 2" in page
    assert "liste.xlsx" not in page


def test_only_staff_see_the_list(client, contact):
    client.force_login(contact)
    assert client.get(reverse("seeing:readings")).status_code == 404


def test_it_is_kept_for_two_years(staff, contact):
    now = timezone.now()
    for days in (729, 731):
        PrivateReading.log(
            Kind.NEEDS, what="x", path=f"/{days}/", by=staff, now=now - timedelta(days=days), about=[contact.pk]
        )
    tasks.erase_old()
    assert PrivateReading.objects.get().path == "/729/"
