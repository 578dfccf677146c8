"""Needs go soon, registrations with their cohort; the counts stay."""

import logging
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_contact
from gatherings import erasing, places, tasks
from gatherings.day import needs
from gatherings.models import (
    Answer,
    Answered,
    Attendance,
    ExportedList,
    Feed,
    Gathering,
    LateRequest,
    Needs,
    NeedsErased,
    Registration,
)
from gatherings.tests.hall import mark, move, put_in, signed_in
from participants import erasing as participants_erasing
from participants.models import Cohort, Contact, Participation

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def three(gathering, registration, welcomed, staff):
    """Three at the gathering: one with both needs, one with food, one without any."""
    people = [{"name": f"Person {n}", "email": f"p{n}@example.no"} for n in range(2)]
    one, two = put_in(gathering, *people, participation=welcomed, by=staff)
    needs.keep(one, food="Uten melk", access="Teleslynge", now=timezone.now())
    needs.keep(two, food="Vegetar", access="", now=timezone.now())
    return [one, two]


def erase(days_after: int, gathering) -> list[tuple[int, int, int]]:
    now = timezone.now() + (gathering.last_day - timezone.localdate()) + timedelta(days=days_after)
    return [(row.people, row.food, row.access) for row in erasing.erase_needs(now=now)]


def test_needs_are_counted_and_deleted(gathering, three):
    assert erase(15, gathering) == [(2, 2, 1)]
    assert not Needs.objects.exists()
    assert NeedsErased.objects.get().gathering == gathering
    assert Registration.objects.count() == 3


def test_not_a_day_too_soon(gathering, three):
    assert erase(14, gathering) == []
    assert Needs.objects.count() == 2
    assert needs.deleted_by(gathering) == gathering.last_day + timedelta(days=15)


def test_a_second_run_finds_nothing(gathering, three):
    erase(15, gathering)
    assert erase(15, gathering) == []
    assert NeedsErased.objects.count() == 1


def test_the_days_are_a_setting(gathering, three, settings):
    settings.NEEDS_KEPT_DAYS = 0
    assert erase(0, gathering) == []
    assert erase(1, gathering) == [(2, 2, 1)]


def test_a_single_day(gathering, three, today):
    Gathering.objects.filter(pk=gathering.pk).update(ends_on=None)
    gathering.refresh_from_db()
    assert erase(15, gathering) == [(2, 2, 1)]


def test_who_cancels_is_deleted_at_once(gathering, three, staff):
    places.cancel(three[0], by=staff, now=timezone.now())
    assert [(row.people, row.food, row.access) for row in erasing.erase_needs(now=timezone.now())] == [(1, 1, 1)]
    assert Needs.objects.get().registration == three[1]
    assert erase(15, gathering) == [(1, 1, 0)]


def test_an_offer_that_ran_out_too(gathering, three):
    now = timezone.now()
    Registration.objects.filter(pk=three[0].pk).update(
        placed_at=None, offered_at=now, offered_until=now, expired_at=now
    )
    assert [row.people for row in erasing.erase_needs(now=now)] == [1]


def test_a_cancelled_gathering_is_deleted_at_once(gathering, three):
    Gathering.objects.filter(pk=gathering.pk).update(settled="cancelled")
    assert [row.people for row in erasing.erase_needs(now=timezone.now())] == [2]


def test_a_gathering_without_a_date_keeps_them(gathering, three):
    Gathering.objects.filter(pk=gathering.pk).update(settled="postponed", starts_on=None, ends_on=None)
    assert erasing.erase_needs(now=timezone.now() + timedelta(days=400)) == []
    assert Needs.objects.count() == 2


def test_nothing_of_them_reaches_the_log(gathering, three, caplog):
    Gathering.objects.filter(pk=gathering.pk).update(settled="cancelled")
    with caplog.at_level(logging.INFO):
        tasks.erase_old()
    assert "needs erased at 1 gatherings" in caplog.text
    assert "melk" not in caplog.text
    assert "Person" not in caplog.text


