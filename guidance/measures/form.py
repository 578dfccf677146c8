"""What is asked of a measure, and what a list of them can be narrowed by."""

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.measures import school_days
from guidance.models import GuidanceSession, Measure
from guidance.models.measure import MeasureQuerySet
from guidance.sub_goals import SUB_GOALS
from participants.models import Participation, Unit
from parts.child_names.question import ask_about_children
from parts.dates import day_in_words
from parts.forms import DateInput, field

WEEKS = 8  # what is suggested: long enough to see whether it works, short enough to put it right
MAX_LENGTH = timedelta(days=3 * 365)  # the project's two years and a year more: beyond it, the year is mistyped
FREE_TEXT = ("what", "why", "who", "progress")
NO_NAMES = gettext_lazy("Ikke skriv navn på barn.")


def suggested(unit: Unit, *, first: date) -> dict[str, Any]:
    last = school_days.on_or_after(first + timedelta(weeks=WEEKS))
    return {"starts_on": first, "ends_on": last, "who": capfirst(unit.head_title)}


class FactsForm(forms.Form):
    """What a measure is."""

    what = forms.CharField(
        label=gettext_lazy("Hva skal dere gjøre?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_NAMES,
    )
    sub_goal = forms.TypedChoiceField(
        label=gettext_lazy("Hvilket delmål hører det til?"), choices=SUB_GOALS, coerce=int, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label=gettext_lazy("Hvorfor dette tiltaket?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Hvilken kunnskap bygger det på? For eksempel Elevundersøkelsen eller observasjoner. "
            "Ikke skriv navn på barn."
        ),
    )
    who = forms.CharField(label=gettext_lazy("Hvem har ansvaret?"), max_length=200)
    starts_on = forms.DateField(label=gettext_lazy("Fra"), widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("Til"), widget=DateInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "ends_on"):
            self.fields[name].validators += [
                MinValueValidator(date(2013, 1, 1), _("Datoen er før prosjektet begynte.")),
                MaxValueValidator(today + MAX_LENGTH, _("Datoen er for langt fram. Har årstallet fått en skrivefeil?")),
            ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("Tiltaket kan ikke slutte før det begynner."))
        ask_about_children(self, [name for name in FREE_TEXT if name in self.fields])
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in Measure.FACTS}


class OpeningForm(FactsForm):
    """A new measure. `token` is made when the page is drawn: the same form sent again is the same measure."""

    broken = gettext_lazy("Noe gikk galt med skjemaet. Kopier det du skrev, og åpne siden på nytt.")
    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": broken, "invalid": broken})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].label = ""
        self.fields["ends_on"].help_text = _(
            "Vi foreslår åtte uker, på en skoledag: lenge nok til å se om det virker, kort nok til å justere."
        )

    def refuse(self, *, token: uuid.UUID) -> None:
        """Say that it was sent before, with other content. What was typed is kept; sent again it is a new measure."""
        self.data = {name: self.data[name] for name in self.data} | {"token": str(token)}
        self.add_error(
            None,
            _(
                "Dette skjemaet er sendt før, og tiltaket er ført opp. Skal noe endres, åpner du tiltaket. "
                "Send en gang til hvis dette er et nytt tiltak."
            ),
        )


