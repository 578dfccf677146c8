"""A server of several processes over a database of its own, and many who ask it at the same moment."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
from django.conf import settings
from django.utils import timezone

WORKERS = 4
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
