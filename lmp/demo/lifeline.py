"""Run a module for as long as another process lives: ``python -m lmp.demo.lifeline MODULE [ARGUMENT...]``.

The other process holds the writing end of this one's standard input. What it writes there means that the module may
begin; until then this process imports the portal, which is most of what starting takes. However the other one ends,
kill -9 included, the system closes its end; reading then returns, and this process ends too. Works on Linux and macOS.
"""

import os
import runpy
import signal
import sys
import threading

from django.urls import get_resolver

SECONDS_TO_END_IN = 10
may_begin = threading.Event()


def _watch() -> None:
    while os.read(0, 1024):
        may_begin.set()
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(SECONDS_TO_END_IN)
    os.kill(os.getpid(), signal.SIGKILL)


def _import_the_portal() -> None:
    """All that answering takes, and nothing that asks the database: it may be half filled still."""
    import lmp.wsgi  # noqa: F401 – importing is what sets Django up

    get_resolver().url_patterns  # noqa: B018 – reading it imports every view


if __name__ == "__main__":
    threading.Thread(target=_watch, daemon=True, name="lifeline").start()
    _import_the_portal()
    may_begin.wait()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
