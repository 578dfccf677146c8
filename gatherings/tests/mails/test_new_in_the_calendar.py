"""Whoever gets a calendar entry for the first time reads what a no there does, whichever mail brings it."""

import pytest
from django.utils import timezone

from gatherings import places
from gatherings.mails import notices, readdressing
from gatherings.models import Gathering, Registration
from outbox.models import Message

NO_SIGNS_NOBODY_OFF = "Sier du nei i kalenderen, er du fortsatt påmeldt til du har meldt deg av på siden."


@pytest.fixture
def now():
    return timezone.now()


def newest(name: str) -> Message:
    return Message.objects.filter(text_name=f"gatherings.{name}").latest("pk")


def tell(name: str, registration: Registration, *, by, now) -> Message:
    if name == "changed":
        notices.changed(registration, by=by, now=now)
    else:
        getattr(notices, name)(registration.gathering, now=now)
    return newest(name)


@pytest.mark.parametrize("name", ["changed", "moved", "reinstated"])
def test_a_later_mail_says_it_to_one_who_has_got_no_entry(registration, contact, now, name):
    mail = tell(name, registration, by=contact, now=now)
    assert mail.attachments.exists()
    assert mail.body.count(NO_SIGNS_NOBODY_OFF) == mail.html.count(NO_SIGNS_NOBODY_OFF) == 1


@pytest.mark.parametrize("name", ["changed", "moved", "reinstated"])
def test_a_later_mail_does_not_repeat_it(registration, contact, now, name):
    notices.registered([registration], now=now)
    assert NO_SIGNS_NOBODY_OFF in newest("registered").body
    mail = tell(name, registration, by=contact, now=now)
    assert mail.attachments.exists()
    assert NO_SIGNS_NOBODY_OFF not in mail.body


@pytest.mark.parametrize("name", ["changed", "moved", "reinstated"])
def test_without_an_entry_nothing_is_said_of_one(registration, contact, now, name):
    Registration.objects.update(placed_at=None)
    registration.refresh_from_db()
    mail = tell(name, registration, by=contact, now=now)
    assert not mail.attachments.exists()
    assert NO_SIGNS_NOBODY_OFF not in mail.body


def test_a_gathering_without_days_has_no_entry_to_speak_of(registration, contact, now):
    Gathering.objects.update(starts_on=None, ends_on=None, settled=Gathering.Settled.POSTPONED)
    registration = Registration.objects.get()
    mail = tell("changed", registration, by=contact, now=now)
    assert not mail.attachments.exists()
    assert NO_SIGNS_NOBODY_OFF not in mail.body


def test_the_one_who_comes_instead_has_another_entry(registration, contact, now):
    notices.registered([registration], now=now)
    done = places.swap(
        registration, name="Person 9", email="person.9@example.no", function="owner", by=contact, now=now
    )
    notices.swapped(*done, by=contact, now=now)
    assert NO_SIGNS_NOBODY_OFF in newest("swapped_in").body
    assert NO_SIGNS_NOBODY_OFF not in newest("swapped_out").body


def test_another_address_has_another_calendar(registration, now):
    readdressing.put_in(registration, sequence=1, now=now)
    assert NO_SIGNS_NOBODY_OFF in newest("readdressed").body
    readdressing.take_out(registration, address="kari@gammel.example.no", sequence=1, now=now)
    assert NO_SIGNS_NOBODY_OFF not in newest("readdressed").body
