"""Many people at once, each with a browser of their own; how long each answer took, and how fast the machine is."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from bench.page_form import Form, Page
from tests.faults.portal import Portal

AT_ONCE = 40  # of those who wait for an answer at a moment; far more than ever do
TURNS = 4_000_000
PROMISED = 25e-9  # seconds a turn, on the machine of docs/promises.md
LOOP = f"""
from time import perf_counter
began = perf_counter()
total = 0
for number in range({TURNS}):
    total += number
print((perf_counter() - began) / {TURNS})
"""


@dataclass
class Taken:
    """The seconds of each answer, by what it was, and what was answered."""

    seconds: list[float] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, status: int, seconds: float) -> None:
        with self.lock:
            self.seconds.append(seconds)
            self.answers[what, status] += 1

    def at(self, part: float) -> float:
        return sorted(self.seconds)[int(part * (len(self.seconds) - 1))]

    def __str__(self) -> str:
        said = f"{len(self.seconds)} requests: half in {self.at(0.5) * 1000:.0f} ms, 95 % in {self.at(0.95) * 1000:.0f}"
        return f"{said}, the slowest in {max(self.seconds) * 1000:.0f} ms; {dict(self.answers)}"


class Visitor:
    """One person's browser. What it asks for is timed."""

    def __init__(self, portal: Portal, taken: Taken, *, session: str = "") -> None:
        self.taken, url = taken, portal.url
        cookies = {"sessionid": session, "language": "nb"} if session else {"language": "nb"}
        self.client = httpx.Client(base_url=url, cookies=cookies, headers={"origin": url}, timeout=120)
        portal.clients.append(self.client)

    def ask(self, what: str, method: str, path: str, data: dict | None = None) -> httpx.Response:
        began = time.monotonic()
        answer = self.client.request(method, path, data=data)
        self.taken.add(what, answer.status_code, time.monotonic() - began)
        return answer

    def open(self, path: str, what: str = "page") -> httpx.Response:
        return self.ask(what, "GET", path)

    def send(self, page: httpx.Response, path: str, fill: Callable[[Form], dict], what: str) -> httpx.Response:
        form = Page(page.text).form(path) or Page(page.text).form("")
        if form is None:
            raise LookupError(f"{path} has no form: {page.status_code}")
        return self.ask(what, "POST", path, fill(form))


def all_within(seconds: float, acts: list[Callable[[], None]], *, seed: int = 1) -> None:
    """Each begins at a moment of its own, in random order, spread over this time."""
    chance = random.Random(seed)
    moments = sorted(chance.uniform(0, seconds) for _act in acts)
    began = time.monotonic()

    def at_its_moment(moment: float, act: Callable[[], None]) -> None:
        time.sleep(max(0.0, began + moment - time.monotonic()))
        act()

    with ThreadPoolExecutor(min(AT_ONCE, len(acts))) as pool:
        for done in [pool.submit(at_its_moment, *each) for each in zip(moments, acts, strict=True)]:
            done.result()


def slowness() -> float:
    """How many times longer the same work takes now, on all cores at once: 1.0 on that machine or a faster one."""
    command = [sys.executable, "-c", LOOP]
    at_once = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _core in range(os.cpu_count() or 1)]
    return max(1.0, *(float(process.communicate()[0]) / PROMISED for process in at_once))
