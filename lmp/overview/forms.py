from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from participants.models import Cohort, County, Participation, Unit
from participants.states import STATES, in_state
from parts.names import LineField

if TYPE_CHECKING:
    from participants.states import WithState


class ParticipationFilter(forms.Form):
    """What a list of municipalities can be narrowed by and sorted on; nonsense in the address counts as no filter."""

    SORTS = {
        "navn": ("municipality__name", "municipality__number"),
        "-navn": ("-municipality__name", "-municipality__number"),
        "frist": ("due_on", "municipality__name"),
        "-frist": ("-due_on", "municipality__name"),
    }

    q = LineField(label=_("Søk"), required=False, max_length=100, help_text=_("Kommune, enhet eller kontaktperson"))
    pulje = forms.ModelChoiceField(
        label=_("Pulje"), queryset=Cohort.objects.all(), required=False, empty_label=_("Alle")
    )
    fylke = forms.ModelChoiceField(
        label=_("Fylke"), queryset=County.objects.all(), required=False, empty_label=_("Alle")
    )
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("Alle")), *STATES], required=False)

    def filter(self, queryset: "QuerySet[WithState]") -> "QuerySet[WithState]":
        self.is_valid()
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            queryset = queryset.filter(
                Q(municipality__name__icontains=text)
                | Q(municipality__number=text)
                | Q(municipality__number_2020=text)
                | Q(pk__in=Unit.objects.called(text).values("participation"))
                | Q(pk__in=Unit.objects.numbered(text).values("participation"))
                | Q(pk__in=Participation.objects.filter(contacts__name__icontains=text).values("pk"))
            )
        if cohort := chosen.get("pulje"):
            queryset = queryset.filter(cohort=cohort)
        if county := chosen.get("fylke"):
            queryset = queryset.filter(municipality__county=county)
        if state := chosen.get("status"):
            queryset = in_state(queryset, state)
        return queryset
