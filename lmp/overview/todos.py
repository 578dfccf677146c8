"""What waits for a person, of all apps."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.todos import Todo, most_urgent_first
from gatherings import todos as gatherings_todos
from guidance import todos as guidance_todos
from lmp.changes.succession import waiting as successions_waiting
from participants import todos as participants_todos
from participants.functions import Functions, functions


def of(user: User, now: datetime) -> list[Todo]:
    """The list alone, for a mail: settings.TODOS."""
    return found(user, now, mine=functions(user))["todos"]


def found(user: User, now: datetime, *, mine: Functions) -> dict[str, Any]:
    """What waits for this person in every app, the most urgent first; and what follows from the same queries.

    That is the gatherings they come to, whether they supervise anywhere, and whether they lead the guidance.
    """
    units = participants_todos.units(mine, now)
    waiting = participants_todos.todos(mine, now, units=units)
    about_gatherings, coming = gatherings_todos.todos(user, now, units=units)
    seats = successions_waiting.todos(mine, today=timezone.localdate(now))
    about_guidance, supervises, leads = guidance_todos.todos(user, now, mine=mine)
    return {
        "todos": most_urgent_first([*waiting, *about_gatherings, *about_guidance, *seats]),
        "coming": coming,
        "nobody_comes": gatherings_todos.nobody_comes(units, today=timezone.localdate(now)),
        "supervises": supervises,
        "leads_guidance": leads or user.is_staff,
    }
