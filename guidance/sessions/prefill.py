"""What a log most likely says, filled in beforehand: from the planned session, else from the last one held there.

How many took part, themes, sub-goals and involvement are left open. Udir's figures rest on what was typed and chosen.
"""

from datetime import date
from typing import Any

from django.db.models import Model

from accounts.models import User
from guidance.models import GuidanceGroup, GuidanceSession
from guidance.sessions.forms import Choices
from guidance.sessions.log_form import length

USUAL_MINUTES = 60


def prefill(
    group: GuidanceGroup,
    planned: GuidanceSession | None,
    chosen: Choices,
    *,
    user: User,
    today: date,
) -> dict[str, Any]:
    """The initial values of a form that chooses from `chosen`."""
    last = group.sessions.held().filter(held_on__lte=today).first()
    # What the planned session says goes first, then what the last one did.
    asked = [session for session in (planned, last) if session]
    unit_keys = _related(GuidanceSession.units.through, "unit_id", asked)
    held_by = _related(GuidanceSession.supervisors.through, "supervisor_id", [planned] if planned else [])
    own = {each.pk for each in chosen.supervisors if each.user_id == user.pk}
    possible = {each.pk for each in chosen.supervisors}
    all_units = [unit.pk for unit in chosen.units]
    format = planned.format if planned else last.format if last else GuidanceSession.Format.VISIT
    minutes = next((session.minutes for session in asked if session.minutes), USUAL_MINUTES)
    return {
        "held_on": min(planned.held_on, today) if planned else today,
        "format": format,
        **length(minutes),
        # With a single unit, it is that one.
        "units": unit_keys or (all_units if len(all_units) == 1 else []),
        "supervisors": sorted((set(held_by) & possible) | own),
        "next_format": format,
    }


def _related(through: type[Model], key: str, sessions: list[GuidanceSession]) -> list[int]:
    """The related keys of the first of these sessions that has any, in one query for all of them."""
    if not sessions:
        return []
    found: dict[int, list[int]] = {}
    rows = through._default_manager.filter(guidancesession__in=sessions)
    for session, row in rows.values_list("guidancesession", key):
        found.setdefault(session, []).append(row)
    return next((found[session.pk] for session in sessions if session.pk in found), [])
