"""From the outbox to the mail server: claim, send, mark.

A worker claims a batch for a time, the lease, and sends it over one connection. Each message is marked in its
own commit right after the server has accepted it. A worker killed at any point leaves a claim that runs out;
then another takes over, and at most the one message in the air goes twice, with the same Message-ID.
"""

import logging
import smtplib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection
from django.db.models import F

from outbox import lease as leases
from outbox.lease import Lease
from outbox.models import Message
from outbox.queue import queue_delivery
from outbox.returns import addresses
from outbox.returns.reasons import OF_THE_ADDRESS, reason_for
from outbox.wire import envelope, parting, smtp
from outbox.wire.answers import Deferred, Disconnected, PerhapsTaken, Refused, classify, describe, for_each
from outbox.wire.parting import Facts
from parts.logs.redaction import answer_code

logger = logging.getLogger(__name__)

# A refusal for now is tried again after 1, 2, 4 … minutes, 4 hours at most: 12 attempts in 16 hours.
FIRST_PAUSE = timedelta(minutes=1)
MAX_PAUSE = timedelta(hours=4)
MAX_ATTEMPTS = 12
# A server that does not answer is tried for ever, and often, so that codes go as soon as it is back.
FIRST_SILENCE = timedelta(seconds=30)
MAX_SILENCE = timedelta(minutes=5)
# Each further attempt at what the server may have taken is perhaps one mail too many, so there are few.
DOUBTS = [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)]


@dataclass
class Outcome:
    sent: int = 0
    deferred: int = 0
    given_up: int = 0
    error: str = ""


