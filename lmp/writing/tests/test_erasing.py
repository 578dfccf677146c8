"""Whom staff wrote to is kept as long as the cohort's other personal data, and told to the one it is about."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation

from accounts import personal_data
from accounts.models import User
from conftest import withdraw
from lmp.writing import erasing, sending
from lmp.writing import personal_data as of_writing
from lmp.writing.models import DRAFT_KEPT, Recipient, Writing
from lmp.writing.tests.conftest import a_draft
from outbox.models import Message
from participants import erasing as of_participants
from participants.models import Cohort, Confirmation, Municipality, Participation
from parts.dates import midnight


@pytest.fixture
def sent(asked, staff) -> Writing:
    writing = a_draft(asked, by=staff)
    sending.order(writing.pk, seen=writing.fingerprint, by=staff, now=timezone.now())
    return writing


@pytest.fixture
def over(cohort) -> datetime:
    """The first day on which nothing personal of the cohort is kept."""
    return midnight(cohort.ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS + 1))


def test_it_goes_with_its_people(sent, over, contact):
    Confirmation.objects.all().delete()
    assert erasing.erase_old(now=over) == 1
    assert not Writing.objects.exists()
    of_participants.erase_old(today=timezone.localdate(over))
    assert not User.objects.filter(pk=contact.pk).exists()
    assert not Message.objects.exists()


def test_not_a_day_too_soon(sent, over):
    assert erasing.erase_old(now=over - timedelta(days=1)) == 0
    assert Recipient.objects.exists()


def test_who_was_also_chosen_in_a_newer_cohort_stays(sent, over):
    newer = Cohort.objects.create(number=12, first_year=2090, starts_on="2090-09-01", confirm_by="2090-09-01")
    again = Participation.objects.create(cohort=newer, municipality=Municipality.objects.get(number="0301"))
    Recipient.objects.get().participations.add(again)
    assert erasing.erase_old(now=over) == 0
    assert Recipient.objects.exists()


def test_a_draft_that_nobody_touches_goes(asked, staff):
    now = timezone.now()
    forgotten, kept = a_draft(asked, by=staff), a_draft(asked, by=staff)
    Writing.objects.filter(pk=forgotten.pk).update(changed_at=now - DRAFT_KEPT - timedelta(days=1))
    assert erasing.erase_old(now=now) == 1
    assert list(Writing.objects.all()) == [kept]


def test_one_sees_what_was_written_to_one_and_by_one(sent, asked, contact, staff):
    a_draft(asked, by=staff)
    rows = {person: [text for _when, text in _section(person)] for person in (contact, staff)}
    assert rows[contact] == ["Skrevet til deg: Om …"]
    assert rows[staff] == ["Skrevet av deg: Om …"] * 2


def _section(person: User) -> list:
    return next(rows for title, rows in personal_data.sections(person) if title == "E-poster som ansatte har skrevet")


def test_one_sees_why_nothing_was_sent_in_ones_language(asked, contact, staff):
    draft = a_draft(asked, by=staff)
    withdraw(asked, by=staff, now=timezone.now())
    sending.order(draft.pk, seen=draft.fingerprint, by=staff, now=timezone.now())
    with translation.override("nn"):
        [(_when, said)] = of_writing.writings(contact)[1]
    assert said == "Ikkje sendt til deg: Indre Fosen har trekt seg."
