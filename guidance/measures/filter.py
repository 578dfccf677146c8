"""What a list of measures can be narrowed by."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from guidance.models import Measure
from guidance.models.measure import MeasureQuerySet
from guidance.sub_goals import SUB_GOALS
from participants.models import Participation, Unit
from parts.forms import field

FEW = 6  # as many rows are seen at a glance: what to choose from them by is folded


class MeasureFilter(forms.Form):
    """Nonsense in the address counts as no filter."""

    SORTS = {
        "enhet": ("unit__name", "unit", "ends_on", "pk"),
        "-enhet": ("-unit__name", "unit", "ends_on", "pk"),
        "delmal": ("sub_goal", "ends_on", "pk"),
        "-delmal": ("-sub_goal", "ends_on", "pk"),
        "til": ("ends_on", "pk"),
        "-til": ("-ends_on", "pk"),
    }
    STATES = [
        ("", gettext_lazy("Alle")),
        ("going_on", gettext_lazy("Pågår")),
        ("overdue", gettext_lazy("Over fristen")),
        *((value, capfirst(label)) for value, label in Measure.State.choices),
    ]

    enhet = forms.ModelChoiceField(
        label=gettext_lazy("Enhet"), queryset=Unit.objects.none(), required=False, empty_label=gettext_lazy("Alle")
    )
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=STATES, required=False)
    delmal = forms.TypedChoiceField(
        label=gettext_lazy("Delmål"),
        choices=[("", gettext_lazy("Alle")), *SUB_GOALS],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, participation: Participation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if participation:
            field(self, "enhet", forms.ModelChoiceField).queryset = participation.units.all()
        else:
            del self.fields["enhet"]

    @property
    def narrows(self) -> bool:
        """Whether anything is chosen, so that the choices show at once."""
        self.is_valid()
        return any(self.cleaned_data.values())

    def filter(self, measures: MeasureQuerySet, *, today: date) -> MeasureQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        if unit := chosen.get("enhet"):
            measures = measures.filter(unit=unit)
        if state := chosen.get("status"):
            measures = measures.in_state(state, today=today)
        else:
            measures = measures.standing()
        if sub_goal := chosen.get("delmal"):
            measures = measures.filter(sub_goal=sub_goal)
        return measures
