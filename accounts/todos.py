from dataclasses import dataclass
from datetime import date


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


def most_urgent_first(todos: list[Todo]) -> list[Todo]:
    return sorted(todos, key=lambda todo: (todo.due_on or date.max, todo.title))
