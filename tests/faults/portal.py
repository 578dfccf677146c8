"""The portal as it runs in production, with servers of its own that a test may stop, freeze and kill.

PostgreSQL from initdb, Redis, an SMTP server, gunicorn with threads as the README has it. Each is ended by its
own id.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from glob import glob
from pathlib import Path
from typing import Any

import httpx
import psycopg2
from django.conf import settings

from bench.page_form import Page
from outbox.tests.faults import house
from outbox.tests.faults.house import free_port, wait_for
from tests.faults.acts import ACTS, World, mark

SERVER = [
    "gunicorn",
    "lmp.wsgi",
    "--workers",
    "2",
    "--worker-class",
    "gthread",
    "--threads",
    "8",
    "--no-control-socket",
]
SYNC_SERVER = ["gunicorn", "lmp.wsgi", "--workers", "4"]


def postgres_programs() -> Path | None:
    """Where initdb and pg_ctl are."""
    found = sorted(glob("/usr/lib/postgresql/*/bin/initdb")) or [shutil.which("initdb") or ""]
    return Path(found[-1]).parent if found[-1] else None


class Postgres:
    """A cluster of its own. Root may not run it, so then the user postgres does."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "postgres", free_port()
        self.programs = postgres_programs()
        self.folder.mkdir()
        self.as_root = os.getuid() == 0
        if self.as_root:
            shutil.chown(self.folder, "postgres", "postgres")
            folder.chmod(0o711)
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def url(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        places = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", self.data, "-l", log, "-w", "-o", f"{places} -c fsync=off", "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def ask(self, sql: str, database: str = "postgres") -> None:
        asked = psycopg2.connect(host="127.0.0.1", port=self.port, user="postgres", dbname=database)
        try:
            asked.autocommit = True
            asked.cursor().execute(sql)
        finally:
            asked.close()

    def cut(self, database: str) -> bool:
        """End the next connections that are in the middle of a form, as a failover does. Whether there were any."""
        return self._when_written_to("count(pg_terminate_backend(pid))", database)

    def waits_until_it_is_written_to(self, database: str) -> bool:
        return self._when_written_to("count(pid)", database)

    def _when_written_to(self, act: str, database: str, *, seconds: float = 5) -> bool:
        """Do it in the middle of the next transaction that has written something."""
        found = "from pg_stat_activity where datname = %s and pid <> pg_backend_pid() and backend_xid is not null"
        end = time.monotonic() + seconds
        with contextlib.closing(psycopg2.connect(self.url("postgres"))) as asked:
            asked.autocommit = True
            while time.monotonic() < end:
                with asked.cursor() as cursor:
                    cursor.execute(f"select {act} {found}", [database])
                    if cursor.fetchone()[0]:
                        return True
                time.sleep(0.001)
        return False

    def _run(self, program: str, *arguments: str, check: bool = True) -> str:
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if self.as_root else []
        command = [*user, str(self.programs / program), *arguments]
        with (self.folder.parent / "postgres.out").open("w+") as out:  # a pipe would be held open by the server
            done = subprocess.run(command, cwd="/", stdout=out, stderr=subprocess.STDOUT, check=False)
            out.seek(0)
            said = out.read()
        assert done.returncode == 0 or not check, said
        return said.strip()


class Portal:
    """One portal on one database. `made` is what `rows.py` has laid there."""

    def __init__(self, folder: Path, postgres: Postgres, database: str) -> None:
        self.folder, self.postgres, self.database = folder, postgres, database
        self.port, self.redis_port, self.smtp_port = free_port(), free_port(), free_port()
        self.processes: list[subprocess.Popen] = []
        self.clients: list[httpx.Client] = []
        self.changes: dict[str, str] = {}
        self.made: dict[str, Any] = {}

    # Its processes

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.postgres.url(self.database),
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "SECRET_KEY": "only for this test",
            "LMP_VAR_DIR": str(self.folder / "var"),
            "DJANGO_SETTINGS_MODULE": "lmp.settings",
            "PYTHONPATH": str(settings.BASE_DIR),
            **self.changes,
        }

    def start(self, *command: str) -> subprocess.Popen:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self.environment(), cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        return process

    def python(self, *arguments: str) -> subprocess.Popen:
        return self.start(sys.executable, "-m", *arguments)

    def start_redis(self) -> subprocess.Popen:
        redis = self.start("redis-server", "--port", str(self.redis_port), "--save", "", "--dir", str(self.folder))
        ping = ["redis-cli", "-p", str(self.redis_port), "ping"]
        wait_for(lambda: subprocess.run(ping, capture_output=True, check=False).stdout == b"PONG\n")
        return redis

    def start_smtp(self) -> None:
        self.order({})
        server = str(Path(house.__file__).with_name("smtp_server.py"))
        places = [str(self.folder / "accepted"), str(self.folder / "orders")]
        self.start(sys.executable, server, str(self.smtp_port), *places)

    def order(self, orders: dict) -> None:
        (self.folder / "orders").write_text(json.dumps(orders))

    def start_web(self, command: list[str] = SERVER) -> subprocess.Popen:
        web = self.python(*command, "--bind", f"127.0.0.1:{self.port}", "--graceful-timeout", "2")
        wait_for(self.answers, seconds=120)
        for _request in range(6):  # each process reads the most of the portal at its first page
            httpx.get(f"{self.url}/hjelp/", timeout=120)
        return web

    def answers(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/static/css/lmp.css", timeout=5).status_code < 500
        return False

    def kill(self, process: subprocess.Popen) -> None:
        """kill -9, for the process and those that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for client in self.clients:
            client.close()
        for process in self.processes:
            self.kill(process)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # What is asked of it beside its own pages

    def rows(self, *arguments: object) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.rows", *map(str, arguments)],
            env=self.environment(),
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def accepted(self) -> list[dict]:
        path = self.folder / "accepted"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


class Sender:
    """One person's browser: sends forms, and what comes of a fault again, as the page that says so asks for."""

    def __init__(self, portal: Portal, world: World, who: str, *, seconds: float = 60) -> None:
        self.portal, self.world = portal, world
        self.client = httpx.Client(
            base_url=portal.url,
            cookies={"sessionid": portal.made["sessions"][who], "language": "nb"},
            headers={"origin": portal.url},
            timeout=seconds,
        )
        portal.clients.append(self.client)

    def form(self, kind: str, number: int) -> dict[str, list[str]]:
        act = ACTS[kind]
        page = act.page(self.world, number)
        drawn = self.until_it_answers(lambda: self.client.get(page))
        parsed = Page(drawn.text)
        form = parsed.form(page) or parsed.form("")
        assert form, (page, drawn.status_code)
        return act.fill(self.world, dict(form.fields), number, mark(kind, number))

    def until_it_answers(self, ask: Callable[[], httpx.Response], *, seconds: float = 60) -> httpx.Response:
        """What cannot be read now is asked for again; that is what the page of an outage says."""
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = ask()
                if answer.status_code not in (502, 503):
                    return answer
            assert time.monotonic() < end, "it never answered"
            time.sleep(0.2)

    def send(self, kind: str, number: int, form: dict[str, list[str]]) -> httpx.Response | None:
        """None: the server was gone before it answered."""
        act = ACTS[kind]
        files = act.files(mark(kind, number))
        data = {name: values for name, values in form.items() if name not in files}
        try:
            return self.client.post(act.page(self.world, number), data=data, files=files or None)
        except httpx.TransportError:
            return None

    def send_to_the_end(self, kind: str, number: int, *, seconds: float = 90) -> str:
        """Until it is received. What was typed is taken from the page of the outage, and from nowhere else."""
        form, end, met = self.form(kind, number), time.monotonic() + seconds, []
        while time.monotonic() < end:
            answer = self.send(kind, number, form)
            met.append(answer.status_code if answer else 0)
            if answer is None:  # a browser asks whether to send the same again
                time.sleep(0.3)
            elif answer.status_code == 503:
                if "er tatt imot" in answer.text:
                    return "received"
                form = Page(answer.text).form(ACTS[kind].page(self.world, number)).fields
                time.sleep(0.2)
            else:
                # The first time may have been received, and its answer lost.
                known = ACTS[kind].received if len(met) > 1 else frozenset()
                assert "/tatt-vare-pa/" not in answer.headers.get("location", ""), (kind, number, met)
                assert answer.status_code in known | {302}, (kind, number, met)
                return "again" if len(met) > 1 else "at once"
        raise AssertionError(f"{kind} {number} was never received: {met}")
