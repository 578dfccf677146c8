"""What a drain does with a server that takes the mails."""

from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outbox import delivery, lease
from outbox.models import Message


def test_what_waits_is_sent_and_marked(post, server, now):
    message = post()
    outcome = delivery.drain(now=now)
    message.refresh_from_db()
    assert (outcome.sent, outcome.given_up, outcome.error) == (1, 0, "")
    assert server.recipients == ["kari@eksempelby.example"]
    assert message.state_at(now) == "sent"
    assert now <= message.sent_at < now + timedelta(seconds=30)
    assert (message.attempts, message.claim, message.claimed_until) == (1, None, None)


def test_a_second_drain_sends_nothing(post, server, now):
    post()
    delivery.drain(now=now)
    assert delivery.drain(now=now + timedelta(days=1)).sent == 0
    assert len(server.accepted) == 1


def test_several_batches_go_over_one_connection(post, server, now, monkeypatch):
    monkeypatch.setattr(lease, "BATCH", 3)
    for number in range(8):
        post(f"reminder:{number}", to=f"p{number}@example.no")
    delivery.drain(now=now)
    assert server.recipients == [f"p{number}@example.no" for number in range(8)]
    assert (server.opened, server.closed) == (1, 1)


def test_each_is_marked_before_the_next_is_sent(post, server, now):
    for number in range(3):
        post(f"reminder:{number}", to=f"p{number}@example.no")
    sent_before = []
    server.hears = lambda to: sent_before.append(Message.objects.exclude(sent_at=None).count())
    delivery.drain(now=now)
    assert sent_before == [0, 1, 2]


def test_a_code_overtakes_the_letters(post, server, now):
    post("letter", to="letter@example.no", now=now - timedelta(minutes=5))
    post("code", to="code@example.no", expires_at=now + timedelta(minutes=15))
    delivery.drain(now=now)
    assert server.recipients == ["code@example.no", "letter@example.no"]


def test_a_drain_that_finds_nothing_asks_once_and_calls_nobody(post, server, now):
    post()
    delivery.drain(now=now)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        delivery.drain(now=now)
    assert len(queries) == 1
    assert server.opened == 1


def test_a_mail_costs_one_query_and_a_batch_a_few(post, server, now):
    counted = []
    for count in (2, 20):
        for number in range(count):
            post(f"reminder:{count}:{number}")
        with CaptureQueriesContext(connection) as queries:
            assert delivery.drain(now=now).sent == count
        counted.append(len(queries) - count)
    assert counted[0] == counted[1] <= 10


def test_a_message_is_not_sent_before_its_time(post, server, now):
    post(now=now + timedelta(hours=1))
    delivery.drain(now=now)
    assert not server.accepted


def test_the_command_sends_without_celery(post, server, now, capsys):
    post(now=now - timedelta(days=400))
    call_command("deliver")
    assert "1 sent" in capsys.readouterr().out
    assert len(server.accepted) == 1


def test_the_command_says_when_the_server_fails(post, server, now, capsys):
    post(now=now - timedelta(days=400))
    server.down = ConnectionRefusedError("refused")
    call_command("deliver")
    assert "refused" in capsys.readouterr().err
