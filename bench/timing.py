"""Timings on a machine that does other things too: taken in turn, told as medians."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter


def in_turn(timed: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """Seconds of each run of each function. All take turns, so that what disturbs one disturbs the others."""
    seconds: dict[str, list[float]] = {name: [] for name in timed}
    for _round in range(rounds):
        for name, run in timed.items():
            started = perf_counter()
            run()
            seconds[name].append(perf_counter() - started)
    return seconds


def milliseconds(seconds: list[float]) -> float:
    return median(seconds) * 1000


def table(header: list[str], rows: list[list[str]]) -> str:
    """The first column to the left, the figures to the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join("  ".join(_cells(line, widths)) for line in lines)


def _cells(line: list[str], widths: list[int]) -> list[str]:
    name, *figures = line
    return [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(figures, widths[1:], strict=True))]
