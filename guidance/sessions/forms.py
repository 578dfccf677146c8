from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.models import GuidanceGroup, GuidanceSession, GuidanceSettings, Supervisor
from participants.models import Unit, in_operation
from parts.forms import TimeField, field


@dataclass
class Choices:
    """What a form about a session chooses from: the group's units and supervisors, and the cohort's own themes."""

    units: list[Unit]
    supervisors: list[Supervisor]
    own_themes: list[str]


def choices(group: GuidanceGroup, *, on: date, session: GuidanceSession | None = None) -> Choices:
    """The units that are active that day, and the supervisors now.

    `session`: one whose own units, supervisors and themes are chosen from too, closed or gone as they may be.
    """
    of_units, of_supervisors = in_operation(today=on), Q(memberships__in=group.members.current())
    settings = GuidanceSettings.objects.of(group.participation.cohort)
    themes = settings.themes
    if session:
        of_units |= Q(pk__in=session.units.values("pk"))
        of_supervisors |= Q(pk__in=session.supervisors.values("pk"))
        fixed = GuidanceSession.Theme.values
        themes += [theme for theme in session.themes if theme not in fixed and theme not in themes]
    return Choices(
        units=list(group.participation.units.filter(of_units)),
        supervisors=list(Supervisor.objects.filter(of_supervisors).distinct()),
        own_themes=themes,
    )


def choices_of(rows: Iterable[Model]) -> list[tuple[int, str]]:
    return [(row.pk, str(row)) for row in rows]


FORMAT = gettext_lazy("Møteform")


def format_field(*, required: bool = True, label: Any = FORMAT) -> forms.ChoiceField:
    choices = [(value, capfirst(name)) for value, name in GuidanceSession.Format.choices]
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=required)


def time_field() -> TimeField:
    return TimeField(
        label=gettext_lazy("Klokkeslett"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


def latest_day(group: GuidanceGroup, *, today: date) -> date:
    """The last day that a session can be planned for: the cohort's last, and a while for one that runs late."""
    return max(group.participation.cohort.ends_on, today + timedelta(days=180))


class SessionFilter(forms.Form):
    """What a municipality's sessions can be narrowed by; nonsense in the address counts as no filter."""

    enhet = forms.TypedChoiceField(label=gettext_lazy("Enhet"), coerce=int, required=False, empty_value=None)
    format = forms.ChoiceField(label=gettext_lazy("Møteform"), required=False)
    aar = forms.TypedChoiceField(label=gettext_lazy("År"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, units: Iterable[Unit], years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, list] = {
            "enhet": choices_of(units),
            "format": [(value, capfirst(label)) for value, label in GuidanceSession.Format.choices],
            "aar": [(year, str(year)) for year in years],
        }
        for name, choices in chosen.items():
            field(self, name, forms.ChoiceField).choices = [("", _("Alle")), *choices]
        if not chosen["enhet"]:
            del self.fields["enhet"]

    def filter(self, sessions: QuerySet[GuidanceSession]) -> QuerySet[GuidanceSession]:
        self.is_valid()
        chosen = self.cleaned_data
        if unit := chosen.get("enhet"):
            sessions = sessions.filter(units=unit)
        if format := chosen.get("format"):
            sessions = sessions.filter(format=format)
        if year := chosen.get("aar"):
            sessions = sessions.filter(held_on__year=year)
        return sessions
