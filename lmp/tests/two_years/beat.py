"""What beat and the workers do by themselves, as they do it: at times twice at once, at times killed in the middle."""

from collections import Counter
from contextlib import suppress
from datetime import datetime
from unittest.mock import patch

from gatherings.tasks import pass_on
from lmp.changes import tasks as agreed
from lmp.welcome import tasks as letters
from lmp.writing import tasks as writings
from outbox import delivery, plan
from outbox.plan import Planned
from outbox.tests.fake import Backend, Server


class Killed(BaseException):
    """The process is gone. What it had written stays."""


def send_due(now: datetime, *, way: str) -> None:
    if way == "twice at once":
        _twice_at_once(now)
    elif way == "killed and begun again":
        _killed(now)
        plan.send_due(now)
    else:
        plan.send_due(now)


def _twice_at_once(now: datetime) -> None:
    """A second one does all of it when the first has found what is due, and is about to write it."""
    post = plan.post

    def after_the_other(planned: Planned, *, now: datetime):
        with patch.object(plan, "post", post):
            plan.send_due(now)
        return post(planned, now=now)

    with patch.object(plan, "post", after_the_other):
        plan.send_due(now)


def _killed(now: datetime) -> None:
    post, written = plan.post, []

    def one_only(planned: Planned, *, now: datetime):
        if written:
            raise Killed
        written.append(planned.key)
        return post(planned, now=now)

    with patch.object(plan, "post", one_only), suppress(Killed):
        plan.send_due(now)


def sweep() -> None:
    """What waits for a worker: letters, and what staff have written."""
    letters.sweep()
    writings.sweep()


begin_successions = agreed.carry_out_successions
close_units = agreed.carry_out_closures
pass_on_places = pass_on


class Mails:
    """The mail server that the workers hand their mails to, and how often it got each."""

    def __init__(self) -> None:
        self.server = Backend.server = Server()

    def deliver(self, now: datetime, *, way: str) -> None:
        if way == "no server":
            self.server.down = ConnectionRefusedError("nobody there")
        elif way == "twice at once":
            self.server.hears = lambda _to: self._another(now)
        delivery.drain(now=now)
        self.server.down, self.server.hears = None, lambda _to: None

    def _another(self, now: datetime) -> None:
        """A second worker, while a mail of the first is in the air."""
        self.server.hears = lambda _to: None
        delivery.drain(now=now)

    def received(self) -> Counter[str]:
        """How often each mail arrived, by its Message-ID."""
        return Counter(mail.extra_headers["Message-ID"] for mail in self.server.accepted)
