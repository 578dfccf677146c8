"""The question that a form asks when a text may name a child: the same in every app."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parts.child_names.suspicion import suspicious

ANSWER = "no_children"  # the field of the question
LOOKED_OVER = gettext_lazy("Jeg har sett over teksten. Den navngir ingen barn")
ASKED = gettext_lazy(
    "Det kan se ut som om teksten navngir et barn. Skriv den om, eller kryss av for at du har sett over den."
)
BETWEEN = "|"  # stands in no word that is asked about


class LookedOverField(forms.BooleanField):
    """A tick that holds for the words it was shown with: a name that is typed afterwards is asked about too."""

    says_it_all = True  # what is wrong is said by the message alone: a label before it would say the same twice

    def __init__(self, words: Collection[str] = ()) -> None:
        """Without `words` the page lists them itself."""
        super().__init__(label=LOOKED_OVER, required=False)
        if words:
            self.widget.attrs["value"] = BETWEEN.join(words)
            self.help_text = _("Se på: %(words)s") % {"words": ", ".join(words)}


def ask_about_children(
    form: forms.BaseForm, names: Iterable[str], *, known: Collection[str] = (), of_adults: Iterable[str] = ()
) -> None:
    """Add the question to a form when one of these fields may name a child. To be called by its `clean`.

    The fields `of_adults` are there for an adult's name. A writer who ticks that they have looked it over is believed.
    """
    found = [
        *words_to_look_over((form.cleaned_data.get(name) for name in names), known=known),
        *words_to_look_over((form.cleaned_data.get(name) for name in of_adults), known=known, of_adults=True),
    ]
    if not found:
        return
    form.fields[ANSWER] = LookedOverField(found)
    if not set(found) <= set(str(form.data.get(form.add_prefix(ANSWER), "")).split(BETWEEN)):
        form.add_error(ANSWER, ASKED)


def words_to_look_over(texts: Iterable[Any], *, known: Collection[str] = (), of_adults: bool = False) -> list[str]:
    return suspicious("\n\n".join(str(text or "") for text in texts), known=known, of_adults=of_adults)
