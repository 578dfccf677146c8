"""The counties' municipalities as a workbook: what the page shows with the same filter and order, on all its pages."""

from collections.abc import Iterable, Iterator

from django.http import FileResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guidance.models import GuidanceSession
from lmp.governor.followed import Followed
from participants import states
from participants.lists import keys
from parts.sheets import workbook
from parts.sheets.cells import About, Cell, Column


def counties(rows: Iterable[Followed], *, place: str) -> FileResponse:
    labels = dict(GuidanceSession.FUNCTIONS)
    columns = [
        Column(_("Kommune"), 24),
        Column(_("Fylke"), 20),
        Column(_("Status"), 20),
        Column(_("Frist eller dag"), 14),
        Column(_("Holdt"), 10),
        Column(_("Ventet"), 10),
        Column(_("Siste møte"), 14),
        Column(_("Neste møte"), 14),
        Column(_("Lenge siden siste møte"), 16),
        *(Column(capfirst(str(labels[who])), 30) for who in GuidanceSession.STAKEHOLDERS),
        Column(_("Tiltak over fristen"), 12),
        *keys.columns(),
    ]
    return workbook.answer(About(_("Kommunene i fylket"), timezone.now(), place=place), columns, _cells(rows))


def _cells(rows: Iterable[Followed]) -> Iterator[list[Cell]]:
    for row in rows:
        participation, continuity = row.participation, row.continuity
        municipality = participation.municipality
        facts: list[Cell] = [
            municipality.name,
            municipality.county.name,
            str(states.LABELS[row.state]),
            row.day,
        ]
        if continuity is None or not row.has_begun:
            yield [
                *facts,
                None,
                None,
                None,
                None,
                "",
                *("" for _who in GuidanceSession.STAKEHOLDERS),
                row.overdue,
                *keys.of(participation),
            ]
            continue
        yield [
            *facts,
            continuity.total,
            continuity.due,
            continuity.last_on,
            continuity.next_on,
            _("Ja") if continuity.is_silent else _("Nei"),
            *(status for _label, status in row.involved),
            row.overdue,
            *keys.of(participation),
        ]
