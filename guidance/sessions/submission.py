"""Sending in a log, once. Whoever calls holds the group's row, so that nobody else sends one for it meanwhile."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from guidance.models import GuidanceGroup, GuidanceSession, LogDraft
from guidance.sessions.log_form import LogForm

# What the writer can answer when something is in the way.
SEPARATE, FOR_PLANNED = "separate", "for_planned"


@dataclass(frozen=True)
class Met:
    """What a log meets on its way in.

    `clash` is "same" (that very log is there), "taken" (the session is logged), "cancelled", "planned" (another session
    is planned on the day) or "held" (one was held on it), and `other` the session it is about. Without a clash it is
    the log of `planned`, or of a new session.
    """

    clash: str = ""
    other: GuidanceSession | None = None
    planned: GuidanceSession | None = None


def meet(group: GuidanceGroup, planned: GuidanceSession | None, form: LogForm, *, action: str | None, by: User) -> Met:
    if planned and (planned.submitted_at or planned.cancelled_at):
        if _is_own_and_same(planned, form, by=by):
            return Met("same", planned)
        if action != SEPARATE:
            return Met("taken" if planned.submitted_at else "cancelled", planned)
    elif planned:
        return Met(planned=planned)
    return _on_the_day(group, form, action=action, by=by) if form.is_valid() else Met()


def _on_the_day(group: GuidanceGroup, form: LogForm, *, action: str | None, by: User) -> Met:
    """A log that belongs to no planned session: is it of one that others know of?"""
    same_day = group.sessions.filter(held_on=form.cleaned_data["held_on"])
    held, waiting = list(same_day.held()), same_day.planned().first()
    if same := next((session for session in held if _is_own_and_same(session, form, by=by)), None):
        return Met("same", same)
    if waiting and action == FOR_PLANNED:
        return Met(planned=waiting)
    if action == SEPARATE or form.cleaned_data["another"]:
        return Met()
    if waiting:
        return Met("planned", waiting)
    return Met("held", held[0]) if held else Met()


def _is_own_and_same(session: GuidanceSession, form: LogForm, *, by: User) -> bool:
    return session.submitted_by_id == by.pk and form.is_valid() and form.says_the_same_as(session)


def send(
    group: GuidanceGroup,
    *,
    planned: GuidanceSession | None,
    form: LogForm,
    token: uuid.UUID,
    by: User,
    now: datetime,
) -> GuidanceSession:
    """The log of the planned session, else of a new one; then what was agreed for the next time. The draft is done."""
    session = planned or GuidanceSession(group=group)
    session.submit(
        token=token,
        facts=form.facts,
        units=form.chosen_units,
        supervisors=form.chosen_supervisors,
        by=by,
        now=now,
    )
    plan_next(session, form=form, by=by, now=now)
    drafts = LogDraft.objects.filter(user=by)
    drafts.filter(token=token).delete()
    if planned:
        drafts.filter(session=planned).delete()
    return session


def plan_next(session: GuidanceSession, *, form: LogForm, by: User, now: datetime) -> GuidanceSession | None:
    """The next session, unless there is one on that day already."""
    next_on = form.cleaned_data.get("next_on")
    if not next_on or session.group.sessions.filter(held_on=next_on, cancelled_at__isnull=True).exists():
        return None
    return GuidanceSession.plan(
        group=session.group,
        held_on=next_on,
        starts_at=form.cleaned_data["next_at"],
        format=form.cleaned_data["next_format"] or session.format,
        units=form.chosen_units,
        supervisors=form.chosen_supervisors,
        by=by,
        now=now,
        planned_in=session,
    )
