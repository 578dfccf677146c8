import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

WAIT = 120  # seconds; on a busy machine a process takes its time to start


def children(pid: int) -> list[int]:
    """Every process under this one, itself not counted."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    found, parents = [], [pid]
    while parents:
        parents = [child for child, parent in pairs if parent in parents]
        found += parents
    return found


def command_of(pid: int) -> str:
    return subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False).stdout


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


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen]:
    """The demo, serving, in a folder whose name has blanks and Norwegian letters."""
    var = tmp_path / "læring og miljø"
    production = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY")
    environment = {name: value for name, value in os.environ.items() if name not in production}
    environment |= {"LMP_DEMO": "true", "LMP_VAR_DIR": str(var), "SITE_URL": f"http://localhost:{port}"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)], cwd=settings.BASE_DIR, env=environment
    )
    try:
        until(lambda: process.poll() is not None or answers(port), what="the demo answers")
        until(lambda: worker(process), what="the worker runs")
        yield process
    finally:
        for pid in [*children(process.pid), process.pid]:
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/demo/post/", timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


def worker(server: subprocess.Popen) -> int | None:
    return next((pid for pid in children(server.pid) if "lmp.demo.worker" in command_of(pid)), None)


def test_nothing_outlives_a_command_that_is_killed(server, port):
    everything = children(server.pid)
    assert len(everything) >= 3

    server.kill()

    until(lambda: not [pid for pid in everything if is_running(pid)], what="its processes end")
    assert not answers(port)


def test_a_killed_worker_is_replaced_and_a_code_still_arrives_until_told_to_stop(server, port):
    first = worker(server)
    os.kill(first, signal.SIGKILL)
    until(lambda: worker(server) not in (None, first), what="another worker")

    visitor = Visitor(port)
    visitor.ask_for_code("kari.kontaktmo@example.no")
    until(lambda: re.search(r"\b\d{4}-\d{4}\b", visitor.newest_mail()), what="a mail with a code")

    everything = children(server.pid)
    server.send_signal(signal.SIGINT)
    assert server.wait(WAIT) == 0
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


def test_a_taken_port_is_said_before_anything_is_made(settings, port):
    settings.DEMO = True
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(CommandError, match=f"Port {port} is taken. Choose another: make demo PORT={port + 1}"):
            call_command("demo", port=port)
