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

from guidance.child_names import ask_about_children
from guidance.measures import school_days
from guidance.models import GuidanceSession, Measure
from guidance.models.measure import MeasureQuerySet
from guidance.sub_goals import SUB_GOALS
from participants.models import Participation, Unit
from parts.dates import day_in_words
from parts.forms import DateInput

WEEKS = 8  # what is suggested: long enough to see whether it works, short enough to put it right
LONGEST = timedelta(days=3 * 365)  # the project's two years and a year more: beyond it, the year is mistyped
FREE_TEXT = ("what", "why", "who", "standing")
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
                MaxValueValidator(today + LONGEST, _("Datoen er for langt fram. Har årstallet fått en skrivefeil?")),
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
        """It was sent before, with something else in it. Keep what was typed; sent once more it is a new measure."""
        self.data = {**self.data.dict(), "token": str(token)}  # type: ignore[attr-defined]
        self.add_error(
            None,
            _(
                "Dette skjemaet er sendt før, og tiltaket er ført opp. Skal noe endres, åpner du tiltaket. "
                "Send en gang til hvis dette er et nytt tiltak."
            ),
        )


class ChangeForm(FactsForm):
    """Where a measure stands first, for that is what changes; what it is can be opened below."""

    state = forms.ChoiceField(label=gettext_lazy("Hvor står tiltaket?"), widget=forms.RadioSelect)
    standing = forms.CharField(
        label=gettext_lazy("Si litt om hvor det står"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NO_NAMES,
    )
    # When the measure was last changed, as this person saw it. Whoever changed it later must not be overwritten.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        self.held = {name: getattr(measure, name) for name in (*Measure.FACTS, "state", "standing")}
        self.version = measure.updated_at.isoformat()
        self.conflict: list[tuple[str, str, str]] = []  # what is asked, what is held, and what was typed
        super().__init__(*args, initial=self.held | {"seen": self.version}, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (value, capfirst(label)) for value, label in Measure.State.choices
        ]

    @property
    def fact_fields(self) -> list[BoundField]:
        return [self[name] for name in Measure.FACTS]

    @property
    def opens_facts(self) -> bool:
        """Whether what it is shows at once: something in it is wrong, or differs from what is held."""
        return self.is_bound and any(self.errors.get(name) or name in self.differing for name in Measure.FACTS)

    @property
    def differing(self) -> list[str]:
        """What was typed otherwise than it is held."""
        return [name for name in self.held if name in self.cleaned_data and self.cleaned_data[name] != self.held[name]]

    def meets_a_newer_change(self) -> bool:
        """Somebody changed the measure since the page was drawn, to something else than what is sent."""
        return bool(self.differing) and self.cleaned_data["seen"] != self.version

    def refuse(self) -> None:
        """Keep what was typed; sent once more it counts, for now both have been seen."""
        self.data = {**self.data.dict(), "seen": self.version}  # type: ignore[attr-defined]
        for name in self.differing:
            held, typed = (self._shown(name, values[name]) for values in (self.held, self.cleaned_data))
            self.conflict.append((str(self.fields[name].label), held, typed))
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
        self.fields["mote"].queryset = sessions  # type: ignore[attr-defined]

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
            self.fields["enhet"].queryset = participation.units.all()  # type: ignore[attr-defined]
        else:
            del self.fields["enhet"]

    def filter(self, measures: MeasureQuerySet, *, today: date) -> MeasureQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        if unit := chosen.get("enhet"):
            measures = measures.filter(unit=unit)
        if state := chosen.get("status"):
            measures = measures.in_state(state, today=today)
        if sub_goal := chosen.get("delmal"):
            measures = measures.filter(sub_goal=sub_goal)
        return measures
