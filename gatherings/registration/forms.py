from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.models import Gathering, Registration
from gatherings.places import Entry
from gatherings.registration import questions, registering
from gatherings.registration.registering import RegistrationRefused
from gatherings.registration.registrar import Place, Registrar, Suggestion
from participants.models import Contact
from parts.forms import EmailField, field, number_from, restored_rows
from parts.names import LineField

PREFIX = "person"
SPARE_ROWS, MORE_ROWS, MAX_ROWS = 2, 3, 150


class PersonForm(forms.Form):
    """What a person comes as, and for how long. The days and nights are the gathering's own."""

    name = LineField(label=gettext_lazy("Navn"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    function = forms.ChoiceField(label=gettext_lazy("Funksjon"))
    days = forms.MultipleChoiceField(label=gettext_lazy("Dager"), widget=forms.CheckboxSelectMultiple)
    nights = forms.MultipleChoiceField(
        label=gettext_lazy("Overnatting"), widget=forms.CheckboxSelectMultiple, required=False
    )
    travel = forms.ChoiceField(label=gettext_lazy("Reise"), choices=Registration.Travel.choices)

    def __init__(self, *args: Any, gathering: Gathering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gathering = gathering
        functions = [(value, capfirst(label)) for value, label in Gathering.AUDIENCE if gathering.invites([value])]
        self.functions = {"": _("Velg funksjon"), **dict(functions)}
        self._choices("function", list(self.functions.items()))
        self._choices("days", [(day.isoformat(), formats.date_format(day, "l j. F")) for day in gathering.days])
        # Named by the morning after, as hotels and people do.
        nights = [
            (night.isoformat(), _("Natt til %(day)s") % {"day": formats.date_format(morning, "l j. F")})
            for night, morning in zip(gathering.nights, gathering.days, strict=True)
        ]
        self._choices("nights", nights)
        if len(gathering.days) == 1:
            self.fields["days"].widget = forms.MultipleHiddenInput()
            self.initial.setdefault("days", [gathering.days[0].isoformat()])

    def _hide(self, name: str, value: str) -> None:
        """There is one choice, so nobody is asked."""
        self.fields[name].widget = forms.HiddenInput()
        self.initial[name] = value

    def _choices(self, name: str, choices: list) -> None:
        field(self, name, forms.ChoiceField).choices = choices


def defaults(gathering: Gathering) -> dict[str, Any]:
    """All days, the nights between them, and a journey to order: what most people need."""
    return {
        "days": [day.isoformat() for day in gathering.days],
        "nights": [night.isoformat() for night in gathering.nights[1:]],
        "travel": Registration.Travel.ORDERS,
    }


class ParticipantForm(PersonForm):
    """One row of the registration: a suggested person, ticked, or a spare row to write somebody in."""

    come = forms.BooleanField(label=gettext_lazy("Kommer"), required=False)
    email = EmailField(
        label=gettext_lazy("E-postadresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Personen får en e-post og kan logge inn med adressen."),
    )
    place = forms.ChoiceField(label=gettext_lazy("Kommer for"))
    field_order = ["come", "name", "email", "function", "place", "days", "nights", "travel"]

    def __init__(self, *args: Any, registrar: Registrar, suggested: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registrar, self.suggested = registrar, suggested
        places = [(place.key, place.label) for place in registrar.places]
        self._choices("place", places if len(places) == 1 else [("", _("Velg kommune eller enhet")), *places])
        if len(places) == 1:
            self._hide("place", places[0][0])
        if registrar.only_self:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = ""
            self.initial["email"] = registrar.email
        if not suggested:
            del self.fields["come"]
        questions.ask_again(self)
        if not self.is_wanted:  # asked for nothing: an empty spare row, or somebody who does not come
            for asked in self.fields.values():
                asked.required = False

    @property
    def title(self) -> str:
        return self["name"].value() or _("Ny deltaker")

    @property
    def place_label(self) -> str:
        place = self.registrar.place(self["place"].value() or "")
        return place.label if place else ""

    @property
    def function_label(self) -> str:
        return str(self.functions.get(self["function"].value() or "", ""))

    @property
    def is_wanted(self) -> bool:
        if not self.is_bound:
            return self.suggested
        if self.suggested:
            return bool(self.data.get(self.add_prefix("come")))
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("name", "email"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        place = self.registrar.place(cleaned.get("place", ""))
        if self.is_wanted and cleaned.get("function") == Contact.Function.HEAD and place and place.unit is None:
            self.add_error("place", _("Velg enheten som personen leder."))
        return cleaned

    def entry(self) -> tuple[Place, Entry]:
        """What a valid, wanted row says."""
        cleaned = self.cleaned_data
        place = self.registrar.place(cleaned["place"])
        assert place is not None  # noqa: S101 – the field's choices are the places
        facts = {name: cleaned[name] for name in ("name", "email", "function", "days", "nights", "travel")}
        email = facts["email"]
        # Who registers alone does so with their own address.
        same_person = self.registrar.only_self or questions.is_ticked(self, questions.SAME_PERSON, about=email)
        also = questions.is_ticked(self, questions.ALSO, about=registering.about_place(email, place))
        return place, Entry(unit=place.unit, same_person=same_person, also=also, **facts)


class BaseParticipantFormSet(BaseFormSet):
    """The suggested people's rows, then spare ones. The page carries which is which."""

    suggested_count: int | None = None

    def initial_form_count(self) -> int:
        if not self.is_bound and self.suggested_count is not None:
            return self.suggested_count
        return super().initial_form_count()

    def total_form_count(self) -> int:
        """As many as were typed in, when they are drawn again after a change of language."""
        return max(super().total_form_count(), restored_rows(self.prefix, most=self.max_num))

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        suggested = index is not None and index < self.initial_form_count()
        return super().get_form_kwargs(index) | {"suggested": suggested, "empty_permitted": False}

    def clean(self) -> None:
        if any(self.errors):
            return
        wanted = [form for form in self.forms if form.is_wanted]
        if not wanted:
            raise forms.ValidationError(_("Kryss av for dem som kommer, eller skriv inn en ny deltaker."))
        seen: dict[str, str] = {}
        for form in wanted:
            email = form.cleaned_data["email"]
            if email in seen:
                text = _("%(other)s har samme adresse. Hver deltaker trenger sin egen.") % {"other": seen[email]}
                form.add_error("email", text)
            seen[email] = form.cleaned_data["name"]

    def refuse(self, error: forms.ValidationError) -> None:
        """Show what the rules refused, each at its row, and what would let it through."""
        if not isinstance(error, RegistrationRefused):
            self.non_form_errors().extend(error.error_list)
            return
        wanted = [form for form in self.forms if form.is_wanted]
        for problem in error.problems:
            form = wanted[problem.row]
            form.add_error(problem.field, problem.text)
            if problem.question:
                questions.ask(form, problem.question, about=problem.about)

    def entries(self) -> list[tuple[Place, Entry]]:
        return [form.entry() for form in self.forms if form.is_wanted]


def participants(
    gathering: Gathering, registrar: Registrar, rows: list[dict[str, Any]], *, suggested: int, spare: int
) -> BaseParticipantFormSet:
    """The page as it is first drawn: `rows`, of which the first are suggested, and empty ones below them."""
    empty = defaults(gathering) | {"place": registrar.places[0].key if len(registrar.places) == 1 else ""}
    extra = len(rows) - suggested + spare
    factory = _factory(extra=extra)
    formset = factory(
        initial=rows + [empty] * spare, prefix=PREFIX, form_kwargs={"gathering": gathering, "registrar": registrar}
    )
    formset.suggested_count = suggested
    return formset


def rows_of(gathering: Gathering, suggested: list[Suggestion]) -> list[dict[str, Any]]:
    usual = defaults(gathering)
    return [
        {"come": True, "name": who.name, "email": who.email, "function": who.function, "place": who.place.key} | usual
        for who in suggested
    ]


def sent_participants(gathering: Gathering, registrar: Registrar, data: QueryDict) -> BaseParticipantFormSet:
    """The page as it was sent in."""
    return _factory(extra=0)(data, prefix=PREFIX, form_kwargs={"gathering": gathering, "registrar": registrar})


def with_more_rows(gathering: Gathering, registrar: Registrar, data: QueryDict) -> BaseParticipantFormSet:
    """What was typed, unjudged, with empty rows below it."""
    total, suggested = (_count(data, name) for name in ("TOTAL_FORMS", "INITIAL_FORMS"))
    rows = []
    for number in range(total):
        row: dict[str, Any] = {
            name: data.get(f"{PREFIX}-{number}-{name}", "")
            for name in ("name", "email", "function", "place", "travel", *questions.LABELS)
        }
        row |= {name: data.getlist(f"{PREFIX}-{number}-{name}") for name in ("days", "nights")}
        rows.append(row | {"come": f"{PREFIX}-{number}-come" in data})
    spare = min(MORE_ROWS, MAX_ROWS - total)
    return participants(gathering, registrar, rows, suggested=min(suggested, total), spare=spare)


def _count(data: QueryDict, name: str) -> int:
    return min(number_from(data.get(f"{PREFIX}-{name}", "")) or 0, MAX_ROWS)


def _factory(*, extra: int) -> type[BaseParticipantFormSet]:
    made = forms.formset_factory(
        ParticipantForm, formset=BaseParticipantFormSet, extra=extra, max_num=MAX_ROWS, absolute_max=MAX_ROWS
    )
    return cast("type[BaseParticipantFormSet]", made)  # it makes a subclass of `formset`


class RegistrationChangeForm(PersonForm):
    """One registration, changed by the person or by those who answer for them."""

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        facts = {name: getattr(registration, name) for name in ("name", "function", "travel")}
        # Of the days that were chosen, those that the gathering has now: it may have been moved since.
        facts["days"] = [day.isoformat() for day in registration.dates]
        facts["nights"] = [night.isoformat() for night in registration.night_dates]
        super().__init__(*args, gathering=registration.gathering, **kwargs | {"initial": facts})
        self.registration = registration
        # A function that is no longer invited is still the person's own.
        current = (registration.function, capfirst(registration.get_function_display()))
        if current[0] not in self.functions:
            self._choices("function", [*self.functions.items(), current])

    def clean_function(self) -> str:
        function = self.cleaned_data["function"]
        if function == Contact.Function.HEAD and self.registration.unit is None:
            raise forms.ValidationError(_("Personen kommer for kommunen og leder ingen enhet. Velg en annen funksjon."))
        return function
