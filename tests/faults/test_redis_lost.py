"""Redis gone, and frozen: pages save nearly as quickly as ever, and the sweep takes the mails."""

import os
import signal
import time

import pytest

from outbox.tests.faults.house import wait_for
from tests.faults.acts import ACTS
from tests.faults.portal import Sender
from tests.faults.sending import assert_whole

pytestmark = [pytest.mark.services, pytest.mark.alone]
KINDS = ["register", "contact", "note"]  # with a mail that follows at once, and without


def send(portal, world, number: int) -> float:
    """Seconds of the slowest."""
    slowest = 0.0
    for kind in KINDS:
        sender = Sender(portal, world, ACTS[kind].who)
        form = sender.form(kind, number)
        began = time.monotonic()
        answer = sender.send(kind, number, form)
        slowest = max(slowest, time.monotonic() - began)
        assert answer is not None
        assert answer.status_code == 302
        assert sender.client.get("/").status_code < 400
    return slowest


def test_gone_and_frozen_cost_seconds_and_lose_no_mail(portal, world):
    redis = portal.start_redis()
    portal.start_web()
    portal.start_smtp()
    send(portal, world, 1)
    usual = send(portal, world, 2)
    os.kill(redis.pid, signal.SIGSTOP)
    frozen = send(portal, world, 3)
    portal.kill(redis)
    gone = send(portal, world, 4)
    print(f"usually {usual:.2f} s, frozen {frozen:.2f} s, gone {gone:.2f} s")
    # Two attempts of two seconds, once in ten; the rest is the machine's own.
    assert frozen < usual * 3 + 6
    assert gone < usual * 3 + 3
    assert portal.rows("waiting") > 0
    portal.start_redis()
    portal.rows("sweep")
    assert portal.rows("waiting") == 0
    wait_for(lambda: len(portal.accepted()) >= 4)
    mailed = [each["message_id"] for each in portal.accepted()]
    assert len(mailed) == len(set(mailed))
    assert_whole(portal, each=4, kinds=KINDS)
