from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.models import GuidanceGroup, GuidanceSession, Supervisor
from guidance.sessions import next_session, wording
from guidance.sessions.attendance import FilledIn
from guidance.sessions.forms import Choices, choices, choices_of, format_field, latest_day, time_field
from guidance.sub_goals import SUB_GOALS
from participants.models import Municipality, Unit
from parts.child_names.question import ASKED, LookedOverField, words_to_look_over
from parts.dates import day_in_words
from parts.forms import CountField, DateInput, field

LENGTHS = [30, 45, 60, 90, 120, 180]
OTHER = "other"
BEFORE_THE_START = timedelta(days=60)  # some groups meet their municipality before the cohort formally begins
AFTER_THE_END = timedelta(days=365)  # the year after counts too
MAX_COUNT = 500
WORDS = "worked_on", "agreed"
MAX_LENGTHS = {field.name: field.max_length for field in GuidanceSession._meta.fields}
# Answers to what the page asks about the log, not part of it: a draft does not keep them.
ANSWERS = ("another", "no_children", "was_held", "next_plan", "next_day_off")


class AskedField(forms.BooleanField):
    """An answer that is asked for when it is needed. Its error is the question."""

    says_it_all = True


class AskedChoiceField(forms.ChoiceField):
    says_it_all = True


class AskedTextField(forms.CharField):
    says_it_all = True


