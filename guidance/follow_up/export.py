"""The tables of the guidance as workbooks: what the page shows with the same filter and order, on all its pages."""

from collections.abc import Iterable, Sequence

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guidance.follow_up.continuity import Content, Continuity, Workload
from guidance.follow_up.lacks import Lack
from guidance.models import GuidanceSession
from guidance.sub_goals import SUB_GOALS
from participants.lists import keys
from participants.models import Cohort, Participation
from parts.sheets import workbook
from parts.sheets.cells import About, Cell, Column, Verbatim

Row = Sequence[Cell]
# What follows the "?" of a page whose table is asked for as a file.
FILE = "fil"


def is_asked_for(request: HttpRequest) -> bool:
    return request.GET.get(FILE) == "xlsx"


def continuity(about: About, found: Iterable[Continuity], lacks: dict[int, list[Lack]]) -> FileResponse:
    columns = [
        Column(_("Kommune"), 24),
        Column(_("Fylke"), 20),
        Column(_("Leder"), 26),
        Column(_("Siste møte"), 14),
        Column(_("Neste møte"), 14),
        Column(_("Holdt"), 10),
        Column(_("Ventet"), 10),
        *(Column(_("Holdt i %(number)s. semester") % {"number": number}, 12) for number in range(1, 5)),
        Column(_("Mangler logg"), 12),
        Column(_("Avlyst"), 10),
        Column(_("Dager uten møte"), 12),
        Column(_("Å følge opp"), 40),
        Column(_("Fulgt opp"), 40),
        *keys.columns(),
    ]
    rows = (
        [
            row.participation.municipality.name,
            row.participation.municipality.county.name,
            row.leader.name if row.leader else "",
            row.last_on,
            row.next_on,
            row.total,
            row.due,
            *row.held,
            row.missing,
            row.cancelled,
            row.quiet_days,
            ", ".join(lack.words for lack in lacks.get(row.participation.pk, []) if not lack.rests),
            ", ".join(lack.words for lack in lacks.get(row.participation.pk, []) if lack.rests),
            *keys.of(row.participation),
        ]
        for row in found
    )
    return workbook.answer(about, columns, rows)


def workload(about: About, found: Iterable[Workload], *, cohort: Cohort) -> FileResponse:
    columns = [
        Column(_("Veileder"), 28),
        Column(_("Bakgrunn"), 22),
        Column(_("Kommuner"), 12),
        Column(_("Flest kommuner"), 12),
        Column(_("Hvilke"), 50),
        Column(_("Møter dette semesteret"), 14),
        Column(_("Minutter"), 12),
        Column(_("Planlagt"), 12),
        Column(_("Mangler logg"), 12),
        Column(_("Permisjon"), 40),
        Column(_("Kommunenummer"), 24),
        Column(_("Pulje"), 8),
    ]
    rows = (
        [
            row.supervisor.name,
            capfirst(str(row.supervisor.get_employer_display())),
            len(row.members),
            row.most,
            ", ".join(member.group.participation.municipality.name_and_county for member in row.members),
            row.held,
            row.minutes,
            row.planned,
            row.missing,
            row.away,
            Verbatim(", ".join(member.group.participation.municipality.number for member in row.members)),
            Verbatim(str(cohort.number)),
        ]
        for row in found
    )
    return workbook.answer(about, columns, rows)


def content(
    about: About, found: Sequence[Content], themes: Iterable[tuple[object, Sequence[int]]], *, cohort: Cohort
) -> FileResponse:
    spans = [_("%(number)s. semester") % {"number": one.semester.number} for one in found]
    columns = [Column(_("Gjelder"), 16), Column(_("Hva"), 50), *(Column(span, 14) for span in spans)]
    columns.append(Column(_("Pulje"), 8))
    formats = [(label, [one.formats[value] for one in found]) for value, label in GuidanceSession.Format.choices]
    goals = [(label, [one.sub_goals[number] for one in found]) for number, label in SUB_GOALS]
    totals = [(_("Møter"), [one.sessions for one in found]), (_("Minutter"), [one.minutes for one in found])]
    groups = ((_("I alt"), totals), (_("Møteform"), formats), (_("Tema"), themes), (_("Delmål"), goals))
    pulje = Verbatim(str(cohort.number))
    rows: list[Row] = [[kind, capfirst(str(label)), *counts, pulje] for kind, rows in groups for label, counts in rows]
    return workbook.answer(about, columns, rows)


def sessions(
    about: About, found: Iterable[GuidanceSession], *, participation: Participation, units: Iterable[int]
) -> FileResponse:
    """Never what was written. Of the units, those whose part in the sessions this reader may know of."""
    today, known = timezone.localdate(), set(units)
    columns = [
        Column(_("Dato"), 14),
        Column(_("Tilstand"), 16),
        Column(_("Møteform"), 16),
        Column(_("Minutter"), 12),
        Column(_("Enheter"), 50),
        Column(_("Tema"), 50),
        Column(_("Delmål"), 14),
        *keys.columns(),
    ]
    rows = (
        [
            session.held_on,
            capfirst(str(session.state(today=today).label)),
            capfirst(str(session.get_format_display())),
            session.minutes,
            ", ".join(unit.name for unit in session.units.all() if unit.pk in known),
            ", ".join(session.theme_labels),
            ", ".join(str(number) for number in session.sub_goals),
            *keys.of(participation),
        ]
        for session in found
    )
    return workbook.answer(about, columns, rows)
