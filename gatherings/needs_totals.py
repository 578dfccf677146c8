"""What the participants need, counted: how many wrote the same, and never who."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from gatherings.models import Gathering, Needs


@dataclass(frozen=True)
class Totals:
    """`food` and `access`: each text and how many wrote it, the most frequent first."""

    people: int
    food: list[tuple[str, int]]
    access: list[tuple[str, int]]

    @property
    def food_people(self) -> int:
        return sum(count for _text, count in self.food)

    @property
    def access_people(self) -> int:
        return sum(count for _text, count in self.access)


def total(gathering: Gathering) -> Totals:
    """Over those who have a place."""
    placed = gathering.registrations.placed()
    needs = list(Needs.objects.filter(registration__in=placed).values_list("food", "access"))
    return Totals(placed.count(), count(food for food, _access in needs), count(access for _food, access in needs))


def count(texts: Iterable[str]) -> list[tuple[str, int]]:
    """The same text in other letters or with other spaces is the same; it is shown as most people wrote it."""
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        if clean := " ".join(text.split()).rstrip("."):
            spelled[clean.casefold()][clean] += 1
    totals = [(spellings.most_common(1)[0][0], spellings.total()) for spellings in spelled.values()]
    return sorted(totals, key=lambda line: (-line[1], line[0].casefold()))
