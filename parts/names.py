"""Names and texts as people look for them and as they are set: found however typed, on one line."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

SPELT = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa"})
# Drawn as nothing, though Unicode counts them as marks or letters: a joiner, and the fillers of Hangul and Khmer.
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
# A text this long is hardly part of another one by chance. A shorter one goes only where it is all that stands there.
TELLING = 20


def plain(text: str) -> str:
    """Letters alike however they are typed: Bjørn, Bjoern and BJORN; Åse, Aase and ase; Renée and Renee."""
    spelt = unicodedata.normalize("NFC", text).casefold().translate(SPELT)
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter))
    return letters.replace("ae", "a").replace("oe", "o").replace("aa", "a")


def same_person(first: str, second: str) -> bool:
    """Whether these may be one person's name: alike but for blanks, capitals, marks and which of them comes first."""
    return _words(first) == _words(second)


def _words(name: str) -> list[str]:
    return sorted(re.findall(r"\w+", plain(one_line(name))))


def joined(names: Iterable[str]) -> str:
    """Anne, Berit og Carl, in the language that is active."""
    return get_text_list(list(names), _("og"))


def visible(text: str) -> str:
    """The text in composed letters (NFC), without what can't be seen. What ends a line, or is no letter, is a blank."""
    return unicodedata.normalize("NFC", "".join(map(_seen, text)))


def one_line(text: str) -> str:
    """One line of printable text, which cannot end a mail's header.

    What is typed may have been pasted with line breaks, tabs or invisible characters.
    """
    return " ".join(visible(text).split())


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character in UNSEEN or "\ufe00" <= character <= "\ufe0f":  # variants of the one before
        return ""
    return " " if category in ("Cc", "Cs", "Zl", "Zp") else character


def without(value: Any, texts: Collection[str]) -> Any:
    """The same value with none of these texts in it. Goes through lists and dicts; the value itself is not changed."""
    if isinstance(value, dict):
        return {key: without(each, texts) for key, each in value.items()}
    if isinstance(value, list):
        return [without(each, texts) for each in value]
    if not isinstance(value, str):
        return value
    for text in texts:
        value = _without_one(value, text)
    return value


def _without_one(value: str, text: str) -> str:
    """Line breaks are two characters in what a browser sends, and one in what is stored."""
    plain, text = value.replace("\r\n", "\n"), text.replace("\r\n", "\n").strip()
    if not text or text not in plain:
        return value
    if plain.strip() == text:
        return ""
    return plain.replace(text, "") if len(text) >= TELLING else value


class LineField(forms.CharField):
    """One line in a form. What ends a line or cannot be seen becomes a blank or goes; a NUL is refused."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str) or "\0" in text:
            return text
        return one_line(text) or self.empty_value


class OneLineField(models.CharField):
    """One line in the database. Looked up by it, too."""

    def deconstruct(self) -> Any:
        """As the column it is: what folds the text is the code's, so no migration knows it."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def formfield(
        self,
        form_class: type[forms.Field] | None = None,
        choices_form_class: type[forms.ChoiceField] | None = None,
        **kwargs: Any,
    ) -> forms.Field | None:
        return super().formfield(form_class=form_class or LineField, choices_form_class=choices_form_class, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return one_line(text) if isinstance(text, str) else text

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return one_line(text) if isinstance(text, str) else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value
