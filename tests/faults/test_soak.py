"""An hour's mixed traffic, or as long as `make soak` says: what the processes hold of memory does not grow."""

import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.acts import ACTS
from tests.faults.crowding import Taken
from tests.faults.portal import Sender
from tests.faults.sending import KINDS
from tests.faults.test_web_killed import children

MINUTES = float(os.environ.get("SOAK_MINUTES", "0"))
pytestmark = [
    pytest.mark.services,
    pytest.mark.alone,
    pytest.mark.skipif(not MINUTES, reason="takes as long as it is told: make soak"),
]
PAGES = ["/", "/hjelp/", "/konto/", "/personvern/", "/tilgjengelighet/"]
MOST = 12  # MB that a process may hold more in the end than when all of it was warm


def megabytes(pid: int) -> float:
    """What is its own, and its part of what it shares."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def test_memory_is_flat(portal, world):
    portal.start_redis()
    web = portal.start_web()
    end, taken, sent = time.monotonic() + 60 * MINUTES, Taken(), Counter()
    warm: dict[int, float] = {}
    lock = threading.Lock()

    def one_kind(kind: str) -> None:
        sender, chance, number = Sender(portal, world, ACTS[kind].who), random.Random(kind), 0
        while time.monotonic() < end:
            for page in chance.sample(PAGES, 2):
                began = time.monotonic()
                answer = sender.client.get(page)
                taken.add("page", answer.status_code, time.monotonic() - began)
            # Few rows, so that the pages do not grow: a needs form is written over, the others are looked at.
            number += 1
            form = sender.form("me" if ACTS[kind].who == "contact" else kind, number) if number < 200 else {}
            if ACTS[kind].who == "contact" and form:
                with lock:
                    sent[sender.send("me", number, form).status_code] += 1
            time.sleep(0.05)

    with ThreadPoolExecutor(len(KINDS)) as pool:
        running = [pool.submit(one_kind, kind) for kind in KINDS]
        time.sleep(60 * MINUTES / 4)
        warm = {pid: megabytes(pid) for pid in children(web)}
        for each in running:
            each.result()
    after = {pid: megabytes(pid) for pid in children(web)}
    said = [f"{warm[pid]:.1f} MB, then {after[pid]:.1f}" for pid in warm]
    print(f"{MINUTES:g} minutes. {taken}; sent {dict(sent)}. {'; '.join(said)}")
    assert warm.keys() == after.keys(), "none was started anew"
    assert max(after[pid] - warm[pid] for pid in warm) < MOST
    assert not [status for _what, status in taken.answers if status >= 400]
