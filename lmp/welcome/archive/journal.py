"""The journal numbers that the archive tells of: which letter each is of, and what storing them would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from lmp.welcome.archive import message
from lmp.welcome.models import Letter
from participants.loading import spreadsheet
from participants.loading.spreadsheet import CohortColumn, CohortRow, CohortSheet
from participants.models import Cohort

SHEET = CohortSheet(
    "",
    (
        CohortColumn("number", "Kommunenummer", ""),
        CohortColumn("message", "MeldingId", ""),
        CohortColumn("post", "Journalpost", "", required=True, max_length=30),
    ),
)


@dataclass(frozen=True)
class JournalLine:
    """A row of the file by its number, the letter it is of, and what comes of it. What has a problem is not stored."""

    row: int
    said: str  # as the file names the letter
    post: str
    letter: Letter | None = None
    problem: str = ""

    @property
    def is_change(self) -> bool:
        return bool(self.letter and not self.problem and self.letter.journal_post != self.post)


def read(file: IO[bytes], *, name: str, size: int) -> spreadsheet.Contents:
    """Raises ValidationError, with one message for the person, when the file is of no use."""
    if name.lower().endswith((".csv", ".txt")):
        contents = spreadsheet.read_csv(file, SHEET, size=size)
    else:
        contents = spreadsheet.read(file, [SHEET], size=size)
    if not contents.rows[""][0].cells.keys() & {"number", "message"}:
        raise ValidationError(_("Første rad skal ha kolonnen «Kommunenummer» eller «MeldingId»."))
    return contents


def letters(cohort: Cohort) -> list[Letter]:
    found = Letter.objects.sent().filter(participation__cohort=cohort).defer("pdf")
    return list(
        found.select_related("participation__municipality__county", "participation__cohort").order_by(
            "participation__municipality__name", "pk"
        )
    )


def matched(rows: Iterable[CohortRow], sent: Iterable[Letter]) -> list[JournalLine]:
    """What each row comes to. A letter that is named again after a row that can be used is told there."""
    by_number = {letter.participation.municipality.number: letter for letter in sent}
    by_message = {message.key(letter): letter for letter in by_number.values()}
    seen: set[int] = set()
    lines = []
    for row in rows:
        number, told, post = (row.cells.get(name, "") for name in ("number", "message", "post"))
        number = number.zfill(4) if number else ""  # a spreadsheet takes the nought away
        found = [*([by_number.get(number)] if number else []), *([by_message.get(told.lower())] if told else [])]
        letter = found[0] if found and all(each and each == found[0] for each in found) else None
        problem = ""
        if row.problems:
            problem = " ".join(problem for _column, problem in row.problems)
        elif not found:
            problem = _("Raden mangler kommunenummer.")
        elif letter is None:
            problem = _("Ingen brev som er sendt i pulja, passer til raden.")
        elif letter.pk in seen:
            problem = _("Brevet står på flere rader i fila. Bare den første blir brukt.")
        elif not post:
            problem = _("Raden mangler journalpost.")
        if letter and not problem:
            seen.add(letter.pk)
        lines.append(JournalLine(row.number, number or told, post, letter, problem))
    return lines


@transaction.atomic
def store(cohort: Cohort, chosen: dict[int, tuple[str, str]]) -> list[Letter] | None:
    """By letter, what was seen and what it becomes: those that were changed. None, and nothing, where it is neither."""
    found = Letter.objects.sent().filter(participation__cohort=cohort, pk__in=chosen).defer("pdf").select_for_update()
    changed = []
    for letter in found:
        seen, post = chosen[letter.pk]
        if letter.journal_post == post:
            continue  # a button pressed twice
        if letter.journal_post != seen:
            transaction.set_rollback(True)
            return None
        letter.journal_post = post
        letter.save(update_fields=["journal_post"])
        changed.append(letter)
    return changed
