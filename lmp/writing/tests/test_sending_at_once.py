"""Several workers and several presses at once, on PostgreSQL: each person gets it once, and nobody is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from conftest import make_contact, make_user
from lmp.writing import sending
from lmp.writing.models import Writing
from lmp.writing.tests.conftest import a_draft
from outbox.models import Message
from participants.models import Contact

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
HANDS = 4


def at_once(act) -> None:
    barrier = Barrier(HANDS)

    def let_go(_hand):
        try:
            barrier.wait()
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(let_go, range(HANDS)))


@pytest.fixture
def many(asked, staff, monkeypatch) -> Writing:
    monkeypatch.setattr(sending, "BATCH", 7)
    for number in range(60):
        make_contact(asked, make_user(f"k{number}@example.no", f"K {number}"), Contact.Function.OWNER, by=staff)
    return a_draft(asked, by=staff)


def test_it_is_sent_once_and_to_all(many, staff):
    seen = many.fingerprint
    at_once(lambda: sending.order(many.pk, seen=seen, by=staff, now=timezone.now()))
    at_once(lambda: sending.process(many.pk, now=timezone.now()))
    assert Message.objects.count() == 61
    assert len(set(Message.objects.values_list("recipient", flat=True))) == 61
    assert not many.recipients.waiting().exists()
    assert many.recipients.posted().filter(message__isnull=False).count() == 61
