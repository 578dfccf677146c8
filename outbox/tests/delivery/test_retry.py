"""Which failures are tried again, when, and for how long."""

import smtplib
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives

from outbox import delivery
from outbox.wire import envelope
from outbox.wire.answers import Deferred, Disconnected, PerhapsTaken, Refused, classify
from outbox.wire.smtp import WentSilent

REFUSALS = {"kari@eksempelby.example": (550, b"5.1.1 unknown")}


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.1 unknown")}), Refused),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), Deferred),
        (smtplib.SMTPRecipientsRefused({"a": (421, b"closing")}), Disconnected),
        (smtplib.SMTPDataError(554, b"spam"), Refused),
        (smtplib.SMTPDataError(451, b"later"), Deferred),
        (smtplib.SMTPDataError(421, b"closing"), Disconnected),
        (smtplib.SMTPSenderRefused(552, b"too large", "x"), Refused),
        (smtplib.SMTPSenderRefused(550, b"not you", "x"), Disconnected),
        (smtplib.SMTPSenderRefused(451, b"disk full", "x"), Disconnected),
        (smtplib.SMTPNotSupportedError("SMTPUTF8 not supported"), Refused),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), Disconnected),
        (smtplib.SMTPServerDisconnected("gone"), Disconnected),
        (smtplib.SMTPHeloError(501, b"who"), Disconnected),
        (WentSilent("gone"), PerhapsTaken),
        (TimeoutError("timed out"), Disconnected),
        (ConnectionResetError("reset"), Disconnected),
    ],
)
def test_what_an_answer_means(error, meaning):
    assert type(classify(error)) is meaning


def test_a_permanent_refusal_is_given_up_at_once_and_shown(post, server, now):
    message = post()
    server.refuse(message.to, 550, "5.1.1 ukjent mottaker")
    outcome = delivery.drain(now=now)
    message.refresh_from_db()
    assert outcome.given_up == 1
    assert message.state_at(now) == "given_up"
    assert (message.failure, message.last_error) == ("refused", "550 5.1.1 ukjent mottaker")
    assert delivery.drain(now=now + timedelta(days=9)).sent == 0


def test_a_refused_one_keeps_back_no_other(post, server, now):
    for number in range(3):
        post(f"reminder:{number}", to=f"p{number}@example.no")
    server.refuse("p1@example.no", 550)
    outcome = delivery.drain(now=now)
    assert (outcome.sent, outcome.given_up, outcome.deferred) == (2, 1, 0)
    assert server.recipients == ["p0@example.no", "p2@example.no"]
    assert server.opened == 1


def test_a_temporary_refusal_waits_longer_each_time_and_is_given_up_in_the_end(post, server, now):
    message = post()
    server.refuse(message.to, 450)
    pauses = []
    moment = now
    while message.given_up_at is None:
        assert delivery.drain(now=moment - timedelta(seconds=5)).deferred == 0 or not pauses
        delivery.drain(now=moment)
        message.refresh_from_db()
        pauses.append(message.next_attempt_at - moment)
        moment = message.next_attempt_at
    minutes = [round(pause / timedelta(minutes=1)) for pause in pauses]
    assert minutes[:-1] == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]
    assert message.attempts == delivery.MAX_ATTEMPTS == 12


def test_a_temporary_refusal_then_an_accept(post, server, now):
    message = post()
    server.refuse(message.to, 450)
    delivery.drain(now=now)
    message.refresh_from_db()
    assert message.state_at(now) == "retrying"
    server.answers.clear()
    delivery.drain(now=now + timedelta(minutes=2))
    message.refresh_from_db()
    assert message.state_at(now) == "sent"
    assert (message.attempts, message.last_error, message.failure) == (2, "", "")


