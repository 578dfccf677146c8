"""Timings on a machine that does other things too: taken in turn, reported as medians."""

from collections.abc import Callable, Iterator, Mapping
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

CHUNK = 120  # frames of `at_depth`, in CPython 3.11


class Taken(NamedTuple):
    """Seconds of one run: what passed, and what this process worked meanwhile. A busy machine lengthens the first."""

    passed: float
    worked: float


def timed(run: Callable[[], object]) -> Taken:
    passed, worked = perf_counter(), process_time()
    run()
    return Taken(perf_counter() - passed, process_time() - worked)


def in_turn(runs: Mapping[str, Callable[[], object]]) -> dict[str, Taken]:
    """One run of each right after the other, so that what disturbs one disturbs the others."""
    return {name: timed(run) for name, run in runs.items()}


def at_depth(frames: int, run: Callable[[], Any]) -> Any:
    """`run()`, under so many frames more, which is what middlewares and test runners come to."""
    return at_depth(frames - 1, run) if frames else run()


def depths(rounds: int) -> Iterator[int]:
    """A depth for each round, spread over one chunk of Python's stack of frames.

    Frames lie in chunks of 16 kB that Python asks the system for and gives back. A loop that crosses from one to the
    next does so at each turn and takes twice its time: seen at 0 and 120 frames more, and at none between. Where that
    falls is chance, so it is not left to one depth.
    """
    return (round(CHUNK * number / rounds) for number in range(rounds))


def milliseconds(taken: list[Taken]) -> Taken:
    """The medians, in milliseconds."""
    return Taken(*(median(seconds) * 1000 for seconds in zip(*taken, strict=True)))


def table(header: list[str], rows: list[list[str]]) -> str:
    """The first column to the left, the figures to the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join("  ".join(_cells(line, widths)) for line in lines)


def _cells(line: list[str], widths: list[int]) -> list[str]:
    name, *figures = line
    return [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(figures, widths[1:], strict=True))]
