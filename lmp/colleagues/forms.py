from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.models import Contact
from parts.forms import DateInput, EmailField, field
from parts.names import LineField, joined


class ColleagueForm(forms.Form):
    name = LineField(label=gettext_lazy("Navn"), max_length=200)
    email = EmailField(
        label=gettext_lazy("E-postadresse"), help_text=gettext_lazy("Personen logger inn med en kode som sendes hit.")
    )
    reads_needs = forms.BooleanField(
        label=gettext_lazy("Kan lese behov for mat og tilrettelegging med navn"),
        required=False,
        help_text=gettext_lazy("Helseopplysninger. Gi det bare til den som trenger det."),
    )
    sees_as_others = forms.BooleanField(
        label=gettext_lazy("Kan se portalen som en annen person"),
        required=False,
        help_text=gettext_lazy(
            "For å hjelpe på telefon. Ingenting kan endres, og personen får vite hvem, når og hvorfor."
        ),
    )
    lets_others_in = forms.BooleanField(label=gettext_lazy("Kan gi kolleger tilgang"), required=False)
    same = forms.BooleanField(label=gettext_lazy("Ja, det er samme person"), required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """An address that is somebody's already is asked about: access is given to a person, not to an address."""
        cleaned = super().clean() or self.cleaned_data
        owner = User.objects.with_email(cleaned.get("email") or "") if cleaned.get("email") else None
        if owner and owner.is_staff:
            self.add_error("email", _("%(name)s er allerede ansatt i portalen.") % {"name": owner})
        elif owner:
            self.fields["same"].widget = forms.CheckboxInput()
            if not cleaned.get("same"):
                self.add_error("same", _in_the_portal_already(owner))
        return cleaned


class ResignForm(forms.Form):
    """When a colleague stops, and who takes over what is open on their name."""

    ends_on = forms.DateField(label=gettext_lazy("Første dag uten tilgang"), widget=DateInput())
    heir = forms.ModelChoiceField(
        label=gettext_lazy("Hvem overtar det som er åpent?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Ingen"),
    )

    def __init__(self, *args: Any, person: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"ends_on": today}})
        colleagues = User.objects.filter(is_staff=True, is_active=True).exclude(pk=person.pk)
        field(self, "heir", forms.ModelChoiceField).queryset = colleagues.order_by("name", "email")
        said = _("Datoen kan ikke være før i dag.")
        self.fields["ends_on"].validators.append(MinValueValidator(today, said))


def _in_the_portal_already(person: User) -> str:
    """Who has another function signs in as staff from then on: with two steps, for that function too."""
    contacts = (
        Contact.objects.current().filter(user=person).select_related("unit", "participation__municipality__county")
    )
    has = [contact.function_in_words for contact in contacts]
    said = _("Adressen tilhører %(name)s. Kryss av hvis det er samme person. Ellers trengs en annen adresse.")
    if has:
        said += " " + _("%(name)s er %(functions)s, og må da logge inn med totrinnsinnlogging for det også.")
    return said % {"name": person, "functions": joined(has)}
