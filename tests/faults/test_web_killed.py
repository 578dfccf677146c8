"""The web server's processes are killed in the middle of forms of every kind."""

import contextlib
import os
import signal
import subprocess

import pytest

from tests.faults.sending import EACH, TIMES, assert_whole, now_and_then, send_all

pytestmark = [pytest.mark.services, pytest.mark.alone]


def children(process: subprocess.Popen) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in found.stdout.split()]


def test_kills_leave_nothing_half_and_nothing_twice(portal, world):
    portal.start_redis()
    web = portal.start_web()
    killed = []

    def kill() -> None:
        """In the middle of what a form stores, wherever that is."""
        if portal.postgres.waits_until_it_is_written_to(portal.database):
            for child in children(web):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            killed.append(1)

    counted = send_all(portal, world, each=EACH, meanwhile=now_and_then(kill, times=TIMES))
    print(f"{len(killed)} kills: {dict(counted)}")
    assert killed
    assert_whole(portal, each=EACH)
