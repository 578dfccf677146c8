from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lmp.board.filter import QuickSelect
from lmp.mailcalendar import places
from lmp.mailcalendar.narrowing import day_field
from lmp.mailcalendar.pausing import Place
from outbox.pauses import rules
from participants.models import Cohort, Participation
from parts.child_names.question import ask_about_children
from parts.dates import end_of, midnight
from parts.names import one_line
from parts.order import alphabetical


class PauseForm(forms.Form):
    """Which reminder is off, where, why and for how long."""

    sted = forms.ChoiceField(label=gettext_lazy("Hvor"), widget=QuickSelect)
    regel = forms.ChoiceField(label=gettext_lazy("Påminnelse"), widget=forms.RadioSelect)
    grunn = forms.CharField(
        label=gettext_lazy("Grunn"),
        max_length=300,
        help_text=gettext_lazy("Ansatte og prosjektlederne ser den. Skriv aldri navn på barn."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    fra = day_field(gettext_lazy("Fra og med"), gettext_lazy("La feltet stå tomt hvis det gjelder fra nå av."))
    til = day_field(
        gettext_lazy("Til og med"), gettext_lazy("La feltet stå tomt hvis det gjelder til noen slår den på igjen.")
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.today = now, timezone.localdate(now)
        going_on = [each for each in Cohort.objects.order_by("-number") if each.ends_on >= self.today]
        there = Participation.objects.filter(cohort__in=going_on).select_related("municipality__county", "cohort")
        self._choose(
            "sted",
            [
                ("", _("Velg pulje eller kommune")),
                *((places.name_of(each), _("Hele %(cohort)s") % {"cohort": str(each).lower()}) for each in going_on),
                *((places.name_of(each), str(each)) for each in sorted(there, key=_by_name)),
            ],
        )
        self._choose("regel", [(name, str(rule.title)) for name, rule in rules().items()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean_grunn(self) -> str:
        return one_line(self.cleaned_data["grunn"])

    def clean_fra(self) -> date | None:
        day = self.cleaned_data["fra"]
        if day and day < self.today:
            raise forms.ValidationError(_("Datoen er passert. Velg i dag eller en senere dag."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("fra") or self.today, cleaned.get("til")
        if last and last < first:
            self.add_error("til", _("Siste dag kan ikke være før første dag."))
        ask_about_children(self, ["grunn"])
        return cleaned

    @property
    def place(self) -> Place | None:
        return places.named(self.cleaned_data["sted"])

    @property
    def facts(self) -> dict[str, Any]:
        """What `pausing.pause` is told."""
        chosen = self.cleaned_data
        first, last = chosen["fra"], chosen["til"]
        return {
            "rule": chosen["regel"],
            "reason": chosen["grunn"],
            "begins_at": midnight(first) if first and first > self.today else self.now,
            "ends_at": end_of(last) if last else None,
        }


def _by_name(participation: Participation) -> Any:
    return alphabetical(participation.municipality.name), -participation.cohort.number
