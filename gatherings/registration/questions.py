"""What a registration form asks back about a row before it stores it: a box to tick, shown when there is a reason to.

A tick holds for what it was asked about alone. When the address or the place is another by the time the form is sent
again, the tick is not one about that.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

SAME_PERSON, ALSO = "same_person", "also"
LABELS = {
    SAME_PERSON: _("Det er samme person"),
    ALSO: _("Personen kommer for begge, på samme plass"),
}


def ask(form: forms.Form, question: str, *, about: str) -> None:
    """Show the box on the form as it is drawn again."""
    box = forms.CheckboxInput(attrs={"value": about})
    form.fields[question] = forms.BooleanField(label=LABELS[question], required=False, widget=box)


def ask_again(form: forms.Form) -> None:
    """Show what was ticked when the form is drawn again for another reason."""
    for question in LABELS:
        ticked = form.data.get(form.add_prefix(question)) if form.is_bound else form.initial.get(question)
        if ticked:
            ask(form, question, about=ticked)


def is_ticked(form: forms.Form, question: str, *, about: str) -> bool:
    return form.data.get(form.add_prefix(question)) == about
