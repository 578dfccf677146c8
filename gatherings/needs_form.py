from django import forms
from django.utils.translation import gettext_lazy as _

from gatherings.models import Needs


class NeedsForm(forms.ModelForm):
    class Meta:
        model = Needs
        fields = ["food", "access"]
        labels = {"food": _("Mat"), "access": _("Tilgjengelighet")}
        help_texts = {
            "food": _("Hva du ikke spiser. For eksempel uten melk, eller vegetarisk."),
            "access": _(
                "Hva du trenger i lokalet eller på hotellet. For eksempel teleslynge, eller plass til rullestol."
            ),
        }
        widgets = {"food": forms.TextInput(), "access": forms.TextInput()}
