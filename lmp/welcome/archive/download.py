"""All letters of a cohort as one zip for the archive, made whole before any of it is sent."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _

from lmp.welcome import copies
from lmp.welcome.archive import message
from lmp.welcome.copies import CopySent
from lmp.welcome.letter import render
from lmp.welcome.models import Letter, file_name
from lmp.welcome.sending import prepared
from participants.lists import keys
from participants.models import Cohort, Participation
from parts.sheets import workbook
from parts.sheets.cells import About, Cell, Column, Verbatim

Row = list[Cell]


def whole(cohort: Cohort, *, now: datetime) -> IO[bytes]:
    """The zip, at its beginning. Where there is no room for all of it, none of it is sent, and its size is told before
    its first byte: else a download that was cut short would look like any other.

    A letter that was sent is as it was sent, and beside it lies what an archive reads by itself. One that can be sent
    is set as of today, in a folder that says so.
    """
    file = TemporaryFile()  # noqa: SIM115 – whoever sends it closes it
    try:
        with ZipFile(file, "w") as archive:
            _fill(archive, cohort, now=now)
        file.seek(0)
    except BaseException:
        with suppress(OSError):  # what it could not write is tried once more when it is closed
            file.close()
        raise
    return file


def _fill(archive: ZipFile, cohort: Cohort, *, now: datetime) -> None:
    """A letter at a time. The index comes last, since it knows the checksums then."""
    rows: list[Row] = []
    copied = copies.addressed(cohort)
    for files, row in _letters(cohort, copied, today=timezone.localdate(now)):
        for name, content in files.items():
            archive.writestr(name, content)
        rows.append(row)
    archive.writestr(_("innhold.xlsx"), _index(cohort, rows, now=now))


def _letters(cohort: Cohort, copied: dict[int, CopySent], *, today: date) -> Iterator[tuple[dict[str, bytes], Row]]:
    letters = Letter.objects.select_related(
        "participation__municipality__county", "participation__cohort", "created_by", "sent_by"
    )
    sent = dict(Letter.objects.sent().filter(participation__cohort=cohort).values_list("participation", "pk"))
    for letter in prepared(cohort, today=today):
        participation = letter.participation
        if participation.pk in sent:
            kept = letters.get(pk=sent[participation.pk])
            name, copy = file_name(participation, kept.language), copied.get(kept.pk)
            told = message.of(kept, file_name=name, copy_to=copy.governor if copy and copy.sent_at else "")
            files = {name: bytes(kept.pdf), f"{name.removesuffix('.pdf')}-arkivmelding.xml": told}
            yield files, _row(name, participation, kept, copy)
        elif letter.can_be_sent:
            pdf = render(letter.facts)
            name = f"{_('ikke-sendt')}/{file_name(participation, letter.facts.language)}"
            unsent = Letter(
                language=letter.facts.language,
                sha256=hashlib.sha256(pdf.content).hexdigest(),
                archival=not pdf.flaw,
                note=pdf.note,
                case_number=participation.case_number,
            )
            yield {name: pdf.content}, _row(name, participation, unsent, None)


def _row(name: str, participation: Participation, letter: Letter, copy: CopySent | None) -> Row:
    return [
        name,
        participation.municipality.number,
        participation.municipality.name,
        str(letter.get_language_display()),
        letter.sha256,
        letter.case_number,
        letter.journal_post,
        letter.sent_at,
        _format(letter),
        copy.governor if copy else "",
        ", ".join(copy.addresses) if copy else "",
        _copied(copy) if copy else "",
        *keys.of(participation)[1:],
    ]


def _format(letter: Letter) -> str:
    if not letter.archival:
        return _("Nei: %(note)s") % {"note": letter.note}
    return ". ".join(filter(None, [_("PDF/A-2a"), letter.note]))


def _copied(copy: CopySent) -> Cell:
    if copy.sent_at:
        return copy.sent_at
    return _("Sendt uten kopi") if copy.is_waived else _("Ikke sendt ennå")


def _index(cohort: Cohort, rows: list[Row], *, now: datetime) -> bytes:
    columns = [
        Column(_("Fil"), width=60),
        Column(_("Kommunenummer"), width=16),
        Column(_("Kommune"), width=30),
        Column(_("Målform"), width=12),
        Column(_("SHA-256"), width=70),
        Column(_("Saksnummer"), width=16),
        Column(_("Journalpost"), width=16),
        Column(_("Sendt"), width=20),
        Column(_("Arkivformat"), width=30),
        Column(_("Kopi til"), width=40),
        Column(_("Kopi sendt til adressen"), width=40),
        Column(_("Kopi sendt"), width=20),
        *keys.columns()[1:],
    ]
    about = About(_("Velkomstbrev"), now, cohort=str(cohort))
    given = ([Verbatim(each) if isinstance(each, str) else each for each in row] for row in rows)
    return workbook.write(about, columns, given).read()
