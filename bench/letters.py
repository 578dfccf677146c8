"""How fast the letters of a whole pulje are set."""

from functools import partial

from django.utils import timezone

from bench.national import LARGEST, Load
from bench.timing import Taken, milliseconds, table, timed
from lmp.welcome import letter
from lmp.welcome.load_facts import letter_facts, with_facts

ROUNDS = 3


def report(load: Load, *, quick: bool) -> str:
    rounds = 1 if quick else ROUNDS
    today, participations = timezone.localdate(), with_facts(load.cohort.participations.all())
    letters = [letter_facts(participation, today=today) for participation in participations]
    letter.render(letters[0])  # reads the fonts
    taken = [(len(one.units), timed(partial(letter.render, one))) for _round in range(rounds) for one in letters]
    rows = [
        _row("all", [seconds for _units, seconds in taken]),
        _row(f"with {LARGEST} units", [seconds for units, seconds in taken if units == LARGEST]),
    ]
    title = f"Letters: the median of {len(letters)}, {rounds} times over, in one process\n"
    return title + table(["letters", "ms", "processor ms", "per second"], rows)


def _row(name: str, taken: list[Taken]) -> list[str]:
    ms = milliseconds(taken)
    per_second = len(taken) / sum(one.passed for one in taken)
    return [name, f"{ms.passed:.1f}", f"{ms.worked:.1f}", f"{per_second:.0f}"]
