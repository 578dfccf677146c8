"""A server that takes its time over a mail, or goes silent when it has been handed all of it."""

import socketserver
import threading
from datetime import timedelta

import pytest

from outbox import delivery
from outbox.models import Message

SLOW = "p1@example.no"


class Session(socketserver.StreamRequestHandler):
    """As much of SMTP as a mail needs."""

    server: "Server"

    def handle(self) -> None:
        self.say("220 here")
        recipient = ""
        while line := self.rfile.readline():
            match line.split(b" ")[0].strip().upper():
                case b"RCPT" if self.server.hangs_up == "before":
                    return
                case b"RCPT":
                    recipient = line.decode().partition("<")[2].partition(">")[0]
                    self.say("250 yes")
                case b"DATA":
                    self.say("354 go on")
                    while self.rfile.readline() not in {b".\r\n", b""}:
                        pass
                    self.server.taken.append(recipient)
                    if recipient == SLOW:
                        self.server.stopping.wait(self.server.seconds)
                        if self.server.hangs_up == "after":
                            return
                    self.say("250 taken")
                case b"QUIT":
                    self.say("221 bye")
                case _:
                    self.say("250 yes")

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    """It thinks for some seconds about the mail to SLOW, and hangs up before or after a mail is handed over."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.taken: list[str] = []
        self.seconds = 0.0
        self.hangs_up = ""
        self.stopping = threading.Event()

    def handle_error(self, request, client_address) -> None:
        """The portal left while the server was thinking."""


@pytest.fixture
def slow(settings):
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=[0.01]).start()
        settings.EMAIL_BACKEND = "outbox.wire.smtp.Backend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT, settings.EMAIL_ANSWER_TIMEOUT = 0.2, 10
        yield server
        server.stopping.set()
        server.shutdown()


@pytest.fixture
def three(post) -> Message:
    """Mails to three people; the second is the one that the server thinks about."""
    return [post(f"reminder:{number}", to=f"p{number}@example.no") for number in range(3)][1]


def test_a_mail_that_is_answered_late_is_sent_once(slow, three, now):
    slow.seconds = 1
    assert delivery.drain(now=now).sent == 3
    three.refresh_from_db()
    assert (three.sent_at is not None, three.attempts, three.failure) == (True, 1, "")
    assert slow.taken == ["p0@example.no", SLOW, "p2@example.no"]


def test_while_a_server_thinks_others_may_take_the_rest(slow, three, now, monkeypatch):
    slow.seconds = 1
    asked = []

    def queue_delivery():
        three.refresh_from_db()
        free = Message.objects.filter(claim=None, sent_at=None).values_list("to", flat=True)
        asked.append((list(free), three.claimed_until - now))

    monkeypatch.setattr(delivery, "queue_delivery", queue_delivery)
    delivery.drain(now=now)
    ((free, held),) = asked
    assert free == ["p2@example.no"]
    assert held > timedelta(seconds=10)


def test_a_quick_server_makes_nobody_give_back_anything(slow, three, now, monkeypatch):
    asked = []
    monkeypatch.setattr(delivery, "queue_delivery", lambda: asked.append(1))
    assert delivery.drain(now=now).sent == 3
    assert asked == []


def attempts(message: Message, now) -> list:
    """What is known after each attempt: failure, the pause until the next, whether it is given up."""
    known = []
    moment = now
    while not message.given_up_at and len(known) < 9:
        delivery.drain(now=moment)
        message.refresh_from_db()
        pause = round((message.next_attempt_at - message.failed_at).total_seconds() / 60)
        known.append((message.failure, pause, message.given_up_at is not None))
        moment = message.next_attempt_at + timedelta(seconds=1)
    return known


@pytest.mark.parametrize("how", ["silent", "hangs up"])
def test_what_may_have_been_taken_is_tried_few_times_and_then_shown(slow, post, settings, now, how):
    settings.EMAIL_ANSWER_TIMEOUT = 0.1
    slow.seconds, slow.hangs_up = (60, "") if how == "silent" else (0, "after")
    message = post(to=SLOW)
    assert attempts(message, now) == [
        ("unanswered", 10, False),
        ("unanswered", 60, False),
        ("unanswered", 360, False),
        ("unanswered", 360, True),
    ]
    assert list(Message.objects.undelivered()) == [message]
    assert slow.taken == [SLOW] * 4
    assert "Perhaps taken" in message.last_error


def test_what_was_never_handed_over_is_tried_for_ever(slow, post, now):
    slow.hangs_up = "before"
    message = post(to=SLOW)
    assert {failure for failure, _pause, _given_up in attempts(message, now)} == {"connection"}
    assert (message.doubts, message.given_up_at) == (0, None)
