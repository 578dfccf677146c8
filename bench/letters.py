"""How fast the letters of a whole pulje are set."""

from statistics import median
from time import perf_counter, process_time

from django.utils import timezone

from bench.national import LARGEST, Load
from bench.timing import table
from lmp.welcome import letter
from lmp.welcome.facts import letter_facts, with_facts

ROUNDS = 3


def report(load: Load, *, quick: bool) -> str:
    rounds = 1 if quick else ROUNDS
    today, participations = timezone.localdate(), with_facts(load.cohort.participations.all())
    letters = [letter_facts(participation, today=today) for participation in participations]
    letter.render(letters[0])  # reads the fonts
    taken = [(len(one.units), _seconds(one)) for _round in range(rounds) for one in letters]
    rows = [
        _row("all", [seconds for _units, seconds in taken]),
        _row(f"with {LARGEST} units", [seconds for units, seconds in taken if units == LARGEST]),
    ]
    title = f"Letters: the median of {len(letters)}, {rounds} times over, in one process\n"
    return title + table(["letters", "ms", "processor ms", "per second"], rows)


def _seconds(one: letter.LetterFacts) -> tuple[float, float]:
    """What passed, and what the processor worked meanwhile: they differ on a machine that is busy with more."""
    passed, worked = perf_counter(), process_time()
    letter.render(one)
    return perf_counter() - passed, process_time() - worked


def _row(name: str, seconds: list[tuple[float, float]]) -> list[str]:
    passed, worked = zip(*seconds, strict=True)
    per_second = len(passed) / sum(passed)
    return [name, f"{median(passed) * 1000:.1f}", f"{median(worked) * 1000:.1f}", f"{per_second:.0f}"]
