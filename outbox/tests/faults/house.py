"""Real processes for the fault tests: an SMTP server and Celery workers, on the test's own PostgreSQL database."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.db import connection

from outbox.models import Message

# Every fault test carries these, and waits for what is to happen however long that takes.
MARKS = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: set DATABASE_URL"),
    pytest.mark.skipif(not project_settings.REDIS_URL, reason="needs Redis: set REDIS_URL"),
]
# Those too in which a lease runs, a kill comes in the middle or seconds are counted: others' work would change that.
ALONE = [*MARKS, pytest.mark.alone]
HERE = Path(__file__).parent
QUICK = {
    "sweep": 0.3,
    "outbox.lease.LENGTH": 1,
    "outbox.delivery.FIRST_PAUSE": 0.2,
    "outbox.delivery.FIRST_SILENCE": 0.2,
    "outbox.delivery.MAX_SILENCE": 0.5,
    "outbox.delivery.DOUBTS": [0.2] * 100,
}


def wait_for(condition: Callable[[], object], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} seconds")
        time.sleep(0.01)


def all_sent() -> bool:
    return not Message.objects.filter(sent_at=None).exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class House:
    """The processes around the test, all ended by their own ids."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        self.folder = folder
        self.redis_url = redis_url
        self.smtp_port = free_port()
        self.smtp_login = ""  # user:password@
        self.queue = f"test-{uuid.uuid4().hex}"
        self.processes: list[subprocess.Popen] = []
        self.smtp: subprocess.Popen | None = None

    # The SMTP server

    def start_smtp(self, **orders: object) -> None:
        self.order(**orders)
        command = [sys.executable, str(HERE / "smtp_server.py"), str(self.smtp_port)]
        self.smtp = self.start([*command, str(self.folder / "accepted"), str(self.folder / "orders")])
        wait_for(self.smtp_answers)

    def smtp_answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.smtp_port)) == 0

    def order(self, **orders: object) -> None:
        new = self.folder / "orders.new"
        new.write_text(json.dumps(orders))
        new.rename(self.folder / "orders")

    def accepted(self) -> list[dict]:
        path = self.folder / "accepted"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def sent_twice(self) -> Counter:
        """How many times too often, by Message-ID."""
        counted = Counter(line["message_id"] for line in self.accepted())
        return Counter({message_id: number - 1 for message_id, number in counted.items() if number > 1})

    # The workers

    def environment(self, **changes: str) -> dict[str, str]:
        facts = connection.settings_dict
        user = f"{facts['USER']}:{facts['PASSWORD']}" if facts["PASSWORD"] else facts["USER"]
        return os.environ | {
            "DATABASE_URL": f"postgres://{user}@{facts['HOST']}:{facts['PORT'] or 5432}/{facts['NAME']}",
            "REDIS_URL": self.redis_url,
            "EMAIL_URL": f"smtp://{self.smtp_login}127.0.0.1:{self.smtp_port}",
            "SECRET_KEY": "only for this test",
            "LMP_VAR_DIR": str(self.folder / "var"),
            "PYTHONPATH": str(project_settings.BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "lmp.settings",
            **changes,
        }

    def start_worker(
        self, *, breaks: tuple[str, ...] = (), pool: str = "--pool=solo", **seconds: float | list[float]
    ) -> subprocess.Popen:
        orders = {
            "queue": self.queue,
            "schedule": str(self.folder / f"beat-{uuid.uuid4().hex}"),
            "pool": pool.split(),
            "seconds": QUICK | {name.replace("__", "."): value for name, value in seconds.items()},
            "breaks": breaks,
        }
        command = [sys.executable, "-m", "outbox.tests.faults.worker"]
        return self.start(command, env=self.environment(OUTBOX_TEST=json.dumps(orders)))

    def start(self, command: list[str], env: dict[str, str] | None = None) -> subprocess.Popen:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, env=env, cwd=project_settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen) -> None:
        """kill -9, for the process and those that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for process in self.processes:
            self.kill(process)
