"""What the forms of every app are built of, where a form leads when it is done, and what is said there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import time
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect

from parts.addresses import canonical

F = TypeVar("F", bound=forms.Field)

# The buttons of a page that shows what a form does before it is saved.
CONFIRMED, BACK = "_confirmed", "_back"
NOT_CARRIED = {"csrfmiddlewaretoken", CONFIRMED, BACK}

# What was typed in a form, on its way through a change of language. The field that draws itself asks (lmp/renderer.py).
_typed: ContextVar[QueryDict | None] = ContextVar("typed", default=None)


class EmailField(forms.EmailField):
    """As long as the address of a person may be, in its canonical form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254} | kwargs)

    def to_python(self, value: Any) -> str:
        return canonical(super().to_python(value) or "")


class CountField(forms.IntegerField):
    """A whole number, as people write it: with blanks between the thousands too."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class TimeField(forms.TimeField):
    """An hour as people type it: 10.00, 10:00, 1000, 930, 10, kl. 10.00."""

    TYPED = re.compile(r"(?:kl\.?\s*)?([0-9]{1,2})(?:[.:]?([0-9]{2}))?", re.IGNORECASE)

    def to_python(self, value: Any) -> time | None:
        typed = self.TYPED.fullmatch(value.strip()) if isinstance(value, str) else None
        return super().to_python(f"{typed[1]}:{typed[2] or '00'}" if typed else value)


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


def go(request: HttpRequest, address: str) -> HttpResponse:
    """A script that sends the form asks where to go on, for it can't tell where a redirect leads."""
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"to": address})
    return redirect(address)


def say(request: HttpRequest, text: str, *, level: int = messages.SUCCESS) -> None:
    """Say it on the next page: once, also when the answer was lost and the form was sent again."""
    waiting = messages.get_messages(request)
    is_said = text in [str(message) for message in waiting]
    if isinstance(waiting, BaseStorage):
        waiting.used = False  # looked at, and still to be shown
    if not is_said:
        messages.add_message(request, level, text)


def carried(data: QueryDict) -> list[tuple[str, str]]:
    """What a page in between carries on of the form that led to it."""
    return [(name, value) for name, values in data.lists() if name not in NOT_CARRIED for value in values]


def is_asked(request: HttpRequest) -> bool:
    """Whether a valid form is to be shown with what it does, and neither saved nor gone back to."""
    return request.method == "POST" and not {CONFIRMED, BACK} & request.POST.keys()


def is_confirmed(request: HttpRequest) -> bool:
    return request.method == "POST" and CONFIRMED in request.POST


@contextmanager
def restoring(typed: QueryDict) -> Iterator[None]:
    """While this lasts, forms are drawn with what was typed in them."""
    token = _typed.set(typed)
    try:
        yield
    finally:
        _typed.reset(token)


@contextmanager
def more_rows(sent: QueryDict, prefix: str, *, most: int, by: int = 3) -> Iterator[None]:
    """While this lasts, a formset is drawn as it was sent, and not judged, with more rows."""
    typed = sent.copy()
    had = number_from(typed.get(f"{prefix}-TOTAL_FORMS", "")) or 0
    typed[f"{prefix}-TOTAL_FORMS"] = str(min(had + by, most))
    with restoring(typed):
        yield


def typed_in(form: forms.BaseForm) -> QueryDict | None:
    """What was typed, if this form was among what was sent. One that has been sent in itself says more than that."""
    typed = _typed.get()
    if typed is None or form.is_bound or not any(form.add_prefix(name) in typed for name in form.fields):
        return None
    return typed


def restored_rows(prefix: str | None, *, most: int) -> int:
    """How many rows a formset had on the page; 0 when nothing is being restored."""
    typed = _typed.get()
    said = typed.get(f"{prefix}-TOTAL_FORMS", "") if typed else ""
    return min(int(said), most) if said.isascii() and said.isdecimal() and len(said) < 5 else 0
