"""What is done as well as what is left: the newest first, each with its day. It reads rows that are loaded already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gatherings.models import Registration
from participants.functions import Functions
from participants.models import Unit
from parts.rows import annotated

if TYPE_CHECKING:
    from participants.states import WithState

SHOWN = 8


@dataclass(frozen=True)
class Done:
    """One thing that is done."""

    on: date
    text: str
    url: str


def done(
    mine: Functions,
    *,
    participations: "Iterable[WithState]",
    units: Iterable[Unit],
    own: Iterable[Registration],
) -> list[Done]:
    """Of the person's own municipalities, of the units they answer for, and of their own registrations.

    `units` are those of `participants.todos.units`.
    """
    # A place that is offered is still to be answered.
    found = [_registered(row) for row in own if row.state != Registration.State.OFFERED]
    for participation in participations:
        if participation.pk in mine.participations:
            found += _of_municipality(participation)
    for unit in units:
        # Without somebody who leads it, it is still something to do.
        group = getattr(unit, "project_group", None)
        if group and annotated(unit, "has_leader", bool):
            text = _("Prosjektgruppa ved %(unit)s er satt sammen") % {"unit": unit}
            found.append(Done(_day(group.updated_at), text, unit.get_absolute_url()))
    return sorted(found, key=lambda each: (each.on, each.text), reverse=True)[:SHOWN]


def _of_municipality(participation: "WithState") -> Iterable[Done]:
    name, page = {"name": participation.municipality.name_told_apart}, participation.get_absolute_url()
    if participation.answered_at:
        yield Done(_day(participation.answered_at), _("Opplysningene for %(name)s er bekreftet") % name, page)
    if participation.political_informed_on:
        text = _("Politisk nivå i %(name)s er informert") % name
        yield Done(participation.political_informed_on, text, page)
    if participation.welcomed_at:
        letter = reverse("welcome:letter", args=[participation.pk])
        yield Done(_day(participation.welcomed_at), _("Velkomstbrevet til %(name)s er sendt") % name, letter)


def _registered(row: Registration) -> Done:
    about = {"title": row.gathering.in_a_sentence}
    if row.state == Registration.State.PLACED and row.placed_at:
        return Done(_day(row.placed_at), _("Du har plass på %(title)s") % about, row.get_absolute_url())
    return Done(_day(row.registered_at), _("Du står på venteliste til %(title)s") % about, row.get_absolute_url())


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)
