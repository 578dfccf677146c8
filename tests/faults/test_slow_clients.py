"""Clients that send half a request and wait, and one that sends far too much: others are served meanwhile."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.portal import SERVER, SYNC_SERVER, Portal

pytestmark = [pytest.mark.services, pytest.mark.alone]
SLOW, PATIENCE = 4, 10  # clients; seconds
MEGABYTES = int(os.environ.get("DRILL_MEGABYTES", "100"))  # of one file; `make drill-faults` sends 300


@contextlib.contextmanager
def half_requests(portal: Portal, number: int) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for _client in range(number):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", portal.port)))
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Half: ")
        time.sleep(0.5)
        yield


def is_served(portal: Portal) -> bool:
    try:
        return httpx.get(f"{portal.url}/hjelp/", timeout=PATIENCE).status_code == 200
    except httpx.TimeoutException:
        return False


def test_four_slow_clients_hold_up_nobody(portal):
    portal.start_redis()
    portal.start_web(SERVER)
    assert is_served(portal)
    with half_requests(portal, SLOW):
        assert is_served(portal)


def test_control_without_threads_they_hold_up_everybody(portal):
    portal.start_redis()
    portal.start_web(SYNC_SERVER)
    with half_requests(portal, SLOW):
        assert not is_served(portal)


def test_a_file_that_is_far_too_large_is_never_stored(portal):
    """With nothing but the cookie that anybody gets."""
    folder = portal.folder / "tmp"
    folder.mkdir()
    portal.changes["TMPDIR"] = str(folder)
    portal.start_redis()
    portal.start_web(SERVER)
    largest, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            largest[0] = max(largest[0], stored(folder))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        status = send_file(portal, MEGABYTES)
    finally:
        done.set()
        watcher.join()
    print(f"{MEGABYTES} MB sent, {largest[0] / 1e6:.0f} MB stored at most, status {status}")
    assert status in (200, 400, 403, 413)
    assert largest[0] < 25e6
    assert stored(folder) < 1e6


def stored(folder: Path) -> int:
    """Also of files that have no name any more: those are held open by a process."""
    found = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            found += path.stat().st_size
    return found


def send_file(portal: Portal, megabytes: int) -> int:
    token = "a" * 32
    edge = b"--edge"
    head = (
        edge
        + b'\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        + token.encode()
        + b"\r\n"
        + edge
        + b'\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    )

    def body() -> Iterator[bytes]:
        yield head
        for _megabyte in range(megabytes):
            yield b"x" * 1_000_000
        yield b"\r\n" + edge + b"--\r\n"

    headers = {
        "content-type": "multipart/form-data; boundary=edge",
        "content-length": str(len(head) + megabytes * 1_000_000 + 2 + len(edge) + 4),
        "cookie": f"csrftoken={token}",
        "origin": portal.url,
    }
    return httpx.post(f"{portal.url}/konto/logg-inn/", content=body(), headers=headers, timeout=120).status_code
