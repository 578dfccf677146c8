"""A supervisor's facts, as a project leader keeps them and as the supervisor does, and their leave."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.models import Capacity, GuidanceSettings, Supervisor
from guidance.models.supervisor import MOST
from guidance.staffing import wording
from guidance.staffing.places import Places
from guidance.staffing.untouched import keep_untouched
from participants.forms import ask_whose
from participants.models import Cohort, County
from parts.dates import day_in_words
from parts.forms import CountField, DateInput, EmailField
from parts.names import LineField, one_line
from parts.phone import PhoneField

KNOWS = [("knows_kindergarten", gettext_lazy("barnehage")), ("knows_school", gettext_lazy("skole"))]


class ProfileForm(forms.Form):
    """What a supervisor keeps about themselves."""

    phone = PhoneField(
        label=gettext_lazy("Telefon"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("Kommunene du veileder, ser nummeret."),
    )
    workplace = LineField(
        label=gettext_lazy("Arbeidssted"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For eksempel Solbakken barnehage, Bodø kommune."),
    )
    knows = forms.MultipleChoiceField(
        label=gettext_lazy("Kjenner"), choices=KNOWS, required=False, widget=forms.CheckboxSelectMultiple
    )
    preferred_counties = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Fylker"),
        queryset=County.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Fylkene personen helst vil veilede i. Velger du ingen, regnes alle fylker likt."),
    )
    wished = CountField(
        label=gettext_lazy("Hvor mange kommuner vil du høyst ha?"),
        min_value=0,
        max_value=MOST,
        required=False,
        help_text=gettext_lazy("Et ønske. Prosjektlederen bestemmer tallet for hver pulje."),
    )

    def __init__(self, *args: Any, supervisor: Supervisor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": self.stored(supervisor) if supervisor else {}} | kwargs)
        self.supervisor = supervisor
        if supervisor:
            keep_untouched(self, self.initial)

    def stored(self, supervisor: Supervisor) -> dict[str, Any]:
        return {
            "phone": supervisor.phone,
            "workplace": supervisor.workplace,
            "knows": [name for name, _label in KNOWS if getattr(supervisor, name)],
            "preferred_counties": [county.pk for county in supervisor.preferred_counties.all()],
            "wished": supervisor.wished,
        }

    def clean_workplace(self) -> str:
        return one_line(self.cleaned_data["workplace"])

    @property
    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        names = [name for name in ("phone", "workplace", "preferred_counties", "wished") if name in self.fields]
        return {name: cleaned[name] for name in names} | {name: name in cleaned["knows"] for name, _label in KNOWS}


class SupervisorForm(ProfileForm):
    """What a project leader keeps about a supervisor; with an address for a new one."""

    name = LineField(label=gettext_lazy("Navn"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = EmailField(
        label=gettext_lazy("E-postadresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Personens egen adresse på jobb. Den brukes til å logge inn."),
    )
    employer = forms.ChoiceField(
        label=gettext_lazy("Bakgrunn"),
        choices=[
            (Supervisor.Employer.CENTRE, gettext_lazy("Læringsmiljøsenteret")),
            (Supervisor.Employer.PRACTICE, gettext_lazy("Praksis: barnehage eller skole")),
        ],
        widget=forms.RadioSelect,
    )
    not_with = forms.CharField(
        label=gettext_lazy("Ikke habil i disse kommunene"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Kommunen der personen er ansatt, og andre der personen ikke er habil. Én på hver linje, eller komma "
            "mellom."
        ),
    )

    def __init__(self, *args: Any, cohorts: Sequence[Cohort], **kwargs: Any) -> None:
        self.cohorts = cohorts
        super().__init__(*args, **kwargs)
        if self.supervisor:
            del self.fields["email"]
        del self.fields["wished"]
        self.fields["phone"].help_text = _("Kommunene personen veileder, ser nummeret.")
        for cohort in cohorts:
            self.fields[_capacity(cohort)] = CountField(
                label=_("Flest kommuner i pulje %(number)s") % {"number": cohort.number},
                min_value=0,
                max_value=MOST,
                required=False,
                help_text=_("Er cella tom eller 0, får personen ingen kommune i pulja."),
            )
        self.order_fields(
            ["name", "email", "phone", "employer", "workplace", "knows", "preferred_counties", "not_with"]
        )

    def stored(self, supervisor: Supervisor) -> dict[str, Any]:
        most = {each.cohort_id: each.most for each in Capacity.objects.filter(supervisor=supervisor)}
        return super().stored(supervisor) | {
            "name": supervisor.name,
            "employer": supervisor.employer,
            "not_with": "\n".join(map(wording.place, supervisor.not_with.select_related("county"))),
            **{_capacity(cohort): most.get(cohort.pk) for cohort in self.cohorts},
        }

    def clean_not_with(self) -> list[Any]:
        found, problems = Places().municipalities(self.cleaned_data["not_with"])
        if problems:
            raise forms.ValidationError(problems)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("name"):
            cleaned["name"] = one_line(cleaned["name"])
        if "email" in self.fields:
            ask_whose(self, cleaned, name="name", email="email")
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        chosen = {cohort: cleaned[_capacity(cohort)] for cohort in self.cohorts}
        for cohort, most in chosen.items():
            if most is None and self.initial.get(_capacity(cohort)):
                chosen[cohort] = 0  # emptied: there is a row that says more
        return super().facts | {
            "name": cleaned["name"],
            "employer": cleaned["employer"],
            "not_with": cleaned["not_with"],
            "capacity": chosen,
        }


def _capacity(cohort: Cohort) -> str:
    return f"capacity_{cohort.number}"


class LeaveForm(forms.Form):
    first_on = forms.DateField(label=gettext_lazy("Fra og med"), widget=DateInput())
    last_on = forms.DateField(
        label=gettext_lazy("Til og med"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("La feltet stå tomt hvis det ikke er bestemt. Skriv ikke hvorfor."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            said = _("Permisjonen slutter før den begynner, %(day)s. Skriv en dag etter det.")
            self.add_error("last_on", said % {"day": day_in_words(first)})
        elif last and last < self.today:
            self.add_error("last_on", _("Permisjonen er over. Skriv en dag fram i tid."))
        return cleaned


class EndForm(forms.Form):
    ended_on = forms.DateField(
        label=gettext_lazy("Første dag personen ikke lenger er veileder"),
        widget=DateInput(),
        help_text=gettext_lazy("I dag eller en dag fram i tid."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"ended_on": today}} | kwargs)
        self.fields["ended_on"].validators.append(MinValueValidator(today, _("Velg i dag eller en dag fram i tid.")))


class GuidanceSettingsForm(forms.ModelForm):
    """What a cohort chooses about its guidance."""

    class Meta:
        model = GuidanceSettings
        fields = [
            "units_for_two",
            "units_for_three",
            "sessions_per_semester",
            "silent_after_days",
            "remind_days_before",
            "log_missing_after_days",
            "measure_due_days_before",
            "own_themes",
        ]
        widgets = {"own_themes": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, each in self.fields.items():
            each.label = each.label[:1].upper() + each.label[1:] if each.label else each.label
            if isinstance(each, forms.IntegerField):
                each.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
                each.help_text = each.help_text or _limits(name)


def _limits(name: str) -> str:
    """How small and large a number may be, where the cohort's settings say so."""
    validators = GuidanceSettings._meta.get_field(name).validators  # type: ignore[union-attr]
    least = [each.limit_value for each in validators if type(each) is MinValueValidator]
    most = [each.limit_value for each in validators if type(each) is MaxValueValidator]
    said = {"least": max(least, default=0), "most": min(most, default=0)}
    return _("Fra %(least)s til %(most)s.") % said if most else ""
