from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.models import Registration
from guidance.withdrawal import Room
from lmp.changes.withdrawal import wording
from participants.models import Confirmation, Participation
from participants.models.withdrawal import REASON_LENGTH
from parts.dates import PROJECT_BEGAN
from parts.forms import DateInput, field
from parts.names import LineField, joined


class _DayAndReasonForm(forms.Form):
    day = forms.DateField(widget=DateInput())
    reason = LineField(
        label=gettext_lazy("Begrunnelse"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("Står på siden til kommunen og i e-posten. Skriv ingenting om enkeltpersoner."),
    )

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("Datoen må være i dag eller tidligere."))
        if day < PROJECT_BEGAN:
            raise ValidationError(_("Datoen er før prosjektet begynte."))
        return day


class WithdrawForm(_DayAndReasonForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("Fra hvilken dag?")
        self.fields["day"].help_text = _("Dagen kommunen bestemte seg.")


class ReturnForm(_DayAndReasonForm):
    """The rest is asked only where there is something to decide."""

    due_on = forms.DateField(
        label=gettext_lazy("Ny frist for å bekrefte"),
        widget=DateInput(),
        help_text=gettext_lazy("Siste dag kommunen kan svare."),
    )
    stay = forms.MultipleChoiceField(
        label=gettext_lazy("Veiledere som går videre i kommunen"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("De du ikke krysser av, går ut av veiledergruppa."),
    )
    again = forms.MultipleChoiceField(
        label=gettext_lazy("Meld på igjen"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("De ble meldt av. Nå kommer de sist på ventelista, og får plass bare der det er ledig."),
    )

    both = forms.BooleanField(label=gettext_lazy("Ja, kommunen er med i begge"))

    def __init__(
        self,
        *args,
        elsewhere: Sequence[Participation],
        asked: Confirmation | None,
        rooms: Sequence[Room],
        could_come: Sequence[Registration],
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("Med igjen fra hvilken dag?")
        self._members = {str(room.member.pk): room.member for room in rooms}
        self.could_come = could_come
        self._choose("stay", [(str(room.member.pk), wording.room_label(room)) for room in rooms])
        self._choose("again", [(str(one.pk), wording.person(one)) for one in could_come])
        self.initial.setdefault("stay", [str(room.member.pk) for room in rooms if room.is_there])
        if not elsewhere:
            del self.fields["both"]
        else:
            cohorts = joined(str(other.cohort).lower() for other in elsewhere)
            self.fields["both"].help_text = _("Kommunen er også med i %(cohorts)s, som pågår.") % {"cohorts": cohorts}
        if asked is None:
            del self.fields["due_on"]
        elif asked.due_on >= timezone.localdate():
            self.initial.setdefault("due_on", asked.due_on)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            field(self, name, forms.MultipleChoiceField).choices = choices
        else:
            del self.fields[name]

    def clean_due_on(self) -> date:
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("Fristen må være i dag eller senere."))
        return day

    @property
    def facts(self) -> dict[str, Any]:
        """What was chosen, as `change.come_back` takes it."""
        chosen = self.cleaned_data
        return {
            "returned_on": chosen["day"],
            "reason": chosen["reason"],
            "due_on": chosen.get("due_on"),
            "stay": [self._members[key] for key in chosen.get("stay", [])],
            "again": [one for one in self.could_come if str(one.pk) in chosen.get("again", [])],
        }
