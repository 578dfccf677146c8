"""What is asked when what was entered for a unit should not have been, or was another unit's."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guidance.models import Measure
from participants.models import Strike, Unit
from parts.forms import field


class WithdrawMeasureForm(forms.Form):
    why = forms.ChoiceField(
        label=_("Hvorfor trekker du tiltaket tilbake?"),
        choices=[(value, capfirst(label)) for value, label in Measure.WhyWithdrawn.choices],
        widget=forms.RadioSelect,
    )


class WithdrawGroupForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Hvorfor trekker du prosjektgruppa tilbake?"),
        choices=[(value, capfirst(label)) for value, label in Strike.Reason.choices],
        widget=forms.RadioSelect,
        help_text=_("Grunnen vises på siden til enheten."),
    )


class OtherUnitForm(forms.Form):
    """Another unit of the same municipality."""

    to = forms.TypedChoiceField(label=_("Hvilken enhet gjelder det?"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.pk: unit for unit in units}
        field(self, "to", forms.TypedChoiceField).choices = [(unit.pk, unit.name) for unit in units]

    @property
    def unit(self) -> Unit:
        return self.units[self.cleaned_data["to"]]
