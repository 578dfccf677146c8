"""What is asked when a log is withdrawn, or moved to another municipality."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.models import GuidanceGroup, GuidanceSession, Measure
from guidance.sessions.withdrawing import STAYS, WITHDRAWN
from participants.models import Unit
from parts.dates import day_in_words
from parts.forms import field


def _rows(form: forms.Form, name: str, rows: Sequence[tuple[int, str]]) -> None:
    """The choices of a field; without any there is nothing to ask."""
    if rows:
        field(form, name, forms.TypedMultipleChoiceField).choices = rows
    else:
        del form.fields[name]


def _measures(measures: Sequence[Measure]) -> list[tuple[int, str]]:
    return [(measure.pk, f"{measure.unit}: {measure}") for measure in measures]


def _sessions(sessions: Sequence[GuidanceSession]) -> list[tuple[int, str]]:
    return [(session.pk, day_in_words(session.held_on)) for session in sessions]


class WithdrawLogForm(forms.Form):
    """Why, and what of that which was agreed in it goes too. What is not chosen stays."""

    why = forms.ChoiceField(
        label=gettext_lazy("Hvorfor trekker du loggen tilbake?"),
        choices=[(value, capfirst(label)) for value, label in GuidanceSession.WhyWithdrawn.choices],
        widget=forms.RadioSelect,
    )
    measures = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Tiltak fra loggen som også trekkes tilbake"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tiltak du ikke velger, blir stående."),
    )
    coming = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Møter fra loggen som også avlyses"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Møter du ikke velger, blir stående."),
    )

    def __init__(
        self, *args: Any, measures: Sequence[Measure], coming: Sequence[GuidanceSession], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.all_measures, self.all_coming = measures, coming
        _rows(self, "measures", _measures(measures))
        _rows(self, "coming", _sessions(coming))

    @property
    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "why": cleaned["why"],
            "measures": [each for each in self.all_measures if each.pk in cleaned.get("measures", ())],
            "coming": [each for each in self.all_coming if each.pk in cleaned.get("coming", ())],
        }


class WhereToForm(forms.Form):
    """The municipality that the log was about; nonsense in the address counts as none."""

    til = forms.TypedChoiceField(label=gettext_lazy("Kommune"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, groups: Sequence[GuidanceGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {group.participation_id: group for group in groups}
        named = [
            (key, f"{group.participation.municipality.name_and_county}, {group.participation.cohort}")
            for key, group in self.groups.items()
        ]
        field(self, "til", forms.ChoiceField).choices = [("", _("Velg kommune")), *named]

    @property
    def group(self) -> GuidanceGroup | None:
        return self.groups.get(self.cleaned_data.get("til") or 0) if self.is_valid() else None


class MoveLogForm(forms.Form):
    """The units of the new municipality, and what becomes of that which was agreed in the log."""

    units = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Enheter som var med"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    coming = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Møter fra loggen som følger med"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("De avlyses der de er planlagt, og planlegges i den nye kommunen."),
    )

    def __init__(
        self,
        *args: Any,
        units: Sequence[Unit],
        measures: Sequence[Measure],
        coming: Sequence[GuidanceSession],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.all_units, self.all_measures, self.all_coming = units, measures, coming
        _rows(self, "units", [(unit.pk, unit.name) for unit in units])
        _rows(self, "coming", _sessions(coming))
        for measure in measures:
            self.fields[f"measure-{measure.pk}"] = forms.ChoiceField(
                label=_("Tiltaket «%(measure)s» ved %(unit)s") % {"measure": measure, "unit": measure.unit},
                required=False,
                choices=[
                    (STAYS, _("Blir stående ved %(unit)s") % {"unit": measure.unit}),
                    *((str(unit.pk), _("Flyttes til %(unit)s") % {"unit": unit}) for unit in units),
                    (WITHDRAWN, _("Trekkes tilbake")),
                ],
            )

    @property
    def facts(self) -> dict[str, Any]:
        cleaned, units = self.cleaned_data, {str(unit.pk): unit for unit in self.all_units}
        places = {measure: cleaned.get(f"measure-{measure.pk}") or STAYS for measure in self.all_measures}
        return {
            "units": [unit for unit in self.all_units if unit.pk in cleaned.get("units", ())],
            "measures": {measure: units.get(place, place) for measure, place in places.items()},
            "coming": [each for each in self.all_coming if each.pk in cleaned.get("coming", ())],
        }
