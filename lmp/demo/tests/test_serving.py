import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

WAIT = 40


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


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_nothing_outlives_the_command(server, port, signal_number):
    everything = children(server.pid)
    assert len(everything) >= 3

    server.send_signal(signal_number)

    until(lambda: server.poll() is not None, what="the command ends")
    assert server.returncode == (0 if signal_number == signal.SIGINT else -signal.SIGKILL)
    until(lambda: not [pid for pid in everything if is_running(pid)], what="its processes end")
    assert not answers(port)


def test_a_worker_that_is_killed_is_started_again(server, port):
    first = worker(server)
    os.kill(first, signal.SIGKILL)
    until(lambda: worker(server) not in (None, first), what="another worker")
    assert answers(port)


def test_a_taken_port_is_said_before_anything_is_made(settings, port):
    settings.DEMO = True
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(CommandError, match=f"Port {port} is taken. Choose another: make demo PORT={port + 1}"):
            call_command("demo", port=port)
