"""The office is reminded of nominations without an answer: few times, and all in one mail."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from lmp.governor.mails import REMINDERS, planner, slots
from outbox import plan
from outbox.models import Message
from participants.models import GovernorContact, Municipality, Participation
from parts.dates import is_working_day


def planned(days: int = 100) -> list[plan.Planned]:
    now = timezone.now()
    return list(planner(now, now + timedelta(days=days)))


def test_ten_working_days_and_no_later_than_the_start():
    nominated = timezone.make_aware(datetime(2027, 3, 1, 13))  # noqa: DTZ001 – a Monday
    found = slots(nominated, starts_on=date(2027, 9, 1))
    assert len(found) == REMINDERS
    assert found[0].send_at == timezone.make_aware(datetime(2027, 3, 15, 8))  # noqa: DTZ001
    assert all(is_working_day(timezone.localdate(slot.send_at)) for slot in found)
    assert [slot.send_at for slot in slots(nominated, starts_on=date(2027, 3, 20))] == [found[0].send_at]
    assert slots(nominated, starts_on=date(2027, 3, 2)) == []


def test_everybody_at_the_office_is_reminded_and_nobody_else(levanger, officer, other_officer):
    assert {mail.to for mail in planned()} == {officer.email}
    assert len(planned()) == REMINDERS


def test_an_answer_ends_them(levanger, officer):
    levanger.accept(by=officer, now=timezone.now())
    assert planned() == []


@pytest.mark.parametrize("change", ["ended", "inactive"])
def test_nobody_who_has_left_is_mailed(levanger, officer, change):
    if change == "ended":
        GovernorContact.objects.update(ended_on=timezone.localdate())
    else:
        officer.is_active = False
        officer.save()
    assert planned() == []


def test_two_nominations_are_one_mail(levanger, later, officer):
    Participation.objects.create(
        cohort=later,
        municipality=Municipality.objects.get(number="5006"),
        nominated_at=levanger.nominated_at,
        nominated_by=officer,
    )
    mails = planned()
    assert len(mails) == REMINDERS
    plan.post(mails[0], now=mails[0].send_at)
    mail = Message.objects.get()
    assert "Levanger (Trøndelag), nominert til pulje 10" in mail.body
    assert "Steinkjer (Trøndelag), nominert til pulje 10" in mail.body
    assert mails[0].key == planned()[0].key


def test_they_are_among_the_persons_own_mails(client, levanger, officer):
    client.force_login(officer)
    assert "En nominert kommune har ikke svart" in client.get("/mine-e-poster/").content.decode()
