"""What the forms of every app are built of."""

from typing import Any, TypeVar

from django import forms

F = TypeVar("F", bound=forms.Field)


class EmailField(forms.EmailField):
    """As long as the address of a person may be, in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254} | kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").lower()


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def field(form: forms.BaseForm, name: str, kind: type[F]) -> F:
    """A form's own field, as the kind of field that it is."""
    found = form.fields[name]
    if not isinstance(found, kind):
        raise TypeError(f"{name} is a {type(found).__name__}")
    return found


def number_from(text: str) -> int | None:
    """The key or count that an address or a hidden field gives; None for anything else, or more than a key can be."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
