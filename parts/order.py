"""Names in Norwegian order, the same in Python, on SQLite and on PostgreSQL: æ, ø and å last, and aa as it is spelt.

On PostgreSQL it is ICU's, by a collation that a migration makes. ICU's Norwegian takes Aa for Å, which Aamir and Saad
are not: that of Greenland has the same letters in the same order, and takes each as it stands (docs/decisions/0043).
`alphabetical` weighs a name as ICU does: by its letters, then by their marks, then by capitals.
"""

import unicodedata
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from parts.names import OneLineField

COLLATION, ICU_LOCALE = "norsk", "kl"

SIGNS = "_‗-‐‑‒–—―,;:!¡?¿.․‥…·'‘’‚‛\"“”„‟«»()[]{}‖§¶@*/\\&#%†‡•‣`´^¯¨¸°©®+±÷×<=>¬|¦~¤¢$£¥"
LETTERS = "abcdefghijklmnŋopqrstŧuvwxyzæøå"
WEIGHTS = {sign: chr(number) for number, sign in enumerate([" ", *SIGNS, *"0123456789", *LETTERS], start=4)}
OTHER = 0x1000  # the weight of any other sign, by its number, begins here
# A letter that is one of the others with a mark, though Unicode does not take it apart, and how much the mark weighs.
ALIKE = {
    **{"ä": ("æ", "1"), "ę": ("æ", "2"), "ö": ("ø", "1"), "ő": ("ø", "2"), "œ": ("ø", "3")},
    **{"đ": ("d", "1"), "ð": ("d", "2"), "ħ": ("h", "1"), "ł": ("l", "1"), "ĸ": ("q", "1")},
    **{"ü": ("y", "1"), "ű": ("y", "2"), "ı": ("i", "1"), "þ": ("th", "1"), "ß": ("ss", "1")},
}
OWN = frozenset("æøå")
MARKS = "\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0327\u0328\u0304"
MARK_WEIGHTS = {mark: chr(number) for number, mark in enumerate(MARKS, start=0x60)}
UNMARKED, SMALL, CAPITAL = " ", "0", "1"
SEPARATOR = "\x01"


@lru_cache(maxsize=20_000)
def alphabetical(name: str) -> str:
    """A key to sort by, for all that has a name. Two that weigh the same are told apart as they are written."""
    letters, marks, capitals = [], [], []
    for character in unicodedata.normalize("NFC", name):
        size = CAPITAL if character != character.lower() else SMALL
        for base, mark in _weighed(character.lower()):
            letters.append(base)
            marks.append(mark)
            capitals.append(size)
    return SEPARATOR.join(["".join(letters), "".join(marks), "".join(capitals), name])


def _weighed(character: str) -> list[tuple[str, str]]:
    """What each sign of it weighs, and its marks."""
    if character in ALIKE:
        letters, mark = ALIKE[character]
        return [(WEIGHTS[letter], mark) for letter in letters]
    if character in OWN:
        return [(WEIGHTS[character], UNMARKED)]
    found: list[tuple[str, str]] = []
    for part in unicodedata.normalize("NFKD", character):
        if unicodedata.combining(part):
            base, mark = found.pop() if found else ("", "")
            found.append((base, mark + MARK_WEIGHTS.get(part, chr(0x100 + ord(part) % 0x1000))))
        elif unicodedata.category(part) != "Cf":  # drawn as nothing
            found.append((WEIGHTS.get(part) or chr(min(OTHER + ord(part), 0x10FFFF)), UNMARKED))
    return found


def compare(one: str, other: str) -> int:
    first, second = alphabetical(one), alphabetical(other)
    return (first > second) - (first < second)


@receiver(connection_created)
def teach_sqlite(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """SQLite asks us; PostgreSQL has it from a migration."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(COLLATION, compare)


class NameField(OneLineField):
    """What people, places and units are called: the database puts it in Norwegian order, whoever asks it to."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"db_collation": COLLATION} | options)

    def unordered(self) -> OneLineField:
        """The same, for a table that is in order of something else."""
        name, _path, args, options = self.deconstruct()
        made = OneLineField(*args, **{key: value for key, value in options.items() if key != "db_collation"})
        made.creation_counter = self.creation_counter
        made.set_attributes_from_name(name or self.name)
        return made
