"""The deadlines of a gathering that moves, when they move along with it."""

from datetime import date, timedelta

from gatherings.models import Gathering
from parts.dates import is_working_day, working_day

# Which way a deadline goes when it would come on a day off. Who orders for the hotel has no less time than before.
STEPS = {"opens_on": 1, "closes_on": -1, "travel_closes_on": -1}


def moved_along(before: Gathering, *, starts_on: date, today: date | None = None) -> dict[str, date]:
    """The last day and the deadlines, by the names of their fields, as far away from the new first day as before.

    A deadline on a working day stays on one. One that was set on a day off is moved as it is. Registration that has
    opened by today stays open.
    """
    if before.starts_on is None:
        return {}
    by = starts_on - before.starts_on
    moved = {name: _moved(getattr(before, name), by, step) for name, step in STEPS.items() if getattr(before, name)}
    if before.ends_on:
        moved["ends_on"] = before.ends_on + by
    if today and before.opens_on and before.opens_on <= today:
        moved.pop("opens_on")
    if "opens_on" in moved and "closes_on" in moved:
        moved["opens_on"] = min(moved["opens_on"], moved["closes_on"])
    return moved


def _moved(day: date, by: timedelta, step: int) -> date:
    return working_day(day + by, step=step) if is_working_day(day) else day + by
