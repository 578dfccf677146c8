"""The form of a nomination: whether it is meant, the contact, the units that are known, and rows for others."""

from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants import organisation_number
from participants.forms import SAME, OrganisationNumberField, ask_whose
from participants.models import Cohort, Contact, Municipality, Participation, Unit
from parts.forms import EmailField, field, restored_rows
from parts.names import LineField, joined
from parts.phone import PhoneField

PREFIX = "enhet"
MAX_ROWS = 60


class ChooseForm(forms.Form):
    """Which municipality, and for which pulje: in the address, so that the form that follows knows both."""

    kommune = forms.ModelChoiceField(
        label=gettext_lazy("Kommune"), queryset=Municipality.objects.none(), empty_label=gettext_lazy("Velg kommune")
    )
    pulje = forms.ModelChoiceField(
        label=gettext_lazy("Pulje"), queryset=Cohort.objects.none(), empty_label=gettext_lazy("Velg pulje")
    )

    def __init__(self, *args: Any, cohorts: Any, municipalities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "kommune", forms.ModelChoiceField).queryset = municipalities
        field(self, "pulje", forms.ModelChoiceField).queryset = cohorts
        if len(cohorts) == 1:
            self.initial["pulje"] = cohorts[0].pk


class NominationForm(forms.Form):
    both = forms.BooleanField(label=gettext_lazy("Ja, kommunen skal være med i begge"))
    name = LineField(label=gettext_lazy("Navn"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = EmailField(label=gettext_lazy("E-postadresse"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    phone = PhoneField(label=gettext_lazy("Telefon"))
    function = forms.ChoiceField(label=gettext_lazy("Funksjon"))
    known = forms.MultipleChoiceField(
        label=gettext_lazy("Enheter kommunen har hatt med før"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Fjern krysset for dem som ikke skal være med."),
    )

    def __init__(self, *args: Any, known: list[Unit], elsewhere: list[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        functions = [(each.value, capfirst(each.label)) for each in Contact.EDITORS]
        field(self, "function", forms.ChoiceField).choices = [("", _("Velg funksjon")), *functions]
        self.known_units = {str(unit.pk): unit for unit in known}
        if known:
            field(self, "known", forms.MultipleChoiceField).choices = [
                (key, f"{unit.name}, {unit.get_kind_display()}") for key, unit in self.known_units.items()
            ]
            self.initial["known"] = list(self.known_units)
        else:
            del self.fields["known"]
        if elsewhere:
            cohorts = joined(str(other.cohort).lower() for other in elsewhere)
            said = _("%(name)s er allerede med i %(cohorts)s, som pågår.")
            self.fields["both"].help_text = said % {"name": elsewhere[0].municipality, "cohorts": cohorts}
            self.fields["both"].error_messages["required"] = _("Kryss av hvis kommunen skal være med i begge.")
        else:
            del self.fields["both"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_whose(self, cleaned, name="name", email="email")
        return cleaned

    @property
    def contact(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "email", "phone", "function")}

    @property
    def kept(self) -> list[Unit]:
        return [self.known_units[key] for key in self.cleaned_data.get("known", [])]

    @property
    def contact_names(self) -> list[str]:
        return [name for name in self.fields if name in {"name", "email", SAME, "phone", "function"}]


class AddedContactForm(NominationForm):
    """A contact who is added to a nomination, or nobody: then all of it is left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, known=[], elsewhere=[], **kwargs)
        for each in self.fields.values():
            each.required = False

    @property
    def is_filled(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("name", "email", "phone", "function"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_filled:
            for name in ("name", "email", "function"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Fyll ut, eller la alt om kontaktpersonen stå tomt."))
        return cleaned


class UnitRowForm(forms.Form):
    """A unit to write in. A row left empty counts for nothing."""

    name = LineField(label=gettext_lazy("Navn"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=gettext_lazy("Type"), choices=[("", gettext_lazy("Velg type")), *Unit.Kind.choices])
    organisation_number = OrganisationNumberField(
        label=gettext_lazy("Organisasjonsnummer"),
        required=False,
        validators=[organisation_number.validate],
        help_text=gettext_lazy("Ni siffer. En SFO kan mangle eget nummer."),
    )
    without_number = forms.BooleanField(
        label=gettext_lazy("Vi vet ikke nummeret nå"), required=False, widget=forms.HiddenInput
    )
    ownership = forms.ChoiceField(
        label=gettext_lazy("Eierform"), choices=Unit.Ownership.choices, initial=Unit.Ownership.PUBLIC
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.empty_permitted:  # a spare row may stay empty, so its fields are not marked as required
            for spare in self.fields.values():
                spare.required = False

    @property
    def title(self) -> str:
        return self["name"].value() or _("Ny enhet")

    @property
    def is_filled(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("name", "kind", "organisation_number"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_filled:
            for name in ("name", "kind"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Fyll ut, eller la hele linja stå tom."))
            self._ask_about_number(cleaned)
        cleaned["ownership"] = cleaned.get("ownership") or Unit.Ownership.PUBLIC
        return cleaned

    def _ask_about_number(self, cleaned: dict[str, Any]) -> None:
        """An SFO may be without. Of the others it is asked, for the letter and the registers go by the number."""
        if cleaned.get("organisation_number") or "organisation_number" in self.errors:
            return
        if cleaned.get("kind") in ("", None, Unit.Kind.SFO):
            return
        self.fields["without_number"].widget = forms.CheckboxInput()
        if not cleaned.get("without_number"):
            self.add_error(
                "without_number", _("Skriv organisasjonsnummeret, eller kryss av for at dere ikke vet det nå.")
            )


class BaseUnitFormSet(BaseFormSet):
    """`kept`: the units that are ticked beside it."""

    municipality: Municipality
    kept: list[Unit]

    def total_form_count(self) -> int:
        return max(super().total_form_count(), restored_rows(self.prefix, most=MAX_ROWS))

    @property
    def written(self) -> list[Any]:
        return [form for form in self.forms if form.is_valid() and form.is_filled]

    def clean(self) -> None:
        """No unit twice, and none that another municipality has."""
        numbers = [form.cleaned_data["organisation_number"] for form in self.written]
        elsewhere = Unit.objects.exclude(participation__municipality=self.municipality)
        taken = set(
            elsewhere.filter(organisation_number__in=[number for number in numbers if number]).values_list(
                "organisation_number", flat=True
            )
        )
        before = [(unit.name, unit.kind, unit.organisation_number) for unit in self.kept]
        for form in self.written:
            name, kind, number = (form.cleaned_data[each] for each in ("name", "kind", "organisation_number"))
            if number in taken:
                form.add_error("organisation_number", _("Nummeret tilhører en enhet i en annen kommune."))
            for other, other_kind, other_number in before:
                if other_kind == kind and other.casefold() == name.casefold():
                    form.add_error("name", _("%(name)s står to ganger.") % {"name": name})
                elif number and other_number == number and not Unit.may_share_number(kind, other_kind):
                    said = _("Nummeret står også på %(unit)s.")
                    form.add_error("organisation_number", said % {"unit": other})
            before.append((name, kind, number))


def unit_rows(data: QueryDict | None, *, municipality: Municipality, kept: list[Unit]) -> BaseUnitFormSet:
    formset = forms.formset_factory(
        UnitRowForm, formset=BaseUnitFormSet, extra=3, max_num=MAX_ROWS, absolute_max=MAX_ROWS, validate_max=True
    )
    rows = cast(BaseUnitFormSet, formset(data, prefix=PREFIX))
    rows.municipality, rows.kept = municipality, kept
    return rows