def test_staff_read_the_list_and_change_nothing(gathering, three, staff):
    erase(15, gathering)
    client = signed_in(staff)
    listed = client.get(reverse("admin:gatherings_needserased_changelist"))
    assert "1. samling" in listed.text
    row = NeedsErased.objects.get()
    assert client.get(reverse("admin:gatherings_needserased_change", args=[row.pk])).status_code == 200
    assert client.post(reverse("admin:gatherings_needserased_change", args=[row.pk]), {"people": 0}).status_code == 403
    assert (
        client.post(reverse("admin:gatherings_needserased_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    )
    assert client.get(reverse("admin:gatherings_needserased_add")).status_code == 403
    assert NeedsErased.objects.get().people == 2


@pytest.fixture
def over(gathering, three, registration, contact, welcomed, staff, today):
    """A cohort with everything at its gathering, and the first day on which its data must go."""
    now = timezone.now()
    move(gathering, starts_on=today)
    one, two = three
    mark(one, day=today, by=staff)
    one.order_travel(on=today, by=contact)
    LateRequest.objects.create(
        gathering=gathering,
        participation=welcomed,
        registration=two,
        text="Får ikke hotell",
        asked_at=now,
        asked_by=contact,
    )
    ExportedList.objects.create(
        gathering=gathering, kind="hotel", exported_at=now, exported_by=staff, rows={"1": ["Person 0"]}
    )
    Answered.objects.create(gathering=gathering, user=one.user)
    Answer.objects.create(gathering=gathering, useful=1, concrete=2, involved=3, arranged=4)
    Feed.objects.open_for(one.user, now=now)
    return gathering.cohort.ends_on + timedelta(days=731)


def test_everything_goes_with_the_cohort(over, gathering, staff):
    assert erasing.erase_old(today=over) == erasing.ErasedWithCohorts(registrations=3, late_requests=1, people=2)
    for model in (
        Registration,
        Needs,
        Attendance,
        LateRequest,
        ExportedList,
        Answered,
        Feed,
        Registration.history,
        LateRequest.history,
    ):
        assert not getattr(model, "objects", model).exists(), model
    assert not User.objects.filter(email__startswith="p").exists()
    assert User.objects.filter(pk=staff.pk).exists()
    assert Gathering.objects.filter(pk=gathering.pk).exists()
    assert Answer.objects.count() == 1


def test_then_the_contacts_can_go_too(over, contact):
    erasing.erase_old(today=over)
    assert User.objects.filter(pk=contact.pk).exists()
    participants_erasing.erase_old(today=over)
    assert not User.objects.filter(pk=contact.pk).exists()


def test_a_night_in_the_wrong_order_is_made_good_by_the_next(over, contact):
    participants_erasing.erase_old(today=over)
    assert User.objects.filter(pk=contact.pk).exists()
    erasing.erase_old(today=over)
    assert not User.objects.filter(pk=contact.pk).exists()


def test_the_cohort_not_a_day_too_soon(over):
    assert erasing.erase_old(today=over - timedelta(days=1)) == erasing.ErasedWithCohorts()
    assert Registration.objects.count() == 3


def test_a_second_run_finds_no_cohort(over):
    erasing.erase_old(today=over)
    assert erasing.erase_old(today=over) == erasing.ErasedWithCohorts()


def test_who_is_needed_elsewhere_stays(over, three, participation, staff):
    newer = Cohort.objects.create(number=12, first_year=2090, starts_on="2090-09-01", confirm_by="2090-09-01")
    again = Participation.objects.create(cohort=newer, municipality=participation.municipality)
    make_contact(again, three[0].user, Contact.Function.OWNER, by=staff)
    next_one = Gathering.objects.create(cohort=newer, semester=1, starts_on=date(2090, 10, 1), settled="fixed")
    put_in(next_one, {"name": "Person 1", "email": "p1@example.no"}, participation=again, by=staff)
    erasing.erase_old(today=over)
    assert set(User.objects.filter(email__startswith="p").values_list("email", flat=True)) == {
        "p0@example.no",
        "p1@example.no",
    }
    assert Registration.objects.get().gathering == next_one
    assert Registration.history.exclude(gathering=next_one).count() == 0
