"""How long a letter takes to set."""

from dataclasses import replace
from time import process_time

from lmp.welcome.letter import LetterFacts, render


def milliseconds_per_letter(facts: LetterFacts, *, letters: int = 60) -> float:
    """Processor time for one letter, over letters that all differ, once the fonts are read."""
    render(facts)
    began = process_time()
    for number in range(letters):
        render(replace(facts, municipality=f"{facts.municipality} {number}"))
    return (process_time() - began) * 1000 / letters
