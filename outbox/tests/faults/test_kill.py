"""kill -9 of the worker in the middle of a run: nothing is lost, and one mail at most goes twice."""

import random
import time

from outbox import posting
from outbox.models import Message
from outbox.tests.faults.house import ALONE, House, all_sent, wait_for

pytestmark = ALONE


def kill_while_sending(house: House, chance: random.Random, **options) -> str:
    """The Message-ID last accepted before the kill, or while the dying connection was served."""
    before = len(house.accepted())
    worker = house.start_worker(**options)
    wait_for(lambda: len(house.accepted()) > before)
    time.sleep(chance.uniform(0.02, 0.35))
    house.kill(worker)
    time.sleep(0.1)  # the server may still be storing the mail in the air
    return house.accepted()[-1]["message_id"]


def test_five_kills_lose_nothing_and_cost_a_duplicate_each_at_most(house, post_many):
    seed = time.time_ns()
    print("seed", seed)
    chance = random.Random(seed)
    messages = post_many(300)
    house.start_smtp(wait=0.005)
    in_the_air = [kill_while_sending(house, chance) for _kill in range(5)]
    assert 0 < Message.objects.exclude(sent_at=None).count() < 300, "the kills came in the middle"
    house.start_worker()
    wait_for(all_sent)

    accepted = {line["message_id"]: line["to"] for line in house.accepted()}
    assert accepted == {posting.message_id(message.key): message.to for message in messages}
    twice = house.sent_twice()
    assert twice <= type(twice)(in_the_air), "only what was in the air at a kill goes again, once a kill"


def test_control_marks_that_wait_for_the_end_of_the_batch_send_many_twice(house, post_many):
    post_many(40)
    house.start_smtp(wait=0.02)
    worker = house.start_worker(breaks=("mark_late",))
    wait_for(lambda: len(house.accepted()) >= 10)
    house.kill(worker)
    house.order()
    house.start_worker()
    wait_for(all_sent)
    assert house.sent_twice().total() > 5
