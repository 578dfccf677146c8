"""A release in the middle of a run of mails: the old worker is told to stop, a new one is there already."""

import signal

from outbox.tests.faults.house import ALONE, all_sent, wait_for

pytestmark = ALONE
POOL = "--pool=prefork --concurrency=2"


def test_a_release_with_mails_in_flight_loses_none_and_doubles_none(house, post_many):
    house.start_smtp(wait=0.03)
    old = house.start_worker(pool=POOL, outbox__lease__LENGTH=10)
    post_many(150)
    wait_for(lambda: len(house.accepted()) >= 5)
    new = house.start_worker(pool=POOL, outbox__lease__LENGTH=10)
    old.send_signal(signal.SIGTERM)  # to the worker itself, as systemd and a container engine do
    wait_for(lambda: old.poll() is not None)
    wait_for(all_sent)
    assert old.returncode == 0, "it ended what it had in hand, and was not killed"
    assert new.poll() is None
    assert house.sent_twice().total() == 0
    assert len({line["message_id"] for line in house.accepted()}) == 150
