"""An hour's mixed traffic, or as long as `make soak` says: what the processes hold of memory does not grow."""

import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.faults import acts
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
PAGES = ["/hjelp/", "/konto/", "/personvern/", "/tilgjengelighet/"]
OWN = "/"  # whoever has one thing to do is sent on to it
PAUSE = float(os.environ.get("SOAK_PAUSE", "0.05"))  # seconds between what one person does; longer beside other work
MOST = 12  # MB that a process may hold more in the end than when all of it was warm


def megabytes(pid: int) -> float:
    """What is its own, and its part of what it shares."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def test_memory_is_flat(portal, world):
    portal.start_redis()
    web = portal.start_web()
    end, taken = time.monotonic() + 60 * MINUTES, Taken()
    warm: dict[int, float] = {}

    def ask(what: str, send: Callable[[], httpx.Response], right: set[int]) -> None:
        began = time.monotonic()
        answer = send()
        taken.add(what, answer.status_code, time.monotonic() - began)
        assert answer.status_code in right, (what, answer.status_code)

    def one_kind(kind: str) -> None:
        # Few rows, so that the pages do not grow: one form is written over, the others are looked at.
        who, chance, number = ACTS[kind].who, random.Random(kind), 0
        sender, kind = Sender(portal, world, who), "me" if who == "contact" else kind
        sender.client.headers["connection"] = "close"  # or the server may hang up just as the next one is asked for
        while time.monotonic() < end:
            ask(OWN, partial(sender.client.get, OWN), {200, 302})
            for page in chance.sample(PAGES, 2):
                ask(page, partial(sender.client.get, page), {200})
            number = number % acts.MOST + 1
            form = sender.form(kind, number)
            if kind == "me":
                ask("sent", partial(sender.client.post, ACTS[kind].page(world, number), data=form), {302})
            time.sleep(PAUSE)

    with ThreadPoolExecutor(len(KINDS)) as pool:
        running = [pool.submit(one_kind, kind) for kind in KINDS]
        time.sleep(60 * MINUTES / 4)
        warm = {pid: megabytes(pid) for pid in children(web)}
        for each in running:
            each.result()
    after = {pid: megabytes(pid) for pid in children(web)}
    said = [f"{warm[pid]:.1f} MB, then {after[pid]:.1f}" for pid in warm]
    print(f"{MINUTES:g} minutes. {taken}. {'; '.join(said)}")
    assert warm.keys() == after.keys(), "none was started anew"
    assert max(after[pid] - warm[pid] for pid in warm) < MOST
