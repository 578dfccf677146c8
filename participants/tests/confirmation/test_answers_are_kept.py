from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from participants.confirmation import asking
from participants.models import Confirmation


@pytest.fixture
def answered(participation, contact, staff):
    now = timezone.now()
    confirmation = asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)
    confirmation.answer(snapshot={"ppt": "yes"}, changes=[], comment="", by=contact, now=now)
    return confirmation


def test_the_database_refuses_to_change_an_answer(answered):
    with pytest.raises(DatabaseError), transaction.atomic():
        Confirmation.objects.filter(pk=answered.pk).update(snapshot={"ppt": "no"})
    answered.refresh_from_db()
    assert answered.snapshot == {"ppt": "yes"}


def test_an_open_round_can_be_changed(participation, staff):
    now = timezone.now()
    confirmation = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    assert Confirmation.objects.filter(pk=confirmation.pk).update(due_on=tomorrow) == 1


def test_asking_twice_opens_one_round(participation, staff):
    now = timezone.now()
    first = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    assert asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now) == first


def test_reopening_leaves_the_answer(answered, staff):
    now = timezone.now()
    again = asking.reopen(answered, due_on=timezone.localdate(now), reason="Ny skole", by=staff, now=now)
    assert (again.round, again.year, again.reason) == (2, 1, "Ny skole")
    answered.refresh_from_db()
    assert answered.snapshot == {"ppt": "yes"}
