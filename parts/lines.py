"""Names, phones, places and titles are one line, whatever was pasted, and whatever way it came in.

So nobody can write paragraphs of their own into a mail, a letter or a list through them.
"""

from typing import Any

from django import forms
from django.db import models

from parts.names import one_line


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

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": LineField} | kwargs)

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
