"""Who takes over, from when, and what."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.todos import Holding
from gatherings.models import Gathering, Registration
from participants.forms import ContactForm, ask_whose
from participants.models import Contact
from parts.dates import day_in_words
from parts.forms import DateInput, EmailField, field
from parts.names import LineField


def starts_on_field(form: forms.BaseForm, *, today: date, last: date | None = None) -> None:
    """The first day of the one who takes over: today, or a day to come."""
    form.fields["starts_on"] = forms.DateField(
        label=_("Fra og med"),
        initial=today,
        widget=DateInput(),
        help_text=_("Er det en dag fram i tid, skjer byttet da. Til da er alt som før."),
        validators=[
            MinValueValidator(today, _("Velg i dag eller en dag fram i tid.")),
            *(
                [MaxValueValidator(last, _("Velg en dag til og med %(day)s.") % {"day": day_in_words(last)})]
                if last
                else []
            ),
        ],
    )


def chosen_field(form: forms.BaseForm, held: Sequence[Holding], *, own: bool = False) -> None:
    """What may be handed over, most of it ticked at first. No field where there is nothing."""
    if not held:
        return
    form.fields["chosen"] = forms.MultipleChoiceField(
        label=_("Dette overtar den nye"),
        choices=[(each.key, f"{each.text}. {each.note}" if each.note else each.text) for each in held],
        initial=[each.key for each in held if each.is_ticked],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Det du ikke krysser av, blir igjen hos deg.")
        if own
        else _("Det du ikke krysser av, blir igjen hos den som slutter."),
    )
    # What somebody else has settled meanwhile is no longer among the choices.
    field(form, "chosen", forms.MultipleChoiceField).error_messages["invalid_choice"] = _(
        "Noe av dette er endret av en annen. Se over lista en gang til."
    )


class SuccessorForm(ContactForm):
    """A contact's successor."""

    def __init__(
        self, *args: Any, contact: Contact, user: User, held: Sequence[Holding], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, participation=contact.participation, contact=contact, user=user, **kwargs)
        starts_on_field(self, today=today, last=contact.participation.cohort.ends_on)
        chosen_field(self, held, own=contact.user_id == user.pk)

    @property
    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {name: cleaned[name] for name in ("name", "email", "phone", "starts_on")} | {
            "chosen": cleaned.get("chosen", [])
        }


class AppointForm(forms.Form):
    """A project leader's successor, or one of the staff's."""

    name = LineField(label=gettext_lazy("Navn"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = EmailField(label=gettext_lazy("E-postadresse"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, held: Sequence[Holding], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        starts_on_field(self, today=today)
        chosen_field(self, held)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_whose(self, cleaned, name="name", email="email")
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {name: cleaned[name] for name in ("name", "email", "starts_on")} | {"chosen": cleaned.get("chosen", [])}


class SwapForm(forms.Form):
    """Who comes instead, and as what."""

    name = LineField(label=gettext_lazy("Navn"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = EmailField(label=gettext_lazy("E-postadresse"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    function = forms.ChoiceField(label=gettext_lazy("Funksjon"))

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"function": registration.function}})
        self.registration = registration
        invited = [
            (value, capfirst(str(label)))
            for value, label in Gathering.AUDIENCE
            if value == registration.function or registration.gathering.invites([value])
            if registration.unit_id or value != Contact.Function.HEAD
        ]
        field(self, "function", forms.ChoiceField).choices = invited

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("email") == self.registration.user.email:
            self.add_error(
                "email", _("Dette er adressen til den som har plassen. Er navnet feil, retter du påmeldingen.")
            )
        else:
            ask_whose(self, cleaned, name="name", email="email")
        return cleaned

    @property
    def person(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "email", "function")}
