"""What was said of a measure over time, and which deadlines it has had: read from its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from guidance.models import Measure
from guidance.models.measure import said_of, state_of


@dataclass(frozen=True)
class MeasureStatus:
    """How far a measure had come, as somebody reported it, or the deadline that somebody gave it."""

    state: Measure.State
    text: str
    said: Mapping[str, str]
    reported_at: datetime
    reported_by: User | None
    deadline: date
    deadline_before: date | None  # when this change moved it
    is_report: bool  # something other than the deadline is new


def statuses(measure: Measure, *, most: int) -> list[MeasureStatus]:
    """The newest first: from at most so many changes, each when it was new."""
    rows = list(measure.history.select_related("history_user").order_by("-history_date", "-history_id")[:most])
    found = [_of(row, older) for row, older in zip(rows, [*rows[1:], None], strict=True)]
    return [each for each in found if each.is_report or each.deadline_before]


def _of(row: Any, older: Any | None) -> MeasureStatus:
    return MeasureStatus(
        state_of(row),
        row.progress,
        said_of(row),
        row.updated_at,
        row.history_user,
        row.ends_on,
        older.ends_on if older and older.ends_on != row.ends_on else None,
        older is None or _reported(older) != _reported(row),
    )


def _reported(row: Any) -> tuple[Measure.State, str, Mapping[str, str]]:
    return state_of(row), row.progress, said_of(row)
