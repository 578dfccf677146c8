"""The forms of a session to come: planned, planned otherwise, cancelled."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.models import GuidanceGroup, GuidanceSession, SessionChange
from guidance.sessions.forms import Choices, choices_of, format_field, latest_day, time_field
from guidance.sessions.plan_wording import how_long
from parts.child_names.question import ask_about_children
from parts.dates import day_in_words
from parts.forms import DateInput, field
from parts.names import LineField

LENGTHS = [30, 45, 60, 90, 120, 150, 180, 240, 300, 360]
FIELDS = {field.name: field for field in GuidanceSession._meta.fields}
USUAL = gettext_lazy("Det vanlige: besøk 2 timer, video 1 time, telefon 30 minutter")


def reason_field(*, required: bool) -> forms.CharField:
    return LineField(
        label=gettext_lazy("Hvorfor?"),
        required=required,
        max_length=SessionChange._meta.get_field("reason").max_length,
        help_text=gettext_lazy("Én linje. Alle som får beskjed om møtet, leser den. Skriv aldri navn på barn."),
        error_messages={"required": gettext_lazy("Skriv hvorfor. De som skulle ha kommet, får vite det.")},
    )


class PlanSessionForm(forms.Form):
    """When, where, how long and with whom."""

    held_on = forms.DateField(label=gettext_lazy("Dato"), widget=DateInput())
    starts_at = time_field()
    format = format_field()
    minutes = forms.TypedChoiceField(label=gettext_lazy("Varighet"), coerce=int, required=False, empty_value=None)
    place = LineField(
        label=gettext_lazy("Sted"),
        required=False,
        max_length=FIELDS["place"].max_length,
        help_text=gettext_lazy("Bygg og rom, eller adressen."),
    )
    video_link = forms.URLField(
        label=gettext_lazy("Lenke til videomøtet"),
        required=False,
        max_length=FIELDS["video_link"].max_length,
        assume_scheme="https",
        help_text=gettext_lazy("Lim inn lenken fra Teams eller det dere bruker. Den går ut i e-post og kalender."),
        error_messages={"invalid": gettext_lazy("Lenken er ikke hel. Kopier hele, fra https://.")},
    )
    units = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Enheter"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Styrere og rektorer i enhetene som er krysset av, får innkalling."),
    )
    supervisors = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Veiledere"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, group: GuidanceGroup, chosen: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group, self.today = group, today
        self.all_units, self.all_supervisors = chosen.units, chosen.supervisors
        planned = self.initial.get("minutes")
        lengths = sorted({*LENGTHS, *([planned] if planned else [])})
        field(self, "minutes", forms.TypedChoiceField).choices = [
            ("", USUAL),
            *((minutes, how_long(minutes)) for minutes in lengths),
        ]
        field(self, "units", forms.TypedMultipleChoiceField).choices = choices_of(self.all_units)
        field(self, "supervisors", forms.TypedMultipleChoiceField).choices = choices_of(self.all_supervisors)
        if not self.all_units:
            del self.fields["units"]

    def clean_held_on(self) -> date:
        held_on = self.cleaned_data["held_on"]
        if held_on < self.today:
            raise forms.ValidationError(_("Datoen er passert."))
        if held_on > latest_day(self.group, today=self.today):
            raise forms.ValidationError(_("Datoen er etter at pulja er ferdig."))
        return held_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        held_on = cleaned.get("held_on")
        for unit in self.all_units:
            if held_on and unit.pk in cleaned.get("units", []) and not unit.is_active(today=held_on):
                self.add_error(
                    "units",
                    _("%(unit)s legges ned %(day)s, før møtet.") % {"unit": unit, "day": day_in_words(unit.closed_on)},
                )
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        facts = {name: self.cleaned_data[name] for name in GuidanceSession.PLANNED}
        usual = GuidanceSession.USUAL_MINUTES[GuidanceSession.Format(facts["format"])]
        return facts | {"minutes": facts["minutes"] or usual}

    @property
    def people(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "units": [unit for unit in self.all_units if unit.pk in cleaned.get("units", [])],
            "supervisors": [each for each in self.all_supervisors if each.pk in cleaned["supervisors"]],
        }


class ChangePlanForm(PlanSessionForm):
    """The same of one that is planned, and why it is changed. `version`: what the person who changes it saw."""

    reason = reason_field(required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: GuidanceSession, **kwargs: Any) -> None:
        initial = {name: getattr(session, name) for name in GuidanceSession.PLANNED}
        initial["units"] = [unit.pk for unit in session.units.all()]
        initial["supervisors"] = [supervisor.pk for supervisor in session.supervisors.all()]
        initial["version"] = session.calendar_version
        super().__init__(*args, group=session.group, initial=initial, **kwargs)
        self.session = session
        self.fields["reason"].help_text = _(
            "Du må skrive hvorfor når du flytter møtet. Alle som får vite det, leser det. Skriv aldri navn på barn."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        when = [cleaned.get(name) for name in ("held_on", "starts_at")]
        moves = "held_on" in cleaned and when != [self.session.held_on, self.session.starts_at]
        if moves and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Skriv hvorfor møtet flyttes. De som skal være med, får vite det."))
        ask_about_children(self, ["reason"])
        return cleaned

    @property
    def has_changed_the_plan(self) -> bool:
        people = {name: {each.pk for each in chosen} for name, chosen in self.people.items()}
        facts: dict[str, Any] = {name: getattr(self.session, name) for name in GuidanceSession.PLANNED}
        facts["minutes"] = self.session.length
        return facts != self.facts or any(people[name] != set(self.initial[name]) for name in people)

    @property
    def has_missed_a_change(self) -> bool:
        """Whether somebody has changed the session otherwise since this person saw it."""
        return self.has_changed_the_plan and self.cleaned_data.get("version") != self.session.calendar_version

    def show_the_change(self, typed: QueryDict) -> None:
        """From now on the person has seen it. What they typed stays."""
        data = typed.copy()
        data["version"] = str(self.session.calendar_version)
        self.data = data


class CancelSessionForm(forms.Form):
    reason = reason_field(required=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["reason"])
        return cleaned