class LogForm(forms.Form):
    """The log of a session. It must say when, how, how long, about what, and what was done."""

    held_on = forms.DateField(label=gettext_lazy("Dato"), widget=DateInput())
    format = format_field()
    minutes = forms.ChoiceField(
        label=gettext_lazy("Varighet"),
        choices=[
            *((str(length), f"{length} min") for length in LENGTHS),
            (OTHER, gettext_lazy("Annet")),
        ],
        widget=forms.RadioSelect,
    )
    other_minutes = CountField(label=gettext_lazy("Varighet i minutter"), required=False, min_value=5, max_value=720)
    themes = forms.MultipleChoiceField(label=gettext_lazy("Temaer"), widget=forms.CheckboxSelectMultiple)
    worked_on = forms.CharField(
        label=gettext_lazy("Hva arbeidet dere med?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Leses av veiledergruppa og Læringsmiljøsenteret."),
    )
    agreed = forms.CharField(
        label=gettext_lazy("Hva ble dere enige om?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Leses også av kommunen og enhetene som var med."),
    )
    next_on = forms.DateField(label=gettext_lazy("Neste møte"), required=False, widget=DateInput())
    next_at = time_field()
    next_format = format_field(required=False, label=gettext_lazy("Møteform neste gang"))
    sub_goals = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Delmål"),
        choices=SUB_GOALS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    units = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Enheter som var med"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    supervisors = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Veiledere som holdt møtet"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    another = AskedField(label=gettext_lazy("Ja, dette er et annet møte"), required=False)
    no_children = LookedOverField()
    next_plan = AskedChoiceField(
        choices=[(next_session.MOVE, gettext_lazy("Flytt møtet")), (next_session.NEW, gettext_lazy("Et møte til"))],
        required=False,
    )
    next_day_off = AskedTextField(required=False)  # the day that the person holds to: the answer is of no other day
    was_held = AskedField(label=gettext_lazy("Ja, møtet ble holdt"), required=False)

    def __init__(
        self,
        *args: Any,
        group: GuidanceGroup,
        chosen: Choices,
        today: date,
        known: Collection[str] = (),
        plans: bool = True,
        coming: Sequence[GuidanceSession] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.group, self.today, self.known, self.coming = group, today, known, coming
        self.all_units, self.all_supervisors = chosen.units, chosen.supervisors
        self.suspected: list[str] = []
        self.asks_whether_another = False
        fixed = [(value, capfirst(label)) for value, label in GuidanceSession.Theme.choices]
        self._choices("themes", [*fixed, *((theme, theme) for theme in chosen.own_themes)])
        self._choices("units", choices_of(self.all_units))
        self._choices("supervisors", choices_of(self.all_supervisors))
        if not self.all_units:
            del self.fields["units"]
        if not plans:
            for name in ("next_on", "next_at", "next_format", "next_plan", "next_day_off"):
                del self.fields[name]
        for function, label in GuidanceSession.FUNCTIONS:
            self.fields[f"took_{function}"] = count_field(capfirst(label))
        functions = dict(GuidanceSession.FUNCTIONS)
        for who in GuidanceSession.STAKEHOLDERS:
            self.fields[f"involved_{who}"] = forms.MultipleChoiceField(
                label=capfirst(functions[who]),
                choices=[(way, capfirst(label)) for way, label in GuidanceSession.WAYS],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        for name in WORDS:  # no maxlength on the page: it would silently cut what is pasted
            self.fields[name].validators.append(MaxLengthValidator(MAX_LENGTHS[name]))

    def _choices(self, name: str, choices: list) -> None:
        field(self, name, forms.MultipleChoiceField).choices = choices

    @property
    def counts(self) -> list[forms.BoundField]:
        return [self[f"took_{function}"] for function, _label in GuidanceSession.FUNCTIONS]

    @property
    def who(self) -> FilledIn:
        return FilledIn.of(self)

    @property
    def involvement(self) -> list[forms.BoundField]:
        return [self[f"involved_{who}"] for who in GuidanceSession.STAKEHOLDERS]

    def is_open(self, *names: str) -> bool:
        return any(self[name].errors for name in names if name in self.fields)

    @property
    def opens_who(self) -> bool:
        return self.is_open("units", "supervisors", "was_held", *(field.name for field in self.counts))

    @property
    def opens_involvement(self) -> bool:
        return self.is_open("sub_goals", *(field.name for field in self.involvement))

    def clean_worked_on(self) -> str:
        return _with_plain_line_breaks(self.cleaned_data["worked_on"])

    def clean_agreed(self) -> str:
        return _with_plain_line_breaks(self.cleaned_data["agreed"])

    def clean_held_on(self) -> date:
        held_on, cohort = self.cleaned_data["held_on"], self.group.participation.cohort
        if held_on > self.today:
            raise forms.ValidationError(_("Datoen kan ikke være fram i tid."))
        begun = min([cohort.starts_on - BEFORE_THE_START, *self.group.members.values_list("started_on", flat=True)])
        if held_on < begun:
            text = _("Datoen er før gruppa begynte arbeidet. Den kan tidligst være %(day)s.")
            raise forms.ValidationError(text % {"day": day_in_words(begun)})
        if held_on > cohort.ends_on + AFTER_THE_END:
            raise forms.ValidationError(_("Datoen er etter at pulja var ferdig."))
        return held_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("minutes") == OTHER and not cleaned.get("other_minutes") and "other_minutes" not in self.errors:
            self.add_error("other_minutes", _("Skriv hvor mange minutter møtet varte."))
        self._clean_next(cleaned)
        counts = [field.name for field in self.counts]
        if not any(cleaned.get(name) or name in self.errors for name in counts) and not cleaned.get("was_held"):
            self.add_error("was_held", _("Ingen er ført opp som deltaker. Ble møtet holdt?"))
        self.suspected = words_to_look_over((cleaned.get(name) for name in WORDS), known=self.known)
        looked_over = self.data.getlist("looked_over") if isinstance(self.data, QueryDict) else []
        if self.suspected and not (cleaned.get("no_children") and set(self.suspected) <= set(looked_over)):
            self.add_error("no_children", ASKED)
        return cleaned

    def _clean_next(self, cleaned: dict[str, Any]) -> None:
        next_on, held_on = cleaned.get("next_on"), cleaned.get("held_on")
        if next_on and held_on and next_on <= held_on:
            self.add_error("next_on", _("Neste møte må være etter dette møtet."))
        elif next_on and next_on > latest_day(self.group, today=self.today):
            self.add_error("next_on", _("Datoen er etter at pulja er ferdig."))
        if cleaned.get("next_at") and not next_on and "next_on" not in self.errors:
            self.add_error("next_on", _("Velg dato for neste møte."))
        if not next_on or "next_on" in self.errors:
            return
        near = self.near
        if next_session.is_doubtful(next_on, self.coming) and cleaned.get("next_day_off") != next_on.isoformat():
            self.add_error("next_day_off", next_session.question_of_day(next_on))
        elif not cleaned.get("next_plan") and near and next_session.is_another(near, next_on, cleaned.get("next_at")):
            self.add_error("next_plan", next_session.question(near))

    @property
    def near(self) -> GuidanceSession | None:
        """The planned session that the next one may well be."""
        next_on = self.cleaned_data.get("next_on")
        return next_session.nearest(self.coming, next_on) if next_on else None

    def ask_whether_another(self, held: Sequence[GuidanceSession], *, lacks_choice: bool) -> None:
        """Other sessions were held on the day: two logs of one, or sessions of their own?

        `lacks_choice`: the person has said that it is a correction, but not of which of several.
        """
        self.asks_whether_another = True
        if len(held) == 1:
            text = _("%(name)s har allerede sendt inn en logg for et møte denne dagen. Er dette et annet møte?")
            self.add_error("another", text % {"name": held[0].submitted_by})
            return
        self.fields["corrects"] = AskedChoiceField(
            label=_("Hvilken logg er dette en rettelse av?"),
            choices=[(session.pk, wording.who_and_how_it_begins(session)) for session in held],
            widget=forms.RadioSelect,
            required=False,
        )
        if lacks_choice:
            self.add_error("corrects", _("Velg loggen som skal rettes."))
        else:
            text = _("Det er allerede sendt inn %(count)s logger for møter denne dagen. Er dette et annet møte?")
            self.add_error("another", text % {"count": len(held)})

    @property
    def facts(self) -> dict[str, Any]:
        """What a valid form says, as the session's own fields."""
        cleaned = self.cleaned_data
        counts = {function: cleaned[f"took_{function}"] for function, _label in GuidanceSession.FUNCTIONS}
        took_part = {function: count for function, count in counts.items() if count}
        involved = {who: cleaned[f"involved_{who}"] for who in GuidanceSession.STAKEHOLDERS}
        minutes = cleaned["other_minutes"] if cleaned["minutes"] == OTHER else int(cleaned["minutes"])
        same = {name: cleaned[name] for name in ("held_on", "format", "themes", "sub_goals", *WORDS)}
        return same | {
            "minutes": minutes,
            "took_part": took_part,
            "held_without_count": not took_part,  # a valid form that counts nobody says that it was held
            "involved": {who: ways for who, ways in involved.items() if ways},
        }

    @property
    def chosen_units(self) -> list[Unit]:
        return [unit for unit in self.all_units if unit.pk in self.cleaned_data.get("units", [])]

    @property
    def chosen_supervisors(self) -> list[Supervisor]:
        return [each for each in self.all_supervisors if each.pk in self.cleaned_data["supervisors"]]

    def says_the_same_as(self, session: GuidanceSession) -> bool:
        """Whether a valid form holds what the log holds already."""
        return (
            all(getattr(session, name) == value for name, value in self.facts.items())
            and set(session.units.all()) == set(self.chosen_units)
            and set(session.supervisors.all()) == set(self.chosen_supervisors)
        )

    def typed(self) -> dict[str, list[str]]:
        """What was sent in the form, valid or not: the draft. PostgreSQL stores no NUL."""
        assert isinstance(self.data, QueryDict)  # noqa: S101 – a draft is kept of a form that was sent
        kept = [name for name in self.fields if name in self.data and name not in ANSWERS]
        return {name: [value.replace("\x00", "") for value in self.data.getlist(name)] for name in kept}


def log_form(
    group: GuidanceGroup,
    chosen: Choices,
    *,
    planned: GuidanceSession | None,
    today: date,
    data: Any = None,
    initial: dict[str, Any] | None = None,
) -> LogForm:
    """The form of a new log. The next session is planned in it, unless the municipality has withdrawn."""
    return LogForm(
        data,
        initial=initial,
        group=group,
        chosen=chosen,
        today=today,
        known=known_names(group) if data is not None else (),
        plans=group.participation.withdrawn_at is None,
        coming=next_session.coming(group, today=today, besides=planned),
    )


def correction_form(session: GuidanceSession, *, today: date, data: Any = None) -> LogForm:
    """Filled with what the log says, or with what was sent. The next session is moved on its own page.

    What was worked on need not be written once more where it was struck.
    """
    form = LogForm(
        data,
        initial=None if data is not None else initial_from(session),
        group=session.group,
        chosen=choices(session.group, on=session.held_on, session=session),
        today=today,
        known=known_names(session.group) if data is not None else (),
        plans=False,
    )
    form.fields["worked_on"].required = bool(session.worked_on)
    return form


def known_names(group: GuidanceGroup) -> set[str]:
    """Names that may well stand in a log: the places, the units, and the adults of the project there."""
    participation = group.participation
    return {
        *Municipality.objects.values_list("name", flat=True),
        *participation.units.values_list("name", flat=True),
        *participation.contacts.values_list("name", flat=True),
        *Supervisor.objects.filter(memberships__group=group).values_list("name", flat=True),
    }


def count_field(label: Any) -> CountField:
    return CountField(label=label, required=False, min_value=0, max_value=MAX_COUNT)


def _with_plain_line_breaks(text: str) -> str:
    """A browser sends line breaks as two characters; what was not touched must not look changed."""
    return text.replace("\r\n", "\n").strip()


def initial_from_draft(data: Mapping[str, list[str]]) -> dict[str, Any]:
    """The draft as a form's initial values. A field that is not in it stays empty."""
    several = {
        "themes",
        "sub_goals",
        "units",
        "supervisors",
        *(f"involved_{who}" for who in GuidanceSession.STAKEHOLDERS),
    }
    return {
        name: values if name in several else values[0]
        for name, values in data.items()
        if isinstance(values, list) and values
    }


def initial_from(session: GuidanceSession) -> dict[str, Any]:
    """A log that is sent in, as the correction form shows it. Reads the session's units and supervisors."""
    return {
        **{name: getattr(session, name) for name in ("held_on", "format", "themes", "sub_goals", *WORDS)},
        **length(session.minutes),
        "units": [unit.pk for unit in session.units.all()],
        "supervisors": [each.pk for each in session.supervisors.all()],
        "was_held": session.held_without_count,
        **{f"took_{function}": count for function, count in session.took_part.items()},
        **{f"involved_{who}": ways for who, ways in session.involved.items()},
    }


def length(minutes: int | None) -> dict[str, Any]:
    if minutes is None or minutes in LENGTHS:
        return {"minutes": str(minutes or "")}
    return {"minutes": OTHER, "other_minutes": minutes}
