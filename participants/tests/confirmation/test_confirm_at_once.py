"""Two people press confirm in the same moment, on PostgreSQL: one of them confirms, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from outbox.models import Message
from participants.confirmation import asking
from participants.confirmation import confirm as confirming
from participants.models import Contact
from participants.tests.confirmation.test_confirm import answers

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 5
SECOND_TRY = "lmp.at_once.AtOnceMiddleware"


@pytest.fixture
def two(participation, contact, units, staff):
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    colleague = make_user("kollega@example.no", "Kolle Ga")
    make_contact(participation, colleague, Contact.Function.AUTHORITY, by=staff)
    return [contact, colleague]


def press_at_once(participation, two, staff) -> list[int]:
    """Both open the page, both type a figure of their own, and both press at the same time. Gives the answers."""
    now = timezone.now()
    asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)
    url = reverse("participants:confirm", args=[participation.pk])
    unit = participation.units.first()
    barrier = Barrier(len(two))

    def press(number: int) -> int:
        client = Client(raise_request_exception=False)
        client.force_login(two[number])
        data = answers(participation, client.get(url), **{f"unit-{unit.pk}-children": str(50 + number)})
        barrier.wait()
        try:
            return client.post(url, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(two)) as pool:
        return sorted(pool.map(press, range(len(two))))


def test_one_confirms_and_the_other_is_told(participation, two, staff):
    for number in range(1, ROUNDS + 1):
        assert press_at_once(participation, two, staff) == [302, 409]
        assert participation.confirmations.filter(answered_at__isnull=False).count() == number
        assert Message.objects.filter(text_name="participants.receipt").count() == number * len(two)


def test_without_the_lock_the_race_is_real(participation, two, staff, monkeypatch, settings):
    """The control: with no lock, no second try, and both inside at once, it does not end as it should."""
    inside = Barrier(2, timeout=5)
    confirm = confirming.confirm

    def wait_for_the_other(*args, **kwargs):
        inside.wait()
        return confirm(*args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != SECOND_TRY]
    monkeypatch.setattr(confirming, "confirm", wait_for_the_other)
    assert press_at_once(participation, two, staff) != [302, 409]
