"""Many people register at once, over HTTP, at a server of several processes: nobody gets a place too many."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

pytestmark = [pytest.mark.services, pytest.mark.alone, pytest.mark.django_db(transaction=True)]
PEOPLE, PLACES, ROUNDS, WORKERS = 40, 5, 10, 4
TOKEN = "a" * 32  # the cookie and the form carry the same one, as a browser's would


@dataclass
class Portal:
    """A server of several processes, and its database."""

    folder: Path
    environment: dict[str, str]
    port: int = 0
    server: subprocess.Popen | None = None
    made: dict[str, Any] = field(default_factory=dict)

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            env=self.environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, *arguments: object) -> Any:
        return json.loads(self.run("-m", "tests.at_once.rows", *map(str, arguments)).splitlines()[-1])

    def start(self, application: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = ["-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}", "--workers", str(WORKERS)]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, *command],
                env=self.environment,
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + 60
        with socket.socket() as probe:
            while probe.connect_ex(("127.0.0.1", self.port)):
                assert time.monotonic() < end, (self.folder / "log").read_text()
                time.sleep(0.1)

    def stop(self) -> None:
        if self.server:
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait()

    def prepare(self, *, people: int, gatherings: int, capacity: int, placed: int = 0) -> None:
        self.made = self.rows("prepare", people, gatherings, capacity, placed)

    def post(self, number: int, path: str, **data: object) -> int:
        cookies = {"sessionid": self.made["sessions"][number], "csrftoken": TOKEN}
        address = f"http://127.0.0.1:{self.port}{path}"
        with httpx.Client(cookies=cookies, timeout=60) as client:
            return client.post(address, data={"csrfmiddlewaretoken": TOKEN} | data).status_code

    def register(self, number: int, gathering: int) -> int:
        day = (timezone.localdate() + timedelta(days=20)).isoformat()
        person = {
            "name": f"Person {number}",
            "email": f"person.{number}@example.no",
            "function": "owner",
            "place": self.made["place"],
            "days": day,
            "travel": "none",
        }
        return self.post(
            number,
            f"/samlinger/{gathering}/paamelding/",
            **{"person-TOTAL_FORMS": 1, "person-INITIAL_FORMS": 0, "action": "register"},
            **{f"person-0-{name}": value for name, value in person.items()},
        )

    def cancel(self, number: int, registration: int) -> int:
        return self.post(number, f"/paameldinger/{registration}/avmelding/")


def at_once(acts: list[Callable[[], int]]) -> list[int]:
    """All of them, each in a thread of its own, let go at the same moment. Gives their answers."""
    barrier = Barrier(len(acts))

    def wait_and(act: Callable[[], int]) -> int:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(wait_and, acts))


@pytest.fixture(params=["postgresql", "sqlite"])
def portal(request, tmp_path) -> Iterator[Portal]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment |= {
        "SECRET_KEY": "only for this test",
        "LMP_VAR_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "lmp.settings",
    }
    if request.param == "postgresql":
        if connection.vendor != "postgresql":
            pytest.skip("needs PostgreSQL: set DATABASE_URL")
        facts = connection.settings_dict
        user = f"{facts['USER']}:{facts['PASSWORD']}" if facts["PASSWORD"] else facts["USER"]
        address = f"{user}@{facts['HOST']}:{facts['PORT'] or 5432}/{facts['NAME']}"
        environment["DATABASE_URL"] = f"postgres://{address}"
    portal = Portal(tmp_path, environment)
    if request.param == "sqlite":
        portal.run("manage.py", "migrate", "--verbosity", "0")
    yield portal
    portal.stop()


def test_forty_people_and_five_places(portal):
    portal.prepare(people=PEOPLE, gatherings=ROUNDS, capacity=PLACES)
    portal.start("lmp.wsgi")
    for gathering in portal.made["gatherings"]:
        answers = at_once([partial(portal.register, number, gathering) for number in range(PEOPLE)])
        assert Counter(answers) == {302: PEOPLE}
    # In the order of the list: first those with a place, then those who wait, everybody once.
    assert portal.rows("states") == [["placed"] * PLACES + ["waiting"] * (PEOPLE - PLACES)] * ROUNDS


def test_two_cancel_while_three_ask(portal):
    portal.prepare(people=5, gatherings=ROUNDS, capacity=2, placed=2)
    portal.start("lmp.wsgi")
    for gathering, placed in zip(portal.made["gatherings"], portal.made["placed"], strict=True):
        cancels = [partial(portal.cancel, number, registration) for number, registration in enumerate(placed)]
        asks = [partial(portal.register, number, gathering) for number in (2, 3, 4)]
        assert Counter(at_once(cancels + asks)) == {302: 5}
    for states in portal.rows("states"):
        # Both places are somebody's, given or on offer, and one of the three waits.
        found = Counter(states)
        assert (found["cancelled"], found["placed"] + found["offered"], found["waiting"]) == (2, 2, 1)


@pytest.mark.parametrize("portal", ["postgresql"], indirect=True)
def test_without_the_lock_the_race_is_real(portal):
    """The control: the same forty people, as many rounds, and too many places in one of them at the least.

    One round alone proves nothing: while the other processes still start, the first answers one at a time.
    """
    portal.prepare(people=PEOPLE, gatherings=ROUNDS, capacity=PLACES)
    portal.start("tests.at_once.unlocked")
    for gathering in portal.made["gatherings"]:
        at_once([partial(portal.register, number, gathering) for number in range(PEOPLE)])
    assert max(states.count("placed") for states in portal.rows("states")) > PLACES
