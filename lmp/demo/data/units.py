"""Invented kindergartens, schools and SFO-er, with organisation numbers that no register gives out."""

from collections.abc import Iterator
from datetime import date
from itertools import count

from simple_history.utils import bulk_create_with_history

from participants import organisation_number
from participants.models import Participation, Unit

PLACES = (
    "Solbakken Furulia Strandheim Elvebakken Bjørkelia Haugen Fjellro Granåsen Myrvoll Nordlia Sørlia Tunet "
    "Kvernbekken Lyngheim Rognelia Sjøsiden Åsheim Vesletun Breidablikk Øvregård Skogstua Lerkelia Midtbyen Storhaugen "
    "Bekkefaret Utsikten Moltemyra Svaleveien Ospelia Tjønna"
).split()
WORDS = {
    "nb": {Unit.Kind.KINDERGARTEN: "barnehage", Unit.Kind.SCHOOL: "skole", Unit.Kind.SFO: "SFO"},
    "nn": {Unit.Kind.KINDERGARTEN: "barnehage", Unit.Kind.SCHOOL: "skule", Unit.Kind.SFO: "SFO"},
}
# Brønnøysundregistrene gives out numbers that begin with 8 or 9; those with 3 are left to test data.
FIRST_NUMBER = 31000000


def organisation_numbers(first: int = FIRST_NUMBER) -> Iterator[str]:
    for stem in count(first, 317):
        for digit in range(10):
            if organisation_number.is_valid(number := f"{stem}{digit}"):
                yield number


def add_units(
    participation: Participation, numbers: Iterator[str], *, kindergartens: int, schools: int, sfo: int, read_on: date
) -> list[Unit]:
    """That many units, each with what the register is said to have answered on the day."""
    kinds = [Unit.Kind.KINDERGARTEN] * kindergartens + [Unit.Kind.SCHOOL] * schools + [Unit.Kind.SFO] * sfo
    # Each municipality begins at another place in the list, so that neighbours don't have the same names.
    start = int(participation.municipality.number) * 7
    new = []
    for turn, kind in enumerate(kinds):
        place = PLACES[(start + turn) % len(PLACES)]
        new.append(
            Unit(
                participation=participation,
                name=f"{place} {WORDS[participation.language][kind]}",
                kind=kind,
                ownership=Unit.Ownership.PRIVATE if kind == Unit.Kind.KINDERGARTEN and turn % 5 == 1 else "public",
                organisation_number="" if kind == Unit.Kind.SFO else next(numbers),
                register_children=None if kind == Unit.Kind.SFO else likely_children(kind, start + turn),
                register_on=None if kind == Unit.Kind.SFO else read_on,
            )
        )
    return bulk_create_with_history(new, Unit)


def likely_children(kind: str, seed: int) -> int:
    return 19 + seed * 17 % 71 if kind == Unit.Kind.KINDERGARTEN else 84 + seed * 37 % 391
