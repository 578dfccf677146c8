"""Two people at the door tap the same person in the same moment, on PostgreSQL: one mark, and no error for either."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from gatherings.day import attendance
from gatherings.models import Attendance, Gathering, Registration

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS, HANDS = 10, 4


def at_once(registration: Registration, act) -> list[bool]:
    """The act in as many threads, each with a connection and a row of its own, let go together."""
    barrier = Barrier(HANDS)

    def tap(_hand: int) -> bool:
        try:
            own = Registration.objects.select_related("gathering").get(pk=registration.pk)
            barrier.wait()
            return act(own)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return sorted(pool.map(tap, range(HANDS)))


@pytest.fixture
def day(registration, today) -> date:
    Gathering.objects.update(starts_on=today, ends_on=None, closes_on=today)
    return today


def test_one_mark_and_one_undoing(registration, day, staff):
    def mark(own: Registration) -> bool:
        return attendance.mark_arrival(own, day=day, by=staff, now=timezone.now(), today=day)

    def undo(own: Registration) -> bool:
        return attendance.undo_arrival(own, day=day)

    for _round in range(ROUNDS):
        assert at_once(registration, mark) == [False] * (HANDS - 1) + [True]
        assert Attendance.objects.count() == 1
        assert at_once(registration, undo) == [False] * (HANDS - 1) + [True]
        assert Attendance.objects.count() == 0
