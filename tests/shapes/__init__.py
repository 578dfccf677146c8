"""What each test asks of its database, and the fewest tests that together ask it all.

`make test` notes it, beside SQLite; `make test-services` then asks PostgreSQL what these few ask, and not the same
thing thousands of times (docs/testing.md). A question is known by its shape: the statement with no values in it,
whether it locks its rows, and the error it gave.
"""

import heapq
import json
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler

# One test may ask it of no rows, or of rows that no order tells apart.
TIMES = 3
NAME = pytest.StashKey[str]()
OF_A_TRANSACTION = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")
LISTS = re.compile(r"%s(?:, %s)+")
ROWS = re.compile(r"(\(%s\))(?:, \(%s\))+")
NUMBER = re.compile(r"\b\d+\b")


@lru_cache(50_000)
def shape(statement: str, locks: str = "", error: str = "") -> str:
    """Sixteen hexadecimal digits; "" of what only begins and ends a transaction."""
    if statement.startswith(OF_A_TRANSACTION):
        return ""
    without_values = NUMBER.sub("0", ROWS.sub(r"\1", LISTS.sub("%s", statement)))
    return blake2b(f"{without_values}\n{locks}\n{error}".encode(), digest_size=8).hexdigest()


class Recorder:
    """A pytest plugin. Each process writes a file of its own into the folder when it ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.of_tests: dict[str, tuple[float, list[str]]] = {}
        self.asked: set[str] = set()
        self.locks = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Before pytest-xdist adds its groups to the names, and with them changes what an item is found by."""
        for item in items:
            item.stash[NAME] = item.nodeid

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if self.note not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.note)
        self.asked = set()
        begun = time.process_time()
        answer = yield
        self.of_tests[item.stash[NAME]] = round(time.process_time() - begun, 3), sorted(self.asked)
        return answer

    def pytest_sessionfinish(self) -> None:
        process = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{process}.json").write_text(json.dumps(self.of_tests))

    def note(self, execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        try:
            answer = execute(sql, params, many, context)
        except Exception as error:
            self.asked.add(shape(sql, self.locks, type(error).__name__))
            raise
        self.asked.add(shape(sql, self.locks))
        return answer

    def know_locks(self) -> None:
        """SQLite has no locks on rows, and Django leaves them out of the statement."""
        ask = SQLCompiler.execute_sql

        def execute_sql(compiler: SQLCompiler, *args, **kwargs) -> object:
            query = compiler.query
            self.locks = f"for update of {query.select_for_update_of}" if query.select_for_update else ""
            try:
                return ask(compiler, *args, **kwargs)
            finally:
                self.locks = ""

        SQLCompiler.execute_sql = execute_sql


def noted(folder: Path) -> dict[str, tuple[float, set[str]]]:
    """What was noted of each test: its seconds, and the shapes of what it asked."""
    found = {}
    for file in sorted(folder.glob("*.json")):
        for test, (seconds, shapes) in json.loads(file.read_text()).items():
            found[test] = seconds, set(shapes) - {""}
    return found


def fewest(tests: dict[str, tuple[float, set[str]]], *, times: int = TIMES) -> set[str]:
    """Tests that ask each shape so many times, or as often as it is asked at all; cheap ones first.

    Greedy: each time the test with the most that is still wanted per second.
    """
    asked = Counter(shape for _seconds, shapes in tests.values() for shape in shapes)
    wanted = {shape: min(times, count) for shape, count in asked.items()}

    def worth(test: str) -> float:
        seconds, shapes = tests[test]
        return sum(wanted[shape] > 0 for shape in shapes) / (seconds + 0.02)

    best = [(-worth(test), test) for test in tests]
    heapq.heapify(best)
    chosen: set[str] = set()
    while best:
        _believed, test = heapq.heappop(best)
        now = worth(test)
        if not now:
            continue
        if best and now < -best[0][0]:  # less than when it was put there: others may be worth more
            heapq.heappush(best, (-now, test))
            continue
        chosen.add(test)
        for shape in tests[test][1]:
            wanted[shape] -= 1
    return chosen


def choose(items: list[pytest.Item], folder: Path) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """(those to run, those to leave out). What nothing is noted of runs, and so does what names the vendor."""
    known = noted(folder)
    chosen = fewest({item.nodeid: known[item.nodeid] for item in items if item.nodeid in known})
    run: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        its_own = item.nodeid not in known or not known[item.nodeid][1] or "connection.vendor" in _text(item.path)
        (run if its_own or item.nodeid in chosen else left).append(item)
    return run, left


@lru_cache
def _text(path: Path) -> str:
    return path.read_text()


def begin(config: pytest.Config, folder: Path) -> None:
    """Note what is asked; what an earlier run noted is gone."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        shutil.rmtree(folder, ignore_errors=True)
    recorder = Recorder(folder)
    recorder.know_locks()
    config.pluginmanager.register(recorder, "shapes")
