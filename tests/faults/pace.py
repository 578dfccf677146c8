"""How fast this machine is at this moment, beside the one on which the promises about time were measured."""

import os
import subprocess
import sys

TURNS = 4_000_000
PROMISED = 25e-9  # seconds a turn, on the machine of docs/promises.md
LOOP = f"""
from time import perf_counter
began = perf_counter()
total = 0
for number in range({TURNS}):
    total += number
print((perf_counter() - began) / {TURNS})
"""


def slowness() -> float:
    """How many times longer the same work takes now, on all cores at once: 1.0 on that machine or a faster one."""
    command = [sys.executable, "-c", LOOP]
    at_once = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _core in range(os.cpu_count() or 1)]
    return max(1.0, *(float(process.communicate()[0]) / PROMISED for process in at_once))
