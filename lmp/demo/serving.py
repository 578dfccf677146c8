"""The web server and the worker, side by side until one is told to stop."""

import errno
import logging
import signal
import socket
import subprocess
import sys
import time

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


def serve(port: int) -> int:
    """Serve until Ctrl-C or a signal, or until the web server ends. A worker that dies is started again.

    Returns the exit code: 0 when told to stop.
    """
    told_to_stop = False

    def stop(*_signal) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    web, worker = _start([*WEB, "--bind", f"{HOST}:{port}"]), _start(WORKER)
    try:
        while not told_to_stop and web.poll() is None:
            if worker.poll() is not None:
                logger.warning("the worker ended with code %s and is started again", worker.returncode)
                worker = _start(WORKER)
            time.sleep(0.5)
    finally:
        _stop(web, worker)
    return 0 if told_to_stop else 1


def _start(module: list[str]) -> subprocess.Popen:
    # A session of its own, so that Ctrl-C reaches only this process, which then stops the two in order.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "lmp.demo.lifeline", *module],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


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
