from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lmp.seeing.models import REASON_LENGTH
from parts.child_names.question import ask_about_children
from parts.names import LineField


class SeeAsForm(forms.Form):
    reason = LineField(
        label=_("Hvorfor trenger du det?"),
        max_length=REASON_LENGTH,
        help_text=_("Personen ser grunnen. Skriv for eksempel «Ringte om påmeldingen». Skriv aldri navn på barn."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["reason"])
        return cleaned
