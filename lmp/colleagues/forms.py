from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from parts.forms import EmailField
from parts.names import same_person


class ColleagueForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Navn"), max_length=200)
    email = EmailField(
        label=gettext_lazy("E-postadresse"), help_text=gettext_lazy("Personen logger inn med en kode som sendes hit.")
    )
    reads_needs = forms.BooleanField(
        label=gettext_lazy("Kan lese behov for mat og tilrettelegging med navn"),
        required=False,
        help_text=gettext_lazy("Helseopplysninger. Gi det bare til den som trenger det."),
    )
    lets_others_in = forms.BooleanField(label=gettext_lazy("Kan gi kolleger tilgang"), required=False)
    same = forms.BooleanField(label=gettext_lazy("Ja, det er samme person"), required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """An address that is somebody's already is asked about: access is given to a person, not to an address."""
        cleaned = super().clean() or self.cleaned_data
        owner = User.objects.with_email(cleaned.get("email") or "") if cleaned.get("email") else None
        if owner and owner.is_staff:
            self.add_error("email", _("%(name)s er allerede ansatt i portalen.") % {"name": owner})
        elif owner and owner.name and cleaned.get("name") and not same_person(owner.name, cleaned["name"]):
            self.fields["same"].widget = forms.CheckboxInput()
            if not cleaned.get("same"):
                said = _("Adressen tilhører %(name)s. Kryss av om det er samme person. Ellers trengs en annen adresse.")
                self.add_error("same", said % {"name": owner})
        return cleaned
