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
from parts.dates import day_in_words
from parts.forms import DateInput, field


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


def time_field() -> forms.TimeField:
    return forms.TimeField(
        label=gettext_lazy("Klokkeslett"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


def latest_day(group: GuidanceGroup, *, today: date) -> date:
    """The last day that a session can be planned for: the cohort's last, and a while for one that runs late."""
    return max(group.participation.cohort.ends_on, today + timedelta(days=180))


class MoveSessionForm(forms.Form):
    """When and how a planned session is."""

    held_on = forms.DateField(label=gettext_lazy("Dato"), widget=DateInput())
    starts_at = time_field()
    format = format_field()

    def __init__(self, *args: Any, group: GuidanceGroup, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group, self.today = group, today

    def clean_held_on(self) -> date:
        held_on = self.cleaned_data["held_on"]
        if held_on < self.today:
            raise forms.ValidationError(_("Datoen er passert."))
        if held_on > latest_day(self.group, today=self.today):
            raise forms.ValidationError(_("Datoen er etter at pulja er ferdig."))
        return held_on


class PlanSessionForm(MoveSessionForm):
    """A session to plan: also with whom."""

    units = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Enheter"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    supervisors = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Veiledere"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, chosen: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all_units, self.all_supervisors = chosen.units, chosen.supervisors
        field(self, "units", forms.TypedMultipleChoiceField).choices = choices_of(self.all_units)
        field(self, "supervisors", forms.TypedMultipleChoiceField).choices = choices_of(self.all_supervisors)
        if not self.all_units:
            del self.fields["units"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        held_on = cleaned.get("held_on")
        for unit in self.all_units:
            if held_on and unit.pk in cleaned.get("units", []) and not unit.is_active(today=held_on):
                self.add_error(
                    "units",
                    _("%(unit)s legges ned %(day)s, før møtet.") % {"unit": unit, "day": day_in_words(unit.closed_on)},
                )
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in ("held_on", "starts_at", "format")},
            "units": [unit for unit in self.all_units if unit.pk in cleaned.get("units", [])],
            "supervisors": [each for each in self.all_supervisors if each.pk in cleaned["supervisors"]],
        }


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
