"""How fast mails go through the outbox, against bare smtplib on one connection to the same server."""

import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.mail import get_connection
from django.test import override_settings
from django.utils import timezone

from bench.national import Load
from bench.timing import Taken, in_turn, milliseconds, table
from outbox import delivery
from outbox.models import Message
from outbox.posting import post
from outbox.wire import envelope
from participants.mails.texts import REMINDER

MAILS, ROUNDS = 100, 8
VALUES = {
    "navn": "Kari Nordli",
    "kommune": "Eksempelby",
    "pulje": "pulje 9",
    "frist": "mandag 3. mai 2027",
    "lenke": "https://portal.example.no/",
    "venter": ["Bekrefte opplysningene for Eksempelby, frist mandag 3. mai 2027"],
}


@contextmanager
def smtp_server() -> Iterator[int]:
    """A real SMTP server in a process of its own, which takes every mail and keeps none. Return its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(server, port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait_for(server: subprocess.Popen, port: int, *, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("The SMTP server does not answer.")


def write_mails(turn: int) -> None:
    """A hundred that wait in the outbox, beside those that were sent before."""
    Message.objects.unsent().delete()
    now = timezone.now()
    for number in range(MAILS):
        key, to = f"bench:{turn}:{number}", f"kari.nordli.{number}@example.no"
        post(REMINDER, key=key, to=to, language="nb", values=VALUES, why="bench", now=now)


def through_the_outbox() -> None:
    outcome = delivery.drain(now=timezone.now())
    if outcome.sent != MAILS:
        raise RuntimeError(f"{outcome.sent} of {MAILS} mails were sent. {outcome.error}")


class Bare:
    """The same mails, composed beforehand, sent by the standard library over one connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.ready: list[tuple[str, bytes]] = []

    def compose(self) -> None:
        server = get_connection()
        mails = [(message, envelope.compose(message, server)) for message in Message.objects.unsent()]
        self.ready = [(message.to, mail.message().as_bytes(linesep="\r\n")) for message, mail in mails]

    def send(self) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=15) as server:
            for to, content in self.ready:
                server.sendmail("laringsmiljo@example.no", [to], content)


def report(load: Load, *, quick: bool) -> str:
    rounds = 1 if quick else ROUNDS
    bare_name, outbox_name = "bare smtplib", "through the outbox"
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with smtp_server() as port, override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
        bare = Bare(port)
        taken: dict[str, list[Taken]] = {bare_name: [], outbox_name: []}
        for turn in range(rounds + 1):
            write_mails(turn)
            bare.compose()
            for name, one in in_turn({bare_name: bare.send, outbox_name: through_the_outbox}).items():
                if turn:  # the first one warms up
                    taken[name].append(one)
    rows = [_row(name, milliseconds(taken[name]), milliseconds(taken[bare_name])) for name in taken]
    title = f"Mails: the median of {rounds} runs of {MAILS} mails, in turn, one connection to one local SMTP server\n"
    return title + table(["mails", "ms", "processor ms", "per second", "ratio"], rows)


def _row(name: str, run: Taken, bare: Taken) -> list[str]:
    passed, worked = run.passed / MAILS, run.worked / MAILS
    return [name, f"{passed:.2f}", f"{worked:.2f}", f"{1000 / passed:.0f}", f"{run.passed / bare.passed:.2f}"]
