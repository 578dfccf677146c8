"""Run a module for as long as another process lives: ``python -m lmp.demo.lifeline MODULE [ARGUMENT...]``.

The other process holds the writing end of this one's standard input, and never writes. However it ends, kill -9
included, the system closes that end; reading then returns, and this process ends too. Works on Linux and macOS.
"""

import os
import runpy
import signal
import sys
import threading

SECONDS_TO_END_IN = 10


def _watch() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(SECONDS_TO_END_IN)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_watch, daemon=True, name="lifeline").start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
