"""A municipality that was nominated says yes or no: which day, and who said so."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from outbox.effects import Section
from participants.models import Participation
from parts.dates import PROJECT_BEGAN, day_in_words
from parts.forms import DateInput
from parts.names import LineField, one_line


class AcceptForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Hvilken dag takket kommunen ja?"), widget=DateInput())
    said_by = LineField(
        label=gettext_lazy("Hvem svarte for kommunen?"),
        max_length=200,
        help_text=gettext_lazy("Navn og stilling, for eksempel Kari Nordmann, kommunalsjef."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].validators += [
            MinValueValidator(PROJECT_BEGAN, _("Datoen er før prosjektet begynte.")),
            MaxValueValidator(today, _("Datoen kan ikke være fram i tid.")),
        ]

    def clean_said_by(self) -> str:
        return one_line(self.cleaned_data["said_by"])


class DeclineForm(AcceptForm):
    on = forms.DateField(label=gettext_lazy("Hvilken dag takket kommunen nei?"), widget=DateInput())
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor takket kommunen nei?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Feltet kan stå tomt. Utdanningsdirektoratet og statsforvalteren leser det."),
    )


@transaction.atomic
def accept(participation: Participation, *, on: date, said_by: str, by: User, now: datetime) -> Participation:
    """Only the first time counts: the row is locked, and read again."""
    stored = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    stored.accept(by=by, now=now, on=on, said_by=said_by)
    return stored


@transaction.atomic
def decline(
    participation: Participation, *, on: date, said_by: str, reason: str, by: User, now: datetime
) -> Participation:
    """Only the first answer counts: the row is locked, and read again."""
    participation.decline(on=on, said_by=said_by, reason=reason, by=by, now=now)
    return Participation.objects.get(pk=participation.pk)


def declined_sections(stored: Participation) -> Sequence[Section]:
    said = _("%(name)s takket nei %(day)s. Svaret kom fra %(who)s.")
    values = {
        "name": stored.municipality.name,
        "day": day_in_words(stored.declined_on),
        "who": stored.declined_said_by,
    }
    return [
        (_("Svaret"), [said % values, *([stored.declined_reason] if stored.declined_reason else [])]),
        (
            _("Dette følger"),
            [
                _("Kommunen regnes ikke med i pulja, og får ingen e-post"),
                _("Embetet får ikke flere påminnelser om denne nominasjonen"),
                _("Var det feil, kan de ansatte i Utdanningsdirektoratet angre det"),
            ],
        ),
    ]


def sections(stored: Participation) -> Sequence[Section]:
    said = _("%(name)s takket ja %(day)s. Svaret kom fra %(who)s.")
    values = {
        "name": stored.municipality.name,
        "day": day_in_words(stored.accepted_on),
        "who": stored.accepted_said_by,
    }
    return [
        (_("Svaret"), [said % values]),
        (
            _("Dette følger"),
            [
                _("De ansatte i Utdanningsdirektoratet ser svaret på sin side, og sender velkomstbrevet"),
                _("Embetet får ikke flere påminnelser om denne nominasjonen"),
            ],
        ),
    ]
