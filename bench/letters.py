"""How fast the letters of a whole pulje are set."""

from statistics import median
from time import perf_counter

from django.utils import timezone

from bench.national import Load
from bench.timing import table
from lmp.welcome import letter
from lmp.welcome.facts import letter_facts, with_facts

ROUNDS = 3


def report(load: Load) -> str:
    today = timezone.localdate()
    letters = [
        letter_facts(participation, today=today) for participation in with_facts(load.cohort.participations.all())
    ]
    letter.render(letters[0])  # reads the fonts
    seconds, largest = [], []
    for _round in range(ROUNDS):
        for one in letters:
            started = perf_counter()
            letter.render(one)
            taken = perf_counter() - started
            seconds.append(taken)
            if len(one.units) == max(len(other.units) for other in letters):
                largest.append(taken)
    rows = [
        ["all", f"{median(seconds) * 1000:.1f}", f"{len(seconds) / sum(seconds):.0f}"],
        ["the one with 30 units", f"{median(largest) * 1000:.1f}", f"{len(largest) / sum(largest):.0f}"],
    ]
    title = f"Letters: {len(letters)} municipalities, {ROUNDS} times over, one process; median ms, letters a second\n"
    return title + table(["letters", "ms", "per second"], rows)
