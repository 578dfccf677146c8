"""A mail whose time is over is never sent, and a secret never outlives its use."""

from datetime import timedelta

from outbox import delivery, tasks
from outbox.tests import mails


def test_an_expired_message_is_never_sent(post, server, now):
    message = post(expires_at=now + timedelta(minutes=15))
    delivery.drain(now=now + timedelta(minutes=15))
    assert not server.accepted
    assert message.state_at(now + timedelta(minutes=15)) == "expired"


def test_a_message_that_expires_in_a_claimed_batch_is_not_sent(post, server, now, monkeypatch):
    post("first", to="first@example.no", expires_at=now + timedelta(minutes=1))
    last = post("last", to="last@example.no", expires_at=now + timedelta(minutes=2))
    moments = iter([now, now, now + timedelta(minutes=3)])

    class Clock:
        def __init__(self, start):
            self.time = start

        def now(self):
            self.time = next(moments, now + timedelta(minutes=3))
            return self.time

    monkeypatch.setattr(delivery, "Clock", Clock)
    delivery.drain(now=now)
    last.refresh_from_db()
    assert server.recipients == ["first@example.no"]
    assert (last.attempts, last.claim) == (0, None)


def test_a_secret_is_wiped_once_sent(post, server, now):
    message = post(text=mails.CODE, values={"kode": "X7K2"}, attachments=[])
    assert "X7K2" in message.body
    delivery.drain(now=now)
    message.refresh_from_db()
    assert "X7K2" in server.accepted[0].body
    assert (message.body, message.html) == ("", "")
    assert message.secret


def test_a_secret_is_kept_while_it_is_tried_again_and_wiped_when_given_up(post, server, now):
    message = post(text=mails.CODE, values={"kode": "X7K2"})
    server.refuse(message.to, 450)
    delivery.drain(now=now)
    message.refresh_from_db()
    assert "X7K2" in message.body
    server.refuse(message.to, 550)
    delivery.drain(now=now + timedelta(hours=1))
    message.refresh_from_db()
    assert (message.body, message.html) == ("", "")


def test_a_secret_that_expired_is_wiped_by_the_sweep(post, server, now):
    past = now - timedelta(days=400)
    message = post(text=mails.CODE, values={"kode": "X7K2"}, now=past, expires_at=past + timedelta(minutes=15))
    tasks.sweep()
    message.refresh_from_db()
    assert (message.body, message.html) == ("", "")
    assert not server.accepted


def test_an_ordinary_mail_is_kept(post, server, now):
    message = post()
    delivery.drain(now=now)
    message.refresh_from_db()
    assert "Eksempelby" in message.body
