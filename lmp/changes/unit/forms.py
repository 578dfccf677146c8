from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lmp.changes.unit.closing import Moves
from participants.forms import OrganisationNumberField
from participants.models import Contact, Participation, Unit, UnitClosure
from parts.dates import PROJECT_BEGAN
from parts.forms import DateInput, field
from parts.names import LineField

Keeps = UnitClosure.Keeps
FAR_AHEAD = timedelta(days=366)


class ClosingForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Fra og med hvilken dag er enheten lagt ned?"),
        widget=DateInput(),
        help_text=gettext_lazy("Enheten er i drift til og med dagen før. Dagen kan være fram i tid."),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"on": unit.closed_on}})
        self.unit = unit
        self.fields["on"].validators += [
            MinValueValidator(PROJECT_BEGAN, _("Datoen er før prosjektet begynte.")),
            MaxValueValidator(
                unit.participation.cohort.ends_on + FAR_AHEAD,
                _("Datoen er for langt fram. Sjekk årstallet."),
            ),
        ]


class MergingForm(ClosingForm):
    into = forms.ModelChoiceField(
        label=gettext_lazy("Hvilken enhet blir den en del av?"),
        queryset=Unit.objects.none(),
        empty_label=gettext_lazy("Velg enhet"),
    )
    head = forms.ChoiceField(label=gettext_lazy("Hvem leder enheten etterpå?"), widget=forms.RadioSelect)
    group = forms.ChoiceField(label=gettext_lazy("Hvilken prosjektgruppe gjelder etterpå?"), widget=forms.RadioSelect)
    measures = forms.ChoiceField(
        label=gettext_lazy("Hva skjer med tiltakene?"),
        choices=[
            ("move", gettext_lazy("De flyttes til den andre enheten")),
            ("end", gettext_lazy("De stoppes")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ["into", "on", "head", "group", "measures"]

    def __init__(self, *args: Any, unit: Unit, today: date, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        others = unit.participation.units.active(today=today).exclude(pk=unit.pk)
        field(self, "into", forms.ModelChoiceField).queryset = others
        self.fields["on"].label = _("Fra og med hvilken dag er de én enhet?")
        heads = Contact.objects.current().filter(unit=unit, function=Contact.Function.HEAD)
        names = ", ".join(heads.order_by("pk").values_list("name", flat=True)) or _("Ingen")
        field(self, "head", forms.ChoiceField).choices = [
            (Keeps.OWN, _("%(names)s, som leder %(unit)s i dag") % {"names": names, "unit": unit}),
            (Keeps.OTHER, _("Den som leder den andre enheten i dag")),
        ]
        field(self, "group", forms.ChoiceField).choices = [
            (Keeps.OWN, _("Gruppa ved %(unit)s") % {"unit": unit}),
            (Keeps.OTHER, _("Gruppa ved den andre enheten")),
            (Keeps.BOTH, _("Begge, som én gruppe")),
        ]
        if decided := UnitClosure.objects.to_come().filter(unit=unit).first():
            measures = "move" if decided.measures_move else "end"
            self.initial.update(into=unit.merged_into_id, head=decided.head, group=decided.group, measures=measures)

    @property
    def moves(self) -> Moves:
        chosen = self.cleaned_data
        return Moves(chosen["head"], chosen["group"], measures=chosen["measures"] == "move")


class RenamingForm(forms.Form):
    name = LineField(
        label=gettext_lazy("Hva heter enheten nå?"),
        max_length=200,
        help_text=gettext_lazy(
            "Det gamle navnet står i historikken, og enheten finnes fortsatt når noen søker på det."
        ),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"name": unit.name}})
        self.unit = unit

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if name == self.unit.name:
            raise forms.ValidationError(_("Enheten heter dette allerede."))
        return name


class OwnerForm(forms.Form):
    ownership = forms.ChoiceField(
        label=gettext_lazy("Hvem eier enheten nå?"), choices=Unit.Ownership.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"ownership": unit.ownership}})
        self.unit = unit

    def clean_ownership(self) -> str:
        ownership = self.cleaned_data["ownership"]
        if ownership == self.unit.ownership:
            raise forms.ValidationError(_("Eierformen er den samme som før."))
        return ownership


class NewUnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ["name", "organisation_number", "kind", "ownership"]
        field_classes = {"organisation_number": OrganisationNumberField}

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.participation = participation
        field(self, "kind", forms.ChoiceField).choices = [("", _("Velg type")), *Unit.Kind.choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        units = Unit.objects.filter(participation=self.instance.participation)
        number, kind = cleaned.get("organisation_number") or "", cleaned.get("kind") or ""
        if units.in_the_way_of(number=number, kind=kind, participation=[self.instance.participation.pk]).exists():
            self.add_error("organisation_number", _("En annen enhet i kommunen har dette organisasjonsnummeret."))
        same = units.active().filter(name__iexact=cleaned.get("name") or "", kind=kind)
        if same.exists():
            self.add_error("name", _("Kommunen har allerede en slik enhet med dette navnet."))
        return cleaned
