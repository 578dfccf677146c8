"""What a list is made of, before it is a workbook, a page or a paper."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from parts.dates import moment_in_words

Value = str | int | date | datetime | None
# What some system refuses in a file's name. Longer names are cut by mail programs, with the ending.
NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\s]+')
LONGEST_NAME = 150


@dataclass(frozen=True)
class Column:
    title: str
    width: int = 20


@dataclass(frozen=True)
class Marked:
    """A cell that stands out: filled and bold, as colour alone tells nobody anything on paper."""

    value: Value
    struck: bool = False


@dataclass(frozen=True)
class Verbatim:
    """Text that is kept to the letter, also where it looks like a formula or a number with a leading zero."""

    text: str


Cell = Value | Marked | Verbatim


@dataclass(frozen=True)
class About:
    """What a list is of, and when it was taken: in the file's name, above the table and on each page of paper.

    `place` is a municipality, a county or a venue. What the title says already is not said again.
    """

    title: str
    at: datetime
    cohort: str = ""
    gathering: str = ""
    place: str = ""

    @property
    def facts(self) -> list[str]:
        return list(self._new_facts())

    def _new_facts(self) -> Iterator[str]:
        said = self.title.casefold()
        for fact in (self.cohort, self.gathering, self.place):
            if fact and fact.casefold() not in said:
                said = f"{said} {fact.casefold()}"
                yield fact

    @property
    def taken(self) -> str:
        return _("Lastet ned %(moment)s") % {"moment": moment_in_words(self.at)}

    @property
    def in_one_line(self) -> str:
        return " · ".join([*self.facts, self.taken])

    @property
    def file_name(self) -> str:
        said = NOT_IN_A_NAME.sub(" ", " ".join([self.title, *self.facts]))[:LONGEST_NAME].strip(" .")
        return f"{said} {timezone.localtime(self.at):%Y-%m-%d %H.%M}.xlsx"
