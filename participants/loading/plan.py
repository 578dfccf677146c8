"""What loading a file comes to: a line for each row, and the rows that would be saved."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.loading import sheets
from participants.loading.spreadsheet import CohortRow
from participants.models import Cohort, Municipality, Participation
from parts.names import joined

CohortRows = Mapping[str, list[CohortRow]]


def in_other_cohorts(cohort: Cohort | None, *, today: date) -> dict[int, list[str]]:
    """By municipality: the other cohorts that it takes part in and that go on. One query."""
    found: dict[int, list[str]] = {}
    for other in Participation.objects.besides(cohort, today=today) if cohort else []:
        found.setdefault(other.municipality_id, []).append(str(other.cohort).lower())
    return found


class RowResult(models.TextChoices):
    NEW = "new", gettext_lazy("ny")
    CHANGED = "changed", gettext_lazy("endret")
    SAME = "same", gettext_lazy("uendret")
    ERROR = "error", gettext_lazy("feil")
    ABSENT = "absent", gettext_lazy("står ikke i fila")


@dataclass
class PlanLine:
    """What one row comes to. `changes` are (column, before, after), `errors` (column or "", message)."""

    sheet: str
    number: int | None  # None for what is stored in the portal and not named in the file
    what: str = ""
    result: RowResult = RowResult.SAME
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Where staff do first what the row needs, and what that is called; not part of the outcome.
    remedy: tuple[str, str] | None = None

    def refuse(self, column: str, message: str) -> None:
        self.errors.append((column, message))

    def refuse_withdrawn(self, column: str, participation: Participation) -> None:
        self.refuse(
            column, _("Kommunen har trukket seg fra pulja. Registrer at den er med igjen, eller ta raden ut av fila.")
        )
        self.remedy = (participation.get_return_url(), _("Registrer at kommunen er med igjen"))

    @property
    def shown(self) -> list:
        return [self.sheet, self.number, self.what, self.result, self.changes, self.errors, self.notes]


@dataclass
class CohortPlan:
    cohort: Cohort | None
    lines: list[PlanLine] = field(default_factory=list)
    new: list[models.Model] = field(default_factory=list)
    changed: list[models.Model] = field(default_factory=list)
    in_two: list[str] = field(default_factory=list)  # the new ones that are also in another cohort, each in words

    def note_others(self, line: PlanLine, municipality: Municipality, cohorts: list[str]) -> None:
        """A new municipality that is in other cohorts too: said in its line, and asked about before loading."""
        if cohorts:
            line.notes.append(_("Kommunen er også med i %(cohorts)s, som pågår.") % {"cohorts": joined(cohorts)})
            self.in_two.append(f"{municipality.name_and_county}: {', '.join(cohorts)}")

    @property
    def has_errors(self) -> bool:
        return any(line.result == RowResult.ERROR for line in self.lines)

    @property
    def can_be_loaded(self) -> bool:
        return bool(self.new or self.changed) and not self.has_errors

    @property
    def digest(self) -> str:
        """The same for two plans exactly when they show the same rows with the same outcomes."""
        return hashlib.sha256(json.dumps([line.shown for line in self.lines]).encode()).hexdigest()

    def counts(self) -> dict[str, dict[str, int]]:
        """{sheet: {result: rows}}, with every sheet and every result."""
        counted = Counter((line.sheet, line.result) for line in self.lines)
        return {
            sheet.title: {result.value: counted[sheet.title, result] for result in RowResult} for sheet in sheets.SHEETS
        }
