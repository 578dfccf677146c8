from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from gatherings.models import Gathering
from participants.admin.history import HistoryAdmin
from participants.models import Contact


class GatheringForm(forms.ModelForm):
    audience = forms.MultipleChoiceField(
        label=_("For hvem"),
        choices=Contact.Function.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Ingen valgt betyr alle."),
    )

    class Meta:
        model = Gathering
        fields = ["cohort", "kind", "semester", "starts_on", "ends_on", "venue", "settled", "audience"]


@admin.register(Gathering)
class GatheringAdmin(HistoryAdmin):
    form = GatheringForm
    list_display = ["title", "cohort", "starts_on", "ends_on", "venue", "settled"]
    list_filter = ["cohort", "kind", "settled"]
    list_select_related = ["cohort"]
    search_fields = ["venue"]
    ordering = ["-cohort__number", "semester"]

    @admin.display(description=_("samling"), ordering="semester")
    def title(self, gathering: Gathering) -> str:
        return gathering.title
