from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from participants.models import Strike
from parts.forms import field


class StrikeForm(forms.Form):
    """Which texts, and why. With a single text, or where all must go, there is nothing to choose."""

    texts = forms.MultipleChoiceField(label=_("Hva skal fjernes?"), widget=forms.CheckboxSelectMultiple)
    reason = forms.ChoiceField(
        label=_("Hvorfor?"),
        choices=[(value, capfirst(label)) for value, label in Strike.Reason.choices],
        widget=forms.RadioSelect,
        help_text=_("Grunnen vises der teksten sto."),
    )

    def __init__(self, *args: Any, texts: dict[str, str], whole: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = list(texts) if whole or len(texts) == 1 else []
        if self.only:
            del self.fields["texts"]
        else:
            field(self, "texts", forms.MultipleChoiceField).choices = list(texts.items())

    @property
    def facts(self) -> dict[str, Any]:
        return {"texts": self.only or self.cleaned_data["texts"], "reason": self.cleaned_data["reason"]}
