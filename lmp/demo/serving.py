"""The web server and the worker, side by side until one is told to stop."""

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

from django.conf import settings

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
WEB = [
    "gunicorn",
    "lmp.wsgi",
    *("--worker-class", "gthread"),
    *("--threads", "8"),
    *("--log-level", "warning"),
    *("--graceful-timeout", "3"),
    "--no-control-socket",  # it would lie in the home folder, outside what the demo makes
]
WORKER = ["lmp.demo.worker"]
SECONDS_TO_STOP_IN = 12


class PortTakenError(Exception):
    pass


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                raise PortTakenError from error
            raise


class Demo:
    """The web server and the worker, which end with the block.

    The web server starts with it as well, but only to import the portal while the database is filled, on a core that
    has nothing else to do. The worker, which would take time from both, starts when they serve.
    """

    def __init__(self, port: int) -> None:
        self._port = port

    def __enter__(self) -> "Demo":
        self._web = _start([*WEB, "--bind", f"{HOST}:{self._port}"])
        self._worker: subprocess.Popen | None = None
        return self

    def __exit__(self, *_exception) -> None:
        _stop(*filter(None, [self._web, self._worker]))

    def serve(self) -> int:
        """Serve until Ctrl-C or a signal, or until the web server ends. A worker that dies is started again.

        Returns the exit code: 0 when told to stop.
        """
        told_to_stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_signal: told_to_stop.set())
        _let_begin(self._web)
        self._worker = _start_worker()
        while not told_to_stop.is_set() and self._web.poll() is None:
            if self._worker.poll() is not None:
                code, self._worker = self._worker.returncode, _start_worker()
                logger.warning("the worker ended with code %s and was started again", code)
            told_to_stop.wait(0.5)
        return 0 if told_to_stop.is_set() else 1


def _start(module: list[str]) -> subprocess.Popen:
    # A session of its own, so that Ctrl-C reaches only this process, which then stops the two in order.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "lmp.demo.lifeline", *module],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def _start_worker() -> subprocess.Popen:
    worker = _start(WORKER)
    _let_begin(worker)
    return worker


def _let_begin(process: subprocess.Popen) -> None:
    if process.stdin:
        with suppress(BrokenPipeError):  # it has ended, which is seen when it is polled
            os.write(process.stdin.fileno(), b"\n")


def _stop(*processes: subprocess.Popen) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP_IN
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
