"""Who may send a message, and until when."""

from datetime import timedelta

import pytest
from django.conf import settings as project_settings
from django.db import DatabaseError, connection, transaction

from outbox import delivery, lease
from outbox.models import Message, MessageQuerySet


def test_a_claimed_message_is_not_claimed_again(post, now):
    message = post()
    first = lease.claim(now)
    assert first.held == {message.pk}
    assert lease.claim(now) is None
    message.refresh_from_db()
    assert message.state_at(now) == "sending"


def test_a_lease_that_ran_out_passes_to_another(post, now):
    message = post()
    lease.claim(now)
    second = lease.claim(now + lease.LENGTH)
    assert second.held == {message.pk}


def test_a_killed_worker_delays_its_batch_by_a_lease_and_loses_nothing(post, server, now):
    for number in range(4):
        post(f"reminder:{number}", to=f"p{number}@example.no")

    def killed(to):
        if to == "p2@example.no":
            raise SystemExit

    server.hears = killed
    release = lease.Lease.release
    lease.Lease.release = lambda self: None  # kill -9 runs no finally
    try:
        with pytest.raises(SystemExit):
            delivery.drain(now=now)
    finally:
        lease.Lease.release = release
    server.hears = lambda to: None
    assert delivery.drain(now=now + timedelta(minutes=1)).sent == 0
    assert delivery.drain(now=now + lease.LENGTH + timedelta(seconds=30)).sent == 2
    assert server.recipients == [f"p{number}@example.no" for number in range(4)]


def test_a_worker_that_is_stopped_gives_back_what_it_had_not_tried(post, server, now):
    for number in range(3):
        post(f"reminder:{number}", to=f"p{number}@example.no")

    def stopped(to):
        if to == "p1@example.no":
            raise SystemExit

    server.hears = stopped
    with pytest.raises(SystemExit):
        delivery.drain(now=now)
    assert not Message.objects.exclude(claim=None).exists()
    server.hears = lambda to: None
    assert delivery.drain(now=now).sent == 2


class Slow:
    """A clock that the test moves."""

    def __init__(self, start):
        self.time = start

    def now(self):
        return self.time


def test_a_lease_half_spent_is_renewed(post, server, now, monkeypatch):
    for number in range(3):
        post(f"reminder:{number}", to=f"p{number}@example.no")
    clock = Slow(now)
    monkeypatch.setattr(delivery, "Clock", lambda start: clock)
    ends = []

    def hears(to):
        clock.time += lease.LENGTH * 0.4
        ends.append(Message.objects.get(to="p2@example.no").claimed_until - now)

    server.hears = hears
    delivery.drain(now=now)
    assert ends == [lease.LENGTH, lease.LENGTH, lease.LENGTH * 1.8]
    assert len(server.accepted) == 3


def test_what_another_worker_took_over_is_not_sent(post, server, now, monkeypatch):
    for number in range(3):
        post(f"reminder:{number}", to=f"p{number}@example.no")
    clock = Slow(now)
    monkeypatch.setattr(delivery, "Clock", lambda start: clock)
    taken = []

    def hears(to):
        # The worker sleeps through its lease while p0 is in the air; another takes p1 and p2 over.
        if not taken:
            clock.time += lease.LENGTH * 1.1
            taken.append(lease.claim(clock.time))

    server.hears = hears
    delivery.drain(now=now)
    assert server.recipients == ["p0@example.no"]
    claims = Message.objects.exclude(to="p0@example.no").values_list("claim", flat=True)
    assert set(claims) == {taken[0].claim}


def test_a_mark_that_comes_too_late_changes_nothing_of_the_others(post, server, now, caplog):
    message = post()
    server.hears = lambda to: Message.objects.update(claim="0" * 32)
    delivery.drain(now=now)
    message.refresh_from_db()
    assert message.sent_at is None
    assert "taken over" in caplog.text


def test_the_lease_outlasts_the_sum_of_time_outs():
    connecting, sending = 9, 6
    wait = timedelta(seconds=project_settings.EMAIL_TIMEOUT)
    assert (connecting + sending) * wait < lease.LENGTH
    assert sending * wait < lease.LENGTH / 2


@pytest.mark.django_db(transaction=True)
def test_a_drain_refuses_to_run_inside_a_transaction(post, server, now):
    post()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        delivery.drain(now=now)
    assert not server.accepted


@pytest.mark.django_db(transaction=True)
def test_a_mark_survives_that_the_database_hangs_up(post, server, now, monkeypatch):
    message = post()
    real = MessageQuerySet.update
    failures = [DatabaseError("server closed the connection")]

    def update(self, **facts):
        if "sent_at" in facts and failures:
            raise failures.pop()
        return real(self, **facts)

    monkeypatch.setattr(MessageQuerySet, "update", update)
    monkeypatch.setattr(connection, "close", lambda: None)
    assert delivery.drain(now=now).sent == 1
    message.refresh_from_db()
    assert message.sent_at
    assert delivery.drain(now=now + timedelta(days=1)).sent == 0


def test_neither_a_sleeping_machine_nor_a_clock_set_back_prolongs_a_lease(now, monkeypatch):
    steady, wall = 1000.0, 5000.0
    monkeypatch.setattr(delivery.time, "monotonic", lambda: steady)
    monkeypatch.setattr(delivery.time, "time", lambda: wall)
    clock = delivery.Clock(now)
    wall += 600  # asleep: only the wall's clock went on
    assert clock.now() == now + timedelta(seconds=600)
    steady, wall = steady + 900, wall - 5000
    assert clock.now() == now + timedelta(seconds=900)
