"""Asking once more before a text that may name a child is stored."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from guidance.child_names import suspicious

ANSWER = "no_children"


def ask(form: forms.Form, names: Iterable[str]) -> None:
    """To be called by a form's `clean`: a question is added when one of these fields may name a child.

    Whoever has ticked that they looked it over is believed.
    """
    text = "\n\n".join(str(form.cleaned_data.get(name, "")) for name in names)
    found = suspicious(text, known=())
    if not found:
        return
    form.fields[ANSWER] = forms.BooleanField(
        label=_("Jeg har sett over teksten: den navngir ingen barn"),
        required=False,
        help_text=_("Se på: %(words)s") % {"words": ", ".join(found)},
    )
    if not form.data.get(ANSWER):
        form.add_error(ANSWER, _("Teksten kan se ut til å navngi et barn. Skriv den om, eller kryss av."))