class Clock:
    """The time, counted from when a drain began.

    By the clock that shows more time gone: the wall's may be set back, and the steady one stops while a machine
    sleeps. Too late only renews a lease early; too early would send on one that ran out.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._steady, self._wall = time.monotonic(), time.time()

    def now(self) -> datetime:
        gone = max(time.monotonic() - self._steady, time.time() - self._wall)
        return self._start + timedelta(seconds=gone)


def drain(*, now: datetime) -> Outcome:
    """Send all that is due. Stops when the server does not answer: the next drain tries again."""
    return Drain(now).run()


def wipe_expired_secrets(*, now: datetime) -> int:
    expired = Message.objects.expired(now).filter(secret=True).exclude(body="")
    return expired.update(body="", html="")


class Drain:
    def __init__(self, now: datetime) -> None:
        self.clock = Clock(now)
        self.outcome = Outcome()
        self.server: BaseEmailBackend | None = None
        self.carried = 0

    def run(self) -> Outcome:
        try:
            while lease := leases.claim(self.clock.now()):
                if not self.send_batch(lease):
                    break
        finally:
            self.hang_up()
        return self.outcome

    def send_batch(self, lease: Lease) -> bool:
        """Whether to go on with the next batch."""
        try:
            for message in lease.messages():
                if lease.covers(message, self.clock.now()) and not self.send_one(message, lease):
                    return False
        finally:
            lease.release()
        return True

    def send_one(self, message: Message, lease: Lease) -> bool:
        """Whether the server can be expected to take the next message."""
        if divided(message, lease):
            return True
        try:
            answers = self.transmit(message, lease)
        except (Refused, Deferred) as error:
            settle(message, lease, self.refusal(message, error))
        except (Disconnected, PerhapsTaken) as error:
            # A server that took some messages before it hung up is called again; one that took none is not.
            carried, self.carried = self.carried, 0
            self.disconnected(message, lease, error)
            return carried > 0
        else:
            self.answered(message, lease, answers)
        return True

    def transmit(self, message: Message, lease: Lease) -> dict[str, Refused | Deferred]:
        """The answers for those recipients, by address, whom the server did not take. The others have got it."""
        server = self.connected()
        try:
            mail = envelope.compose(message, server)
        except Exception as error:
            logger.exception("message %s cannot be composed", message.pk)
            raise Refused(describe(error)) from error
        smtp.when_slow(server, lambda: self.make_way(message, lease))
        try:
            accepted = server.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            return for_each(error.recipients, message.addresses)
        except (smtplib.SMTPException, OSError) as error:
            raise classify(error) from error
        except Exception as error:
            logger.exception("message %s broke off", message.pk)
            raise Disconnected(describe(error)) from error
        if not accepted:
            raise Refused("no recipient")
        return for_each(smtp.not_taken(server), message.addresses)

    def make_way(self, message: Message, lease: Lease) -> None:
        """The server thinks about this message: let other workers have the rest meanwhile."""
        lease.keep_only(message, self.clock.now())
        queue_delivery()

    def connected(self) -> BaseEmailBackend:
        if self.server is None:
            server = get_connection()
            try:
                server.open()
            except (smtplib.SMTPException, OSError) as error:
                raise Disconnected(describe(error)) from error
            self.server, self.carried = server, 0
        return self.server

    def drop(self) -> None:
        """Let go of a connection that failed, without waiting for an answer to QUIT."""
        if smtp := getattr(self.server, "connection", None):
            smtp.close()
        self.hang_up()

    def hang_up(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            try:
                server.close()
            except (smtplib.SMTPException, OSError):
                logger.info("the mail server closed the connection before QUIT was sent")

    def answered(self, message: Message, lease: Lease, answers: dict[str, Refused | Deferred]) -> None:
        """Store what became of it. Whoever met with something else than the rest gets the mail as one of their own.

        So a mail is sent to all that it names, or to none of them, and is never tried again at those who have it.
        """
        if len(answers) < len(message.addresses):
            self.outcome.sent += 1
            self.carried += 1
            facts = {"sent_at": self.clock.now(), "failure": Message.Failure.NONE, "last_error": ""}
            apart = answers
        else:
            kind = Deferred if any(isinstance(answer, Deferred) for answer in answers.values()) else Refused
            together = {address: answer for address, answer in answers.items() if isinstance(answer, kind)}
            apart = {address: answer for address, answer in answers.items() if address not in together}
            facts = self.refusal(message, kind(in_words(together)))
        settle(message, lease, facts, {address: self.refusal(message, answer) for address, answer in apart.items()})
        for address, answer in answers.items():
            reason = reason_for("", str(answer))
            if isinstance(answer, Refused) and reason in OF_THE_ADDRESS:
                addresses.bury(address, reason, sent_at=self.clock.now(), now=self.clock.now())

    def refusal(self, message: Message, error: Refused | Deferred) -> Facts:
        now = self.clock.now()
        earlier = message.attempts - message.disconnects
        given_up = isinstance(error, Refused) or earlier + 1 >= MAX_ATTEMPTS
        self.outcome.given_up += given_up
        self.outcome.deferred += not given_up
        kind = Message.Failure.REFUSED if isinstance(error, Refused) else Message.Failure.DEFERRED
        facts = failure(kind, error, now, backoff(FIRST_PAUSE, MAX_PAUSE, earlier))
        return facts | {"given_up_at": now if given_up else None}

    def disconnected(self, message: Message, lease: Lease, error: Disconnected | PerhapsTaken) -> None:
        self.outcome.error = str(error)
        self.drop()
        now = self.clock.now()
        if isinstance(error, PerhapsTaken):
            facts = self.doubt(message, error, now)
        else:
            self.outcome.deferred += 1
            pause = backoff(FIRST_SILENCE, MAX_SILENCE, message.disconnects)
            facts = failure(Message.Failure.CONNECTION, error, now, pause)
        settle(message, lease, facts | {"disconnects": F("disconnects") + 1})

    def doubt(self, message: Message, error: PerhapsTaken, now: datetime) -> Facts:
        given_up = message.doubts >= len(DOUBTS)
        self.outcome.given_up += given_up
        self.outcome.deferred += not given_up
        pause = DOUBTS[min(message.doubts, len(DOUBTS) - 1)]
        facts = failure(Message.Failure.UNANSWERED, error, now, pause)
        return facts | {"doubts": F("doubts") + 1, "given_up_at": now if given_up else None}


def divided(message: Message, lease: Lease) -> bool:
    """Whether one of several whom the mail goes to has an address that does not work: their mail waits alone."""
    if len(message.addresses) == 1 or message.secret:
        return False
    dead = addresses.dead_of(message.addresses)
    if not dead:
        return False
    alive = [address for address in message.addresses if address not in dead]
    apart = [address for address in message.addresses if address in dead and (alive or address != message.to)]
    ours = Message.objects.filter(pk=message.pk, claim=lease.claim)
    waits = {"attempts": message.attempts, "next_attempt_at": message.next_attempt_at}
    parting.store(message, ours, {"claim": None, "claimed_until": None}, dict.fromkeys(apart, waits))
    return True


def in_words(answers: dict[str, Refused | Deferred]) -> str:
    """One answer as it was given, several with whom each is about."""
    if len(answers) == 1:
        return str(next(iter(answers.values())))
    return "; ".join(f"{address}: {answer}" for address, answer in answers.items())


def failure(kind: Message.Failure, error: Exception, now: datetime, pause: timedelta) -> Facts:
    return {
        "failure": kind,
        "failed_at": now,
        "last_error": str(error).replace("\x00", "")[:2000],
        "next_attempt_at": now + pause,
    }


def settle(message: Message, lease: Lease, facts: Facts, apart: Mapping[str, Facts] | None = None) -> None:
    """Store the end of an attempt, if the message is still ours; a secret that is over is wiped.

    `apart`: for those recipients who get the mail as one of their own, what became of it.
    """
    facts |= {"attempts": F("attempts") + 1, "claim": None, "claimed_until": None}
    if message.secret and (facts.get("sent_at") or facts.get("given_up_at")):
        facts |= {"body": "", "html": ""}
    ours = Message.objects.filter(pk=message.pk, claim=lease.claim)
    try:
        changed = parting.store(message, ours, facts, apart or {})
    except DatabaseError:
        # The database may just have moved house; a mark that is lost sends the message twice.
        connection.close()
        changed = parting.store(message, ours, facts, apart or {})
    if not changed:
        logger.warning("message %s was taken over by another worker while it was in the air", message.pk)
    elif facts.get("last_error"):
        # The code alone: the server's words name the person. Staff read them on the mail's page.
        logger.warning("message %s: %s: %s", message.pk, facts["failure"], answer_code(facts["last_error"]))


def backoff(first: timedelta, longest: timedelta, failures: int) -> timedelta:
    return min(first * 2 ** min(failures, 20), longest)
