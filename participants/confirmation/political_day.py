"""When the political level was informed: which days can't be, and which are asked about."""

from datetime import date, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from participants.models import Participation
from parts.dates import PROJECT_BEGAN, day_in_words, is_working_day

ANSWER = "political_sure"  # the field of the question
# A municipality is nominated and accepted in the year before its pulje begins.
EARLY = timedelta(days=365)


class SureField(forms.BooleanField):
    """A tick that holds for the day it was shown with."""

    says_it_all = True  # what is doubtful is said by the message alone

    def __init__(self, day: date) -> None:
        super().__init__(label=_("Ja, datoen er riktig"), required=False)
        self.widget.attrs["value"] = day.isoformat()


def limits(today: date) -> list:
    return [
        MinValueValidator(PROJECT_BEGAN, _("Datoen er før prosjektet begynte.")),
        MaxValueValidator(today, _("Datoen kan ikke være fram i tid.")),
    ]


def ask(form: forms.BaseForm, day: date | None, *, participation: Participation) -> None:
    """Ask about a day that may be a typing error, until a tick says that it is right. For a form's `clean`.

    What is stored already has been answered for.
    """
    doubt = _doubt(day, cohort_begins=participation.cohort.starts_on) if day else ""
    if day is None or not doubt or day == participation.political_informed_on:
        return
    form.fields[ANSWER] = SureField(day)
    names = [name for name in form.fields if name != ANSWER]
    names.insert(names.index("political_on") + 1, ANSWER)
    form.order_fields(names)
    if form.data.get(form.add_prefix(ANSWER)) != day.isoformat():
        form.add_error(ANSWER, doubt)


def _doubt(day: date, *, cohort_begins: date) -> str:
    words = {"day": capfirst(day_in_words(day))}
    if day < cohort_begins - EARLY:
        return (
            _("%(day)s er mer enn ett år før pulja begynte. Rett datoen, eller kryss av for at den er riktig.") % words
        )
    if not is_working_day(day):
        return _("%(day)s er ikke en arbeidsdag. Rett datoen, eller kryss av for at den er riktig.") % words
    return ""
