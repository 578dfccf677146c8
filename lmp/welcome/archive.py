"""All letters of a cohort as one zip for the archive, made while it is downloaded."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from lmp.welcome.letter import render
from lmp.welcome.models import Letter, file_name
from lmp.welcome.sending import prepared
from participants.models import Cohort, Participation

Row = list[str]


class _Pipe(io.RawIOBase):
    """Holds what the zip has written until it is passed on. It can't be rewound, so nothing needs to stay."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.written.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self.written)
        self.written.clear()
        return taken


def stream(cohort: Cohort, *, now: datetime) -> Iterator[bytes]:
    """The zip in parts, a letter at a time. The index comes last, since it knows the checksums then.

    A letter that was sent is as it was sent. One that can be sent is set as of today, in a folder that says so.
    """
    pipe = _Pipe()
    rows: list[Row] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for name, content, row in _letters(cohort, today=timezone.localdate(now)):
            _add(archive, name, content, now=now)
            rows.append(row)
            yield pipe.take()
        _add(archive, _("innhold.xlsx"), _index(rows), now=now)
    yield pipe.take()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, *, now: datetime) -> None:
    archive.writestr(zipfile.ZipInfo(name, timezone.localtime(now).timetuple()[:6]), content)


def _letters(cohort: Cohort, *, today: date) -> Iterator[tuple[str, bytes, Row]]:
    sent = dict(Letter.objects.sent().filter(participation__cohort=cohort).values_list("participation", "pk"))
    for letter in prepared(cohort, today=today):
        participation = letter.participation
        if participation.pk in sent:
            kept = Letter.objects.select_related("participation__municipality").get(pk=sent[participation.pk])
            name = file_name(participation, kept.language)
            yield name, bytes(kept.pdf), _row(name, participation, kept)
        elif letter.can_be_sent:
            pdf = render(letter.facts)
            name = f"{_('ikke-sendt')}/{file_name(participation, letter.facts.language)}"
            unsent = Letter(
                language=letter.facts.language,
                sha256=hashlib.sha256(pdf.bytes).hexdigest(),
                archival=pdf.archival,
                note=pdf.note,
                case_number=participation.case_number,
            )
            yield name, pdf.bytes, _row(name, participation, unsent)


def _row(name: str, participation: Participation, letter: Letter) -> Row:
    return [
        name,
        participation.municipality.number,
        participation.municipality.name,
        str(letter.get_language_display()),
        letter.sha256,
        letter.case_number,
        letter.journal_post,
        timezone.localtime(letter.sent_at).strftime("%Y-%m-%d %H:%M") if letter.sent_at else "",
        _("PDF/A-2a") if letter.archival else _("Nei: %(note)s") % {"note": letter.note},
    ]


def _index(rows: list[Row]) -> bytes:
    from openpyxl import Workbook  # it brings numpy, so only a process that reads or writes a workbook imports it
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Velkomstbrev"))
    headings = [
        _("Fil"),
        _("Kommunenummer"),
        _("Kommune"),
        _("Målform"),
        _("SHA-256"),
        _("Saksnummer"),
        _("Journalpost"),
        _("Sendt"),
        _("Arkivformat"),
    ]
    for row in [headings, *rows]:
        cells = [WriteOnlyCell(sheet, value=text) for text in row]
        for cell in cells:
            cell.data_type = "s"  # text, also where it looks like a formula or a number with a leading zero
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
