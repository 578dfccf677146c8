"""What a query adds to a row, with its type: the model does not declare it."""

from typing import TypeVar

from django.db.models import Model

T = TypeVar("T")


def annotated(row: Model, name: str, kind: type[T]) -> T:
    """The annotation `name`. TypeError when the query that loaded the row did not make it, or made something else."""
    value = getattr(row, name, None)
    if not isinstance(value, kind):
        raise TypeError(f"{name} of {row!r} is {value!r}")
    return value
