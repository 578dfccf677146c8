"""Who changed what in a municipality, from the histories that every app keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gatherings.models import Registration
from guidance.models import GroupMember, Measure
from lmp.mailcalendar.models import MailPause
from participants.models import Contact, Participation, ProjectGroupMember, Unit
from parts.names import joined


@dataclass(frozen=True)
class Step:
    """One change. `what` names the row, `fields` what was changed of it: never what it was or became."""

    at: datetime
    by: str
    kind: str
    what: str
    fields: str


def trail(participation: Participation) -> list[Step]:
    """The newest first. One query for each kind of row, however many."""
    found = [step for rows in _histories(participation) for step in _steps(rows)]
    found += _switched(participation)
    return sorted(found, key=lambda step: step.at, reverse=True)


def _histories(participation: Participation) -> list[QuerySet]:
    here, units = {"participation": participation}, participation.units.values("pk")
    return [
        Participation.history.filter(id=participation.pk),
        Unit.history.filter(**here),
        Contact.history.filter(**here),
        ProjectGroupMember.history.filter(group__unit__in=units),
        Registration.history.filter(**here),
        GroupMember.history.filter(group__participation=participation).select_related("supervisor__user"),
        Measure.history.filter(unit__in=units),
    ]


def _switched(participation: Participation) -> Iterator[Step]:
    """The reminders that were switched off here or in all of the pulje, and on again."""
    title = _("Påminnelser")
    for pause in MailPause.objects.at(participation).with_places():
        what = f"{title}: {pause}"
        yield Step(at=pause.paused_at, by=str(pause.paused_by), kind=_("slått av"), what=what, fields=pause.why)
        if pause.lifted_at:
            yield Step(at=pause.lifted_at, by=str(pause.lifted_by), kind=_("slått på igjen"), what=what, fields="")


def _steps(rows: QuerySet) -> Iterator[Step]:
    model: Any = rows.model
    kinds = {"+": _("lagt til"), "~": _("endret"), "-": _("slettet")}
    names = {field.attname: str(field.verbose_name) for field in model.tracked_fields}
    before: Any = None
    for row in rows.select_related("history_user").order_by("id", "history_date", "history_id"):
        changed = []
        if before is not None and before.id == row.id:
            changed = [name for field, name in names.items() if getattr(row, field) != getattr(before, field)]
        before = row
        if row.history_type == "~" and not changed:
            continue
        title = capfirst(str(model.instance_type._meta.verbose_name))
        yield Step(
            at=row.history_date,
            by=str(row.history_user or _("portalen")),
            kind=kinds[row.history_type],
            what=f"{title}: {_name(row)}" if _name(row) else title,
            fields=joined(f"«{name}»" for name in changed),
        )


def _name(row: Any) -> str:
    if supervisor := getattr(row, "supervisor", None):
        return str(supervisor)
    return str(getattr(row, "name", "") or getattr(row, "what", ""))
