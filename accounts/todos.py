from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from parts.dates import day_in_words
from parts.order import alphabetical

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Todo:
    """One thing a person has left to do. The least urgent have no deadline. `other` is another way to be done."""

    title: str
    text: str
    url: str
    button: str
    due_on: date | None = None
    other: str = ""
    other_url: str = ""

    def is_overdue(self, *, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class Holding:
    """One thing that a person has in a function, and that a successor may take over.

    `key` begins with the app's own name for the kind of thing: "gatherings.registration:12". `note` says what does not
    follow. Ticked is what most likely goes with the function.
    """

    key: str
    text: str
    note: str = ""
    is_ticked: bool = True


def keys_of(kind: str, chosen: Iterable[str]) -> list[str]:
    """Of these keys of holdings, those of one kind of thing, each without its beginning."""
    return [key.removeprefix(f"{kind}:") for key in chosen if key.startswith(f"{kind}:")]


def most_urgent_first(todos: list[Todo]) -> list[Todo]:
    return sorted(todos, key=lambda todo: (todo.due_on or date.max, alphabetical(todo.title)))


def of(user: "User", now: datetime) -> list[Todo]:
    """What waits for the person in every app, the most urgent first. No app below can ask them all: settings.TODOS."""
    return import_string(settings.TODOS)(user, now)


def in_lines(todos: Iterable[Todo], *, today: date) -> list[str]:
    """For a mail: what there is to do, and by when."""
    return [_line(todo, today=today) for todo in todos] or [_("Ingenting akkurat nå")]


def _line(todo: Todo, *, today: date) -> str:
    if todo.due_on is None:
        return todo.title
    said = _("%(title)s. Fristen var %(day)s.") if todo.is_overdue(today=today) else _("%(title)s, til og med %(day)s")
    return said % {"title": todo.title, "day": day_in_words(todo.due_on)}
