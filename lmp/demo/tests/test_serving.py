import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

WAIT = 120  # seconds; on a busy machine a process takes its time to start
# Its database would be filled by each process; and it lets go of whatever services the tests are given.
pytestmark = [pytest.mark.xdist_group("the served demo"), pytest.mark.slow]


class Server:
    """`manage.py demo`, and what it and every process under it write. The end of that is the end of them all."""

    def __init__(self, var: Path, port: int) -> None:
        self.port = port
        production = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY")
        environment = {name: value for name, value in os.environ.items() if name not in production}
        environment |= {"LMP_DEMO": "true", "LMP_VAR_DIR": str(var), "SITE_URL": f"http://localhost:{port}"}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line)
                self._changed.notify_all()

    def wait_for(self, said: str, *, limit: float = WAIT) -> None:
        with self._changed:
            found = self._changed.wait_for(lambda: any(said in line for line in self.lines), limit)
        assert found, f"waited {limit} s in vain for {said!r} in {''.join(self.lines)}"

    def wait_for_the_end(self) -> None:
        self._reader.join(WAIT)
        assert not self._reader.is_alive(), f"after {WAIT} s some of its processes still run"

    @property
    def processes(self) -> list[int]:
        """Every process under the command, itself not counted."""
        pairs, found, parents = parents_of_all(), [], [self.process.pid]
        while parents:
            parents = [child for child, parent in pairs if parent in parents]
            found += parents
        return found

    @property
    def worker(self) -> int:
        """The command's child without children: the other one, the web server, has those that answer."""
        pairs = parents_of_all()
        having = {parent for _child, parent in pairs}
        [worker] = [child for child, parent in pairs if parent == self.process.pid and child not in having]
        return worker

    def kill_everything(self) -> None:
        for pid in [*self.processes, self.process.pid]:
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join(WAIT)
        self.process.stdout.close()


def parents_of_all() -> list[tuple[int, int]]:
    """Each process and its parent. Numbers only: what else ps tells depends on the system and the terminal's width."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [(int(pid), int(parent)) for pid, parent in map(str.split, listing.splitlines())]


def is_running(pid: int) -> bool:
    state = subprocess.run(["ps", "-p", str(pid), "-o", "stat="], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def until(true: Callable[[], object], *, what: str) -> None:
    deadline = time.monotonic() + WAIT
    while not true():
        assert time.monotonic() < deadline, f"waited {WAIT} s in vain: {what}"
        time.sleep(0.1)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def var(tmp_path_factory) -> Path:
    """A folder whose name has blanks and Norwegian letters. The first server fills it, the next one finds it filled."""
    return tmp_path_factory.mktemp("demo") / "læring og miljø"


@pytest.fixture
def server(var: Path, port: int) -> Iterator[Server]:
    """The demo, serving."""
    server = Server(var, port)
    try:
        until(lambda: server.process.poll() is not None or listens(port), what="the demo listens")
        server.wait_for("The demo is at", limit=2)  # filling takes longer: nobody can come before it is filled
        until(lambda: answers(port), what="the demo answers")
        yield server
    finally:
        server.kill_everything()


def listens(port: int) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/demo/post/", timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


def test_nothing_outlives_a_command_that_is_killed(server, port):
    everything = server.processes
    assert len(everything) >= 3

    server.process.kill()

    server.wait_for_the_end()
    until(lambda: not [pid for pid in everything if is_running(pid)], what="its processes end")
    assert not answers(port)


def test_a_killed_worker_is_replaced_and_a_code_still_arrives_until_told_to_stop(server, port):
    first = server.worker
    os.kill(first, signal.SIGKILL)
    server.wait_for("the worker ended with code -9 and was started again")
    assert server.worker != first

    visitor = Visitor(port)
    visitor.ask_for_code("kari.kontaktmo@example.no")
    until(lambda: re.search(r"\b\d{4}-\d{4}\b", visitor.newest_mail()), what="a mail with a code")

    everything = server.processes
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(WAIT) == 0
    assert not [pid for pid in everything if is_running(pid)]


class Visitor:
    """A browser, as far as the sign-in page takes one."""

    def __init__(self, port: int) -> None:
        self.site = f"http://localhost:{port}"
        self.browser = build_opener(HTTPCookieProcessor())

    def read(self, address: str, data: bytes | None = None) -> tuple[str, str]:
        with self.browser.open(Request(f"{self.site}{address}", data), timeout=10) as page:
            return page.read().decode(), page.url.removeprefix(self.site)

    def ask_for_code(self, email: str) -> None:
        page, address = self.read("/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        name = re.search(r'<input type="email" name="(\w+)"', page)[1]
        self.read(address, urlencode({"csrfmiddlewaretoken": token, name: email}).encode())

    def newest_mail(self) -> str:
        mails, _address = self.read("/demo/post/")
        newest = re.search(r'href="(/demo/post/\d+/)"', mails)[1]
        return self.read(newest)[0]


def test_what_was_not_let_begin_ends_with_its_parent():
    command = [sys.executable, "-m", "lmp.demo.lifeline", "this"]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, input=b"", timeout=WAIT, check=False)
    assert ended.returncode == -signal.SIGTERM


def test_a_taken_port_is_said_before_anything_is_made(settings, port):
    settings.DEMO = True
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(CommandError, match=f"Port {port} is taken. Choose another: make demo PORT={port + 1}"):
            call_command("demo", port=port)