@pytest.mark.parametrize("stage", ["open", "send"])
def test_a_silent_server_costs_one_message_an_attempt_and_the_rest_nothing(post, server, now, stage):
    messages = [post(f"reminder:{number}", to=f"p{number}@example.no") for number in range(5)]
    if stage == "open":
        server.down = TimeoutError("timed out")
    else:
        server.hang_up_on("p0@example.no")
    outcome = delivery.drain(now=now)
    for message in messages:
        message.refresh_from_db()
    assert outcome.error
    assert not server.accepted
    assert [message.attempts for message in messages] == [1, 0, 0, 0, 0]
    assert [message.failure for message in messages] == ["connection", "", "", "", ""]
    assert all(message.claim is None for message in messages)
    assert all(message.next_attempt_at == now for message in messages[1:])


def test_a_silent_server_is_never_given_up_and_the_pause_is_capped(post, server, now):
    message = post()
    server.down = ConnectionRefusedError("refused")
    moment = now
    for _attempt in range(40):
        delivery.drain(now=moment)
        message.refresh_from_db()
        assert message.next_attempt_at - moment < delivery.MAX_SILENCE + timedelta(seconds=5)
        moment = message.next_attempt_at
    assert (message.attempts, message.given_up_at) == (40, None)
    server.down = None
    delivery.drain(now=moment)
    message.refresh_from_db()
    assert message.sent_at


def test_a_long_silence_does_not_count_towards_giving_up(post, server, now):
    message = post()
    server.down = ConnectionRefusedError("refused")
    moment = now
    for _attempt in range(20):
        delivery.drain(now=moment)
        message.refresh_from_db()
        moment = message.next_attempt_at
    server.down = None
    server.refuse(message.to, 450)
    delivery.drain(now=moment)
    message.refresh_from_db()
    assert message.state_at(now) == "retrying"
    assert message.next_attempt_at - moment < timedelta(minutes=1, seconds=5)


def test_a_message_that_breaks_every_connection_keeps_back_no_other(post, server, now):
    poison = post("poison", to="poison@example.no", expires_at=now + timedelta(days=1))
    server.hang_up_on("poison@example.no")
    moment = now
    for minute in range(10):
        moment = now + minute * timedelta(minutes=1)
        for number in range(3):
            post(f"reminder:{minute}:{number}", to=f"p{minute}.{number}@example.no", now=moment)
        delivery.drain(now=moment)
    delivery.drain(now=moment + timedelta(minutes=1))
    poison.refresh_from_db()
    assert len(server.accepted) == 30
    assert poison.attempts >= 3
    assert poison.state_at(moment) == "retrying"
    assert "Connection unexpectedly closed" in poison.last_error


def test_a_server_that_takes_some_a_connection_is_called_again_at_once(post, server, now):
    for number in range(6):
        post(f"reminder:{number}", to=f"p{number}@example.no")
    server.hang_up_on("p2@example.no")
    outcome = delivery.drain(now=now)
    assert server.recipients == [f"p{number}@example.no" for number in (0, 1, 3, 4, 5)]
    assert (outcome.sent, outcome.deferred, server.opened) == (5, 1, 2)


def test_a_mail_that_cannot_be_composed_is_given_up_and_keeps_back_no_other(post, server, now, monkeypatch):
    bad, good = post("bad", to="bad@example.no"), post("good", to="good@example.no")
    real = EmailMultiAlternatives.message

    def message(self):
        if self.to == [bad.to]:
            raise LookupError("no such codec")
        return real(self)

    monkeypatch.setattr(envelope.EmailMultiAlternatives, "message", message)
    delivery.drain(now=now)
    bad.refresh_from_db()
    assert server.recipients == [good.to]
    assert (bad.state_at(now), bad.last_error) == ("given_up", "LookupError: no such codec")


@pytest.mark.parametrize("address", ["", "not an address", "a@", "a b@example.no"])
def test_an_address_that_is_none_is_given_up_or_left_to_the_server(post, settings, now, address):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    message = post(to=address)
    delivery.drain(now=now)
    message.refresh_from_db()
    assert message.state_at(now) in {"given_up", "sent"}
    assert address or message.given_up_at


def test_an_error_of_our_own_while_sending_is_kept_and_tried_again(post, server, now):
    message = post()
    server.answers[message.to] = RuntimeError("a bug")
    delivery.drain(now=now)
    message.refresh_from_db()
    assert (message.state_at(now), message.last_error) == ("retrying", "RuntimeError: a bug")
