"""Everybody sends their forms at once while something goes wrong; and what must hold when it is over."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.faults.acts import ACTS, World
from tests.faults.portal import Portal, Sender

KINDS = [kind for kind in ACTS if kind not in ("needs", "me")]  # these are written over, not added
# Forms of each kind, and faults at most. `make drill-faults` has more.
EACH, TIMES = int(os.environ.get("DRILL_FORMS", "3")), int(os.environ.get("DRILL_FAULTS", "6"))


def send_all(portal: Portal, world: World, *, each: int, meanwhile: Callable[[threading.Event], None]) -> Counter:
    """Each kind's forms one after another, all kinds at once; `meanwhile` goes on until all are received."""
    done = threading.Event()

    def one_kind(kind: str) -> Counter:
        sender = Sender(portal, world, ACTS[kind].who)
        return Counter(sender.send_to_the_end(kind, number) for number in range(1, each + 1))

    with ThreadPoolExecutor(len(KINDS) + 1) as pool:
        fault = pool.submit(meanwhile, done)
        try:
            counted = sum(pool.map(one_kind, KINDS), Counter())
        finally:
            done.set()
        fault.result()
    return counted


def now_and_then(fault: Callable[[], object], *, times: int) -> Callable[[threading.Event], None]:
    """The fault this often at most, each after some seconds, in which a busy machine gets something done."""

    def meanwhile(done: threading.Event) -> None:
        for number in range(times):
            if done.wait(1 + number / 2):
                return
            fault()

    return meanwhile


def assert_whole(portal: Portal, *, each: int, kinds: list[str] = KINDS) -> None:
    """Each form was made once, with its mail, and nothing is there that nobody sent."""
    found = portal.rows("whole", ",".join(kinds), each)
    assert found["made"] == {kind: [1] * each for kind in kinds}, found["made"]
    assert found["wrong"] == [], found["wrong"]
