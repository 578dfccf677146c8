"""The rooming list and the travel list of a gathering, and what is new, changed and gone since one was exported.

A list is its rows, each by the person's key, so that a person who cancels and registers again is the same row. A row
is its cells as plain text: dates as ISO, choices by their code, and a day or night that the person comes for as a cell
of its own. Food and access are never among them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import places
from gatherings.models import ExportedList, Gathering, Registration
from parts.dates import short_day
from parts.order import alphabetical

Kind = ExportedList.Kind
Cells = dict[str, str]
Rows = dict[str, Cells]

ON = "x"
DAY = "day:"
DATES = {"arrival", "departure", "ordered"}
FIXED = {
    Kind.HOTEL: ["name", "represents", "arrival", "departure"],
    Kind.TRAVEL: ["name", "represents", "municipality", "county", "travel", "ordered"],
}
NOT_HELD = {Gathering.Settled.CANCELLED, Gathering.Settled.POSTPONED}


@dataclass(frozen=True)
class ListLine:
    """A row of the list as it is shown. `mark` is "", "new", "changed" or "gone"; `before` has the changed cells."""

    key: str
    cells: Cells
    mark: str = ""
    before: Cells = field(default_factory=dict)


@dataclass(frozen=True)
class MarkedList:
    """A list with its marks. `columns` are the cells' keys in order, `totals` how many come each of its dates."""

    kind: str
    columns: list[str]
    lines: list[ListLine]
    totals: dict[str, int]

    @property
    def marks(self) -> dict[str, int]:
        """How many lines are new, changed and gone."""
        return {mark: sum(line.mark == mark for line in self.lines) for mark in ("new", "changed", "gone")}

    @property
    def people(self) -> int:
        return sum(line.mark != "gone" for line in self.lines)


def current(gathering: Gathering, kind: str) -> Rows:
    """The list as it is now. Nobody needs a bed or a journey to a gathering that is cancelled or put off."""
    if gathering.settled in NOT_HELD:
        return {}
    rows: Rows = {}
    placed = gathering.registrations.placed()
    for registration in placed.with_places().select_related("participation__municipality__county"):
        registration.gathering = gathering
        cells = _hotel(registration) if kind == Kind.HOTEL else _travel(registration)
        if cells:
            rows[str(registration.user_id)] = cells
    return rows


def _hotel(registration: Registration) -> Cells:
    nights = registration.night_dates
    if not nights:
        return {}
    return {
        "name": registration.name,
        "represents": registration.represents,
        "arrival": nights[0].isoformat(),
        "departure": (nights[-1] + timedelta(days=1)).isoformat(),
        **{f"{DAY}{night.isoformat()}": ON for night in nights},
    }


def _travel(registration: Registration) -> Cells:
    municipality = registration.participation.municipality
    return {
        "name": registration.name,
        "represents": registration.represents,
        "municipality": registration.municipalities,
        "county": municipality.county.name,
        "travel": registration.travel,
        "ordered": registration.travel_ordered_on.isoformat() if registration.travel_ordered_on else "",
        **{f"{DAY}{day.isoformat()}": ON for day in registration.dates},
    }


def compare(kind: str, rows: Rows, base: Rows | None, *, dates: Iterable[date] = ()) -> MarkedList:
    """The rows with what is new, changed and gone since `base`; nothing is marked when there is none.

    There is a column for each of `dates`, and for each date that is in a row now or was in one before.
    """
    lines = [_line(key, cells, base) for key, cells in rows.items()]
    lines += [ListLine(key, cells, mark="gone") for key, cells in (base or {}).items() if key not in rows]
    shown = {f"{DAY}{day.isoformat()}" for day in dates}
    for line in lines:
        shown |= {key for key in (*line.cells, *line.before) if key.startswith(DAY)}
    columns = FIXED[Kind(kind)] + sorted(shown)
    totals = {column: sum(column in cells for cells in rows.values()) for column in sorted(shown)}
    lines.sort(key=lambda line: (line.mark == "gone", alphabetical(line.cells["name"]), line.key))
    return MarkedList(kind, columns, lines, totals)


def _line(key: str, cells: Cells, base: Rows | None) -> ListLine:
    if base is None:
        return ListLine(key, cells)
    if key not in base:
        return ListLine(key, cells, mark="new")
    old = base[key]
    # A dict, not a set: the cells are shown in the list's own order.
    before = {cell: old.get(cell, "") for cell in cells | old if old.get(cell, "") != cells.get(cell, "")}
    return ListLine(key, cells, mark="changed" if before else "", before=before)


def dates(gathering: Gathering, kind: str) -> list[date]:
    """The dates that the list has a column for, whether or not anybody comes."""
    if gathering.settled in NOT_HELD:
        return []
    return gathering.nights if kind == Kind.HOTEL else gathering.days


def latest(gathering: Gathering, kind: str) -> ExportedList | None:
    return gathering.exported_lists.filter(kind=kind).order_by("-pk").first()


def since_export(gathering: Gathering, kind: str, last: ExportedList | None) -> MarkedList:
    """The list as it is now, with what has changed since it was last exported."""
    return compare(kind, current(gathering, kind), last.rows if last else None, dates=dates(gathering, kind))


@transaction.atomic
def export(gathering: Gathering, kind: str, *, by: User, now: datetime) -> ExportedList:
    """Store the list as it is, to be sent on. While nothing has changed, return the one that was exported last.

    So pressing twice, or two people at once, get the same list with the same marks.
    """
    gathering = places.lock(gathering)
    rows, last = current(gathering, kind), latest(gathering, kind)
    if last is not None and last.rows == rows:
        return last
    return ExportedList.objects.create(gathering=gathering, kind=kind, exported_at=now, exported_by=by, rows=rows)


def as_exported(exported: ExportedList) -> MarkedList:
    """A list that was exported, with the marks it had: against the one before it."""
    before = exported.gathering.exported_lists.filter(kind=exported.kind, pk__lt=exported.pk).order_by("-pk").first()
    return compare(exported.kind, exported.rows, before.rows if before else None)


def heading(column: str) -> str:
    if column.startswith(DAY):
        return short_day(date.fromisoformat(column.removeprefix(DAY)))
    return {
        "name": _("Navn"),
        "represents": _("Kommer for"),
        "arrival": _("Ankomst"),
        "departure": _("Avreise"),
        "municipality": _("Kommune"),
        "county": _("Fylke"),
        "travel": _("Reise"),
        "ordered": _("Reisen er bestilt"),
    }[column]


def width(column: str) -> int:
    if column.startswith(DAY) or column in DATES:
        return 14
    return {"name": 28, "represents": 34}.get(column, 22)


def value(column: str, cell: str) -> str | date:
    """What a cell means: a date, or text as it is read."""
    if column in DATES:
        return date.fromisoformat(cell) if cell else ""
    if column.startswith(DAY):
        return _("ja") if cell else ""
    if column == "travel":
        return str(dict(Registration.Travel.choices).get(cell, cell))
    return cell


def mark_text(line: ListLine) -> str:
    return {"new": _("Ny"), "changed": _("Endret"), "gone": _("Utgår")}.get(line.mark, "")


def before_text(column: str, cell: str) -> str:
    """What a changed cell was, in words."""
    before = value(column, cell)
    if isinstance(before, date):
        return short_day(before)
    return before or (_("nei") if column.startswith(DAY) else _("tom"))


def was(column: str, cell: str) -> str:
    return _("%(column)s var %(before)s") % {"column": heading(column), "before": before_text(column, cell)}
