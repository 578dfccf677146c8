"""What a person has left to do as a contact or as the head of a unit, and by when."""

from collections import defaultdict
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.todos import Todo
from participants.models import Confirmation, Participation, Unit


def todos(user: User, now: datetime) -> list[Todo]:
    """Three queries, however many municipalities and units the person answers for."""
    today = timezone.localdate(now)
    mine = list(
        Participation.objects.editable_by(user, today=today)
        .filter(welcomed_at__isnull=False)
        .select_related("municipality", "cohort")
    )
    asked = {
        confirmation.participation_id: confirmation
        for confirmation in Confirmation.objects.open().filter(participation__in=mine)
    }
    lacking: dict[Participation, list[Unit]] = defaultdict(list)
    without_group = Unit.objects.active().editable_by(user, today=today).filter(project_group__isnull=True)
    for unit in without_group.select_related("participation__municipality", "participation__cohort"):
        # Those who answer for the municipality confirm first; a head can begin at once.
        if unit.participation.welcomed_at and unit.participation_id not in asked:
            lacking[unit.participation].append(unit)

    found = [_confirm(participation, asked[participation.pk]) for participation in mine if participation.pk in asked]
    for participation in mine:
        if participation.pk not in asked:
            found += _undecided(participation)
    for participation, units in lacking.items():
        found.append(_project_groups(participation, units))
    return found


def _confirm(participation: Participation, confirmation: Confirmation) -> Todo:
    return Todo(
        title=_("Bekreft opplysningene for %(municipality)s") % {"municipality": participation.municipality},
        text=confirmation.reason or _("Sjekk kontaktpersonene og fyll inn antall barn i hver enhet."),
        url=reverse("participants:confirm", args=[participation.pk]),
        button=_("Begynn"),
        due_on=confirmation.due_on,
    )


def _undecided(participation: Participation) -> list[Todo]:
    """What may be answered later than the rest, and still waits."""
    url = reverse("participants:decisions", args=[participation.pk])
    found = []
    if not participation.ppt:
        found.append(
            Todo(
                title=_("Avgjør om PP-tjenesten deltar"),
                text=_("%(municipality)s har ikke svart ennå.") % {"municipality": participation.municipality},
                url=url,
                button=_("Svar"),
            )
        )
    if participation.political_informed_on is None:
        found.append(
            Todo(
                title=_("Informer politisk nivå"),
                text=_("Registrer hvilket politisk organ i %(municipality)s som er informert, og når.")
                % {"municipality": participation.municipality},
                url=url,
                button=_("Registrer"),
            )
        )
    return found


def _project_groups(participation: Participation, units: list[Unit]) -> Todo:
    if len(units) == 1:
        url = reverse("participants:project_group", args=[units[0].pk])
        text = _("Gruppa driver prosjektet i enheten. Styrer eller rektor leder den.")
    else:
        url = reverse("overview:participation", args=[participation.pk]) + "#enheter"
        text = ", ".join(unit.name for unit in units)
    return Todo(
        title=ngettext(
            "Sett sammen prosjektgruppa ved %(unit)s", "Sett sammen prosjektgruppa ved %(count)s enheter", len(units)
        )
        % {"unit": units[0], "count": len(units)},
        text=text,
        url=url,
        button=_("Sett sammen"),
        # A deadline that had passed before the municipality was welcomed is nobody's to keep.
        due_on=participation.cohort.starts_on
        if participation.welcomed_at and participation.cohort.starts_on > participation.welcomed_at.date()
        else None,
    )