class ChangeMeasureForm(FactsForm):
    """How far a measure has come goes first, for that is what changes; what it is can be opened below."""

    state = forms.ChoiceField(label=gettext_lazy("Hvor står tiltaket?"), widget=forms.RadioSelect)
    progress = forms.CharField(
        label=gettext_lazy("Si litt om hvor det står"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NO_NAMES,
    )
    # When the measure was last changed, as this person saw it. A later change must not be overwritten.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        self.stored = {name: getattr(measure, name) for name in (*Measure.FACTS, "state", "progress")}
        struck = [name for name in Measure.FACTS if not getattr(measure, name)]
        self.version = measure.updated_at.isoformat()
        self.conflict: list[tuple[str, str, str]] = []  # what is asked, what is stored, and what was typed
        super().__init__(*args, initial=self.stored | {"seen": self.version}, **kwargs)
        states = [(state.value, capfirst(state.label)) for state in Measure.STATES]
        field(self, "state", forms.ChoiceField).choices = states
        for name in struck:  # what was struck need not be written once more
            self.fields[name].required = False

    @property
    def fact_fields(self) -> list[BoundField]:
        return [self[name] for name in Measure.FACTS]

    @property
    def opens_facts(self) -> bool:
        """Whether what it is shows at once: something in it is wrong, or differs from what is stored."""
        return self.is_bound and any(self.errors.get(name) or name in self.differing for name in Measure.FACTS)

    @property
    def differing(self) -> list[str]:
        """The names of the fields in which something else was typed than is stored."""
        return [
            name for name in self.stored if name in self.cleaned_data and self.cleaned_data[name] != self.stored[name]
        ]

    def has_newer_change(self) -> bool:
        """Whether somebody has changed the measure since the page was drawn, to something else than what is sent."""
        return bool(self.differing) and self.cleaned_data["seen"] != self.version

    def refuse(self) -> None:
        """Show what differs. What was typed is kept; sent again it counts, for then both have been seen."""
        self.data = {name: self.data[name] for name in self.data} | {"seen": self.version}
        for name in self.differing:
            stored, typed = (self._shown(name, values[name]) for values in (self.stored, self.cleaned_data))
            self.conflict.append((str(self.fields[name].label), stored, typed))
        self.add_error(
            None,
            _(
                "Tiltaket er endret mens du hadde siden oppe. Tabellen viser hva som er ulikt. "
                "Lagre en gang til hvis det du skrev, skal gjelde."
            ),
        )

    def _shown(self, name: str, value: Any) -> str:
        if isinstance(value, date):
            return day_in_words(value)
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value))


class FromSession(forms.Form):
    """The session that a new measure was agreed in, from the address; nonsense counts as none."""

    mote = forms.ModelChoiceField(queryset=GuidanceSession.objects.none(), required=False)

    def __init__(self, *args: Any, sessions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "mote", forms.ModelChoiceField).queryset = sessions

    @property
    def session(self) -> GuidanceSession | None:
        self.is_valid()
        return self.cleaned_data.get("mote")


class MeasureFilter(forms.Form):
    """Nonsense in the address counts as no filter."""

    SORTS = {
        "enhet": ("unit__name", "unit", "ends_on", "pk"),
        "-enhet": ("-unit__name", "unit", "ends_on", "pk"),
        "delmal": ("sub_goal", "ends_on", "pk"),
        "-delmal": ("-sub_goal", "ends_on", "pk"),
        "til": ("ends_on", "pk"),
        "-til": ("-ends_on", "pk"),
    }
    STATES = [
        ("", gettext_lazy("Alle")),
        ("going_on", gettext_lazy("Pågår")),
        ("overdue", gettext_lazy("Over fristen")),
        *((value, capfirst(label)) for value, label in Measure.State.choices),
    ]

    enhet = forms.ModelChoiceField(
        label=gettext_lazy("Enhet"), queryset=Unit.objects.none(), required=False, empty_label=gettext_lazy("Alle")
    )
    status = forms.ChoiceField(label=gettext_lazy("Hvor det står"), choices=STATES, required=False)
    delmal = forms.TypedChoiceField(
        label=gettext_lazy("Delmål"),
        choices=[("", gettext_lazy("Alle")), *SUB_GOALS],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, participation: Participation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if participation:
            field(self, "enhet", forms.ModelChoiceField).queryset = participation.units.all()
        else:
            del self.fields["enhet"]

    def filter(self, measures: MeasureQuerySet, *, today: date) -> MeasureQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        if unit := chosen.get("enhet"):
            measures = measures.filter(unit=unit)
        if state := chosen.get("status"):
            measures = measures.in_state(state, today=today)
        else:
            measures = measures.standing()
        if sub_goal := chosen.get("delmal"):
            measures = measures.filter(sub_goal=sub_goal)
        return measures
