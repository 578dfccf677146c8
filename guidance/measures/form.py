"""What is asked of a measure."""

import uuid
from collections.abc import Collection, Sequence
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
from guidance.sub_goals import SUB_GOALS
from participants.models import Cohort, Unit
from parts.child_names.question import ask_about_children
from parts.dates import day_in_words
from parts.forms import DateInput, field
from parts.names import LineField

DELAY = 4  # weeks that a new deadline is suggested in
WEEKS = 8  # what is suggested: long enough to see whether it works, short enough to put it right
MAX_LENGTH = timedelta(days=3 * 365)  # the project's two years and a year more: beyond it, the year is mistyped
FEWEST_WORDS = 3  # in which something can be said: "because" says nothing
NO_NAMES = gettext_lazy("Skriv aldri navn på barn.")
LATE = "after_the_end"  # the question about a measure that ends after its cohort


def _text(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )


def suggested(unit: Unit, *, first: date) -> dict[str, Any]:
    last = school_days.on_or_after(first + timedelta(weeks=WEEKS))
    return {"starts_on": first, "ends_on": last, "who": capfirst(unit.head_title)}


# What there is to build on differs: nobody in a kindergarten answers Elevundersøkelsen.
EXAMPLES = {
    Unit.Kind.KINDERGARTEN: gettext_lazy("For eksempel: «Observasjonene viser at noen barn sjelden er med i lek.»"),
    Unit.Kind.SCHOOL: gettext_lazy("For eksempel: «I Elevundersøkelsen sier hver femte elev at det er utrygt ute.»"),
    Unit.Kind.SFO: gettext_lazy("For eksempel: «I samtalene sier barna at overgangene er verst.»"),
}


def _says_something(value: str) -> None:
    if len(value.split()) < FEWEST_WORDS:
        raise forms.ValidationError(_("Skriv en setning, slik at andre forstår hva dere bygger på."))


class FactsForm(forms.Form):
    """What a measure is."""

    known: Collection[str] = ()  # the names of the units and the municipality

    what = forms.CharField(
        label=gettext_lazy("Hva skal dere gjøre?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_NAMES,
    )
    sub_goal = forms.TypedChoiceField(
        label=gettext_lazy("Hvilket delmål hører det til?"), choices=SUB_GOALS, coerce=int, widget=forms.RadioSelect
    )
    sources = forms.MultipleChoiceField(
        label=gettext_lazy("Hva bygger tiltaket på?"),
        choices=[(value, capfirst(label)) for value, label in Measure.Source.choices],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Kryss av for minst én kilde.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Hva vet dere, som gjør at dere velger dette?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[_says_something],
    )
    who = LineField(label=gettext_lazy("Hvem har ansvaret?"), max_length=200)
    starts_on = forms.DateField(label=gettext_lazy("Fra"), widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("Til"), widget=DateInput())

    def __init__(self, *args: Any, today: date, cohort: Cohort, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.fields["why"].help_text = " ".join([*(str(EXAMPLES[Unit.Kind(kind)]) for kind in kinds), str(NO_NAMES)])
        for name in ("starts_on", "ends_on"):
            self.fields[name].validators += [
                MinValueValidator(date(2013, 1, 1), _("Datoen er før prosjektet begynte.")),
                MaxValueValidator(today + MAX_LENGTH, _("Datoen er for langt fram. Sjekk årstallet.")),
            ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("Tiltaket kan ikke slutte før det begynner."))
        elif last:
            ask_about_the_end(self, last, cohort=self.cohort)
        texts = [name for name in Measure.TEXTS if name in self.fields and name != "who"]
        ask_about_children(self, texts, known=self.known, of_adults=["who"])
        return cleaned

    def clean_sources(self) -> list[str]:
        return sorted(self.cleaned_data["sources"], key=Measure.Source.values.index)

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in Measure.FACTS}


def ask_about_the_end(form: forms.Form, ends_on: date, *, cohort: Cohort) -> None:
    """Add a question when a measure ends after its cohort does: a year that is mistyped, more often than not."""
    if ends_on <= cohort.ends_on or form.initial.get("ends_on") == ends_on:
        return
    form.fields[LATE] = forms.BooleanField(
        label=_("Ja, tiltaket varer til og med %(day)s") % {"day": day_in_words(ends_on)}, required=False
    )
    if not form.data.get(LATE):
        form.add_error(
            LATE,
            _("Pulja er ferdig %(day)s. Rett datoen, eller kryss av hvis tiltaket skal vare lenger.")
            % {"day": day_in_words(cohort.ends_on)},
        )


class OpeningForm(FactsForm):
    """A new measure, for one unit or several. `token` is made when the page is drawn: the same form sent again is the
    same measure.
    """

    broken = gettext_lazy("Noe gikk galt med skjemaet. Kopier det du skrev, og åpne siden på nytt.")
    also = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Gjelder det flere enheter?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Hver enhet får tiltaket på sin egen side, og oppdaterer status selv."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": broken, "invalid": broken})

    def __init__(self, *args: Any, unit: Unit, others: Sequence[Unit], **kwargs: Any) -> None:
        cohort, kinds = unit.participation.cohort, list(dict.fromkeys(each.kind for each in [unit, *others]))
        super().__init__(*args, cohort=cohort, kinds=kinds, **kwargs)
        self.unit, self.others = unit, others
        self.known = [each.name for each in [unit, *others]] + [unit.participation.municipality.name]
        field(self, "also", forms.TypedMultipleChoiceField).choices = [(each.pk, each.name) for each in others]
        if not others:
            del self.fields["also"]
        self.fields["token"].label = ""
        self.fields["ends_on"].help_text = _(
            "Vi foreslår åtte uker, på en skoledag: lenge nok til å se om det virker, kort nok til å justere."
        )

    @property
    def units(self) -> list[Unit]:
        chosen = self.cleaned_data.get("also", ())
        return [self.unit, *(each for each in self.others if each.pk in chosen)]

    def facts_for(self, unit: Unit) -> dict[str, Any]:
        """ "Rektor" is the head of a school; for the kindergarten beside it that is "styrer"."""
        facts = self.facts
        if facts["who"] == capfirst(self.unit.head_title):
            facts["who"] = capfirst(unit.head_title)
        return facts

    def token_for(self, unit: Unit) -> uuid.UUID:
        token: uuid.UUID = self.cleaned_data["token"]
        return token if unit == self.unit else uuid.uuid5(token, str(unit.pk))

    def refuse(self, *, token: uuid.UUID) -> None:
        """Say that it was sent before, with other content. What was typed is kept; sent again it is a new measure."""
        self.data = {name: self.data[name] for name in self.data} | {"token": str(token)}
        self.add_error(
            None,
            _(
                "Dette skjemaet er sendt før, og tiltaket er lagt til. Skal noe endres, åpner du tiltaket. "
                "Send en gang til hvis dette er et nytt tiltak."
            ),
        )


