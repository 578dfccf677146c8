from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.models import Gathering, Registration
from gatherings.places import Entry
from gatherings.registration import questions, registering
from gatherings.registration.registering import RegistrationRefused
from gatherings.registration.registrar import Place
from participants.models import Participation, Unit
from parts.dates import day_in_words
from parts.forms import EmailField, field, number_from
from parts.names import LineField


class ReimbursementForm(forms.Form):
    reimbursement = forms.ChoiceField(
        label=gettext_lazy("Dekning"),
        choices=Registration.Decision.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Begrunnelse"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Vises for deltakeren. Trengs ikke når avgjørelsen følger regelen."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reimbursement") and "reason" in cleaned and not cleaned["reason"]:
            self.add_error("reason", _("Skriv en begrunnelse."))
        return cleaned


class MunicipalityAndCountyField(forms.ModelChoiceField):
    def label_from_instance(self, participation: Participation) -> str:
        return participation.municipality.name_and_county


class MunicipalityForm(forms.Form):
    """Which municipality, before the page that needs to know its units."""

    kommune = MunicipalityAndCountyField(
        label=gettext_lazy("Kommune"), queryset=Participation.objects.none(), empty_label=gettext_lazy("Velg kommune")
    )

    def __init__(self, *args, gathering: Gathering, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = gathering.cohort
        taking_part = Participation.objects.taking_part().filter(cohort=gathering.cohort)
        municipalities = taking_part.select_related("municipality__county").order_by("municipality__name", "pk")
        field(self, "kommune", forms.ModelChoiceField).queryset = municipalities

    def clean(self) -> dict[str, Any]:
        """One that has withdrawn is no choice; the page says why, and what to do first."""
        cleaned = super().clean() or self.cleaned_data
        key = number_from(str(self.data.get("kommune", ""))) or 0
        withdrawn = Participation.objects.withdrawn().filter(cohort=self.cohort, pk=key)
        if "kommune" in self.errors and (participation := withdrawn.select_related("municipality__county").first()):
            self.errors["kommune"] = self.error_class(
                [
                    _("%(name)s har trukket seg fra prosjektet. Registrer først at kommunen er med igjen.")
                    % {"name": participation.municipality}
                ]
            )
        return cleaned


class LateForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Kommer for"), queryset=Unit.objects.none(), required=False, empty_label=""
    )
    name = LineField(label=gettext_lazy("Navn"), max_length=200)
    email = EmailField(label=gettext_lazy("E-postadresse"))
    function = forms.ChoiceField(label=gettext_lazy("Funksjon"))
    days = forms.MultipleChoiceField(label=gettext_lazy("Dager"), widget=forms.CheckboxSelectMultiple)
    nights = forms.MultipleChoiceField(
        label=gettext_lazy("Netter på hotellet"), widget=forms.CheckboxSelectMultiple, required=False
    )
    travel = forms.ChoiceField(
        label=gettext_lazy("Reise"), choices=Registration.Travel.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args, gathering: Gathering, participation: Participation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        days = [day.isoformat() for day in gathering.days]
        self.initial = {"days": days, "travel": Registration.Travel.ORDERS}
        field(self, "unit", forms.ModelChoiceField).queryset = participation.units.active()
        field(self, "unit", forms.ModelChoiceField).empty_label = _("%(municipality)s (kommunen selv)") % {
            "municipality": participation.municipality.name
        }
        invited = [(function, label) for function, label in Gathering.AUDIENCE if gathering.invites([function])]
        field(self, "function", forms.ChoiceField).choices = [("", _("Velg funksjon")), *invited]
        days_in_words = [(day.isoformat(), day_in_words(day)) for day in gathering.days]
        field(self, "days", forms.ChoiceField).choices = days_in_words
        field(self, "nights", forms.ChoiceField).choices = [
            (night.isoformat(), _("natt til %(day)s") % {"day": day_in_words(night + timedelta(days=1))})
            for night in gathering.nights
        ]
        self.participation = participation
        questions.ask_again(self)

    def row(self) -> tuple[Place, Entry]:
        answers = self.cleaned_data
        place = Place(self.participation, answers["unit"])
        facts = {name: answers[name] for name in ("name", "email", "function", "unit", "days", "nights", "travel")}
        about = registering.about_place(answers["email"], place)
        return place, Entry(
            **facts,
            same_person=questions.is_ticked(self, questions.SAME_PERSON, about=answers["email"]),
            also=questions.is_ticked(self, questions.ALSO, about=about),
        )

    def refuse(self, error: forms.ValidationError) -> None:
        """Show what the rules refused, at its field, and what would let it through."""
        if not isinstance(error, RegistrationRefused):
            self.add_error(None, error)
            return
        for problem in error.problems:
            self.add_error({"place": "unit"}.get(problem.field, problem.field), problem.text)
            if problem.question:
                questions.ask(self, problem.question, about=problem.about)