class ChangeMeasureForm(FactsForm):
    """How far a measure has come goes first, for that is what changes; what it is can be opened below.

    Without `reports` only what it is: a supervisor who entered it doesn't say how far the unit has come.
    """

    state = forms.ChoiceField(label=gettext_lazy("Hvor langt er dere kommet?"), widget=forms.RadioSelect)
    progress = forms.CharField(
        label=gettext_lazy("Fortell kort hvordan det går"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NO_NAMES,
    )
    effect = _text(
        gettext_lazy("Hva førte tiltaket til?"), gettext_lazy("Det er nyttig å vite også når det ikke virket.")
    )
    known_by = _text(
        gettext_lazy("Hvordan vet dere det?"),
        gettext_lazy("For eksempel en ny kartlegging, samtaler med barna eller observasjoner."),
    )
    stop_reason = _text(
        gettext_lazy("Hvorfor stopper dere tiltaket?"), gettext_lazy("For eksempel at det ikke virket.")
    )
    # When the measure was last changed, as this person saw it. A later change must not be overwritten.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, measure: Measure, reports: bool = True, **kwargs: Any) -> None:
        self.measure, self.reports = measure, reports
        reported = ("state", "progress", *measure.said) if reports else ()
        self.stored = {name: getattr(measure, name) for name in (*Measure.FACTS, *reported)}
        struck = [name for name in Measure.FACTS if not getattr(measure, name)]
        self.version = measure.updated_at.isoformat()
        self.conflict: list[tuple[str, str, str]] = []  # what is asked, what is stored, and what was typed
        unit = measure.unit
        super().__init__(
            *args,
            initial=self.stored | {"seen": self.version},
            cohort=unit.participation.cohort,
            kinds=[unit.kind],
            **kwargs,
        )
        self.known = [unit.name, unit.participation.municipality.name]
        states = [(state.value, capfirst(state.label)) for state in Measure.STATES]
        field(self, "state", forms.ChoiceField).choices = states
        if not reports:
            for name in ("state", "progress", *measure.said):
                del self.fields[name]
        for name in struck:  # what was struck need not be written once more
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        state = cleaned.get("state")
        for of, names in Measure.SAID_OF.items():
            for name in names if self.reports else ():
                if of != state:  # the field is out of sight, and says nothing of this state
                    cleaned[name] = ""
                    self.errors.pop(name, None)
                elif not cleaned.get(name) and name not in self.errors and not self._was_struck(name):
                    self.add_error(name, _("Må fylles ut før tiltaket kan avsluttes."))
        return cleaned

    def _was_struck(self, name: str) -> bool:
        """It was said of the state that the measure is in, and then taken away."""
        return self.measure.state == self.cleaned_data.get("state") and name in self.measure.struck

    @property
    def report(self) -> dict[str, Any]:
        """What a valid form says of how far it has come; without `reports` what is stored."""
        if not self.reports:
            return {"state": self.measure.state, "progress": self.measure.progress, "said": self.measure.said}
        cleaned = self.cleaned_data
        said = {name: cleaned[name] for name in self.measure.said}
        return {"state": cleaned["state"], "progress": cleaned["progress"], "said": said}

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
                "Tiltaket er endret mens du hadde siden åpen. Tabellen viser hva som er ulikt. Lagre en gang "
                "til hvis det du skrev, skal gjelde."
            ),
        )

    def _shown(self, name: str, value: Any) -> str:
        if isinstance(value, date):
            return day_in_words(value)
        if isinstance(value, list):
            return ", ".join(str(Measure.Source(each).label) for each in value)
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value))


class MeasureEndForm(forms.Form):
    """A new last day, and nothing else."""

    ends_on = forms.DateField(label=gettext_lazy("Ny frist"), widget=DateInput())

    def __init__(self, *args: Any, measure: Measure, today: date, **kwargs: Any) -> None:
        suggestion = school_days.on_or_after(today + timedelta(weeks=DELAY))
        super().__init__(*args, **kwargs | {"initial": {"ends_on": suggestion}})
        self.cohort = measure.unit.participation.cohort
        self.fields["ends_on"].validators += [
            MinValueValidator(max(today, measure.starts_on), _("Fristen må være i dag eller senere.")),
            MaxValueValidator(today + MAX_LENGTH, _("Datoen er for langt fram. Sjekk årstallet.")),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if last := cleaned.get("ends_on"):
            ask_about_the_end(self, last, cohort=self.cohort)
        return cleaned


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
