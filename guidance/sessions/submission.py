"""Receive a log once, however often its form arrives.

The caller has locked the group, so what is found here stays true until the answer is given.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from guidance.models import GuidanceGroup, GuidanceSession, LogDraft, SessionChange
from guidance.sessions import next_session
from guidance.sessions.forms import Choices, choices
from guidance.sessions.log_form import LogForm, log_form
from parts.forms import number_from


class Action(StrEnum):
    """The buttons of the page; the last three answer a conflict."""

    SEND = "send"
    DRAFT = "draft"
    DISCARD = "discard"
    AS_LAST = "as_last"  # fills in who took part as the last time, and sends nothing
    NOT_HELD = "not_held"  # nobody was there, and so there is no log
    CORRECT = "correct"
    SEPARATE = "separate"  # it is a session of its own
    FOR_PLANNED = "for_planned"  # it is the session that is planned on the day


@dataclass(frozen=True)
class Conflict:
    """Another session that is in the log's way."""

    class Kind(StrEnum):
        TAKEN = "taken"  # the session is logged
        CANCELLED = "cancelled"
        WITHDRAWN = "withdrawn"  # its log was taken back
        PLANNED = "planned"  # a session is planned on the day
        HELD = "held"  # a session was logged on the day

    kind: Kind
    session: GuidanceSession
    of_day: tuple[GuidanceSession, ...] = ()  # all that were logged on the day


@dataclass
class Submission:
    """A log as it was sent."""

    group: GuidanceGroup
    planned: GuidanceSession | None  # the session of the page; None where nobody planned one
    form: LogForm
    token: uuid.UUID
    received: GuidanceSession | None  # the log that this very form has become before
    action: str
    corrects: int | None  # the log of the day that it is chosen as a correction of
    by: User
    now: datetime

    def is_received(self) -> bool:
        """Whether the log that the form has become says what the form says now."""
        return bool(self.received and self.form.is_valid() and self.form.says_the_same_as(self.received))

    def find_twin(self) -> GuidanceSession | None:
        """The person's own log with the same text, sent in from another form."""
        if not self.form.is_valid() or (self.planned and not self.planned.is_settled):
            return None
        if self.planned:
            if self._is_twin(self.planned):
                return self.planned
            if self.action != Action.SEPARATE:
                return None
        return next((session for session in self._held if self._is_twin(session)), None)

    def find_conflict(self) -> Conflict | None:
        if self.planned and self.action != Action.SEPARATE:
            return conflict_with(self.planned)
        if not self.form.is_valid() or self.action == Action.SEPARATE or self.form.cleaned_data["another"]:
            return None
        if self._waiting:
            return None if self.action == Action.FOR_PLANNED else Conflict(Conflict.Kind.PLANNED, self._waiting)
        return Conflict(Conflict.Kind.HELD, self._held[0], tuple(self._held)) if self._held else None

    def find_corrected(self, conflict: Conflict) -> GuidanceSession | None:
        """The log that it is a correction of, where the person has said so: of several on a day, the one they chose."""
        if self.action != Action.CORRECT or conflict.kind not in (Conflict.Kind.TAKEN, Conflict.Kind.HELD):
            return None
        if len(conflict.of_day) < 2:
            return conflict.session
        return next((session for session in conflict.of_day if session.pk == self.corrects), None)

    def send(self) -> GuidanceSession:
        """Store a valid log and plan what was agreed for the next time. The draft is done."""
        planned = self._session_to_log()
        session = planned or GuidanceSession(group=self.group)
        session.submit(
            token=self.token,
            facts=self.form.facts,
            units=self.form.chosen_units,
            supervisors=self.form.chosen_supervisors,
            by=self.by,
            now=self.now,
        )
        self.plan_next(after=session)
        drafts = LogDraft.objects.filter(user=self.by)
        drafts.filter(token=self.token).delete()
        if planned:
            drafts.filter(session=planned).delete()
        return session

    def plan_next(self, *, after: GuidanceSession) -> None:
        """Plan the next session, or move the one that it is, unless it is planned for that day already."""
        cleaned = self.form.cleaned_data
        next_on, answer = cleaned.get("next_on"), cleaned.get("next_plan")
        if not next_on:
            return
        if answer == next_session.MOVE and (near := self.form.near):
            facts, reason = next_session.moved(near, cleaned), next_session.why_moved(near)
            SessionChange.objects.replan(near, facts=facts, reason=reason, by=self.by, now=self.now)
            return
        there = self.group.sessions.filter(held_on=next_on, cancelled_at__isnull=True)
        if (there.filter(planned_in=after) if answer == next_session.NEW else there).exists():
            return
        GuidanceSession.plan(
            group=self.group,
            held_on=next_on,
            starts_at=self.form.cleaned_data["next_at"],
            format=self.form.cleaned_data["next_format"] or after.format,
            units=[unit for unit in self.form.chosen_units if unit.is_active(today=next_on)],
            supervisors=self.form.chosen_supervisors,
            by=self.by,
            now=self.now,
            planned_in=after,
        )

    def keep_draft(self) -> None:
        draft = LogDraft.objects.filter(token=self.token).first()
        draft = draft or LogDraft(token=self.token, user=self.by, group=self.group, session=self.planned)
        draft.keep(data=self.form.typed(), now=self.now)

    def discard_draft(self) -> None:
        LogDraft.objects.of(self.by).filter(token=self.token).delete()

    def _session_to_log(self) -> GuidanceSession | None:
        """The planned session that it is the log of; None for a session of its own."""
        if self.planned and not self.planned.is_settled:
            return self.planned
        return self._waiting if self.action == Action.FOR_PLANNED else None

    @cached_property
    def _held(self) -> list[GuidanceSession]:
        held = self.group.sessions.held().filter(held_on=self.form.cleaned_data["held_on"])
        return list(held.select_related("submitted_by"))

    @cached_property
    def _waiting(self) -> GuidanceSession | None:
        return self.group.sessions.planned().filter(held_on=self.form.cleaned_data["held_on"]).first()

    def _is_twin(self, session: GuidanceSession) -> bool:
        mine = session.has_log and session.submitted_by_id == self.by.pk
        return mine and self.form.says_the_same_as(session)


def receive(
    group: GuidanceGroup, planned: GuidanceSession | None, data: QueryDict, *, by: User, now: datetime
) -> Submission:
    token, received = _token(data.get("token", ""), group, by=by)
    today = timezone.localdate(now)
    return Submission(
        group=group,
        planned=planned,
        form=log_form(group, choices_for(group, planned, today=today), planned=planned, today=today, data=data),
        token=token,
        received=received,
        action=data.get("action", ""),
        corrects=number_from(data.get("corrects", "")),
        by=by,
        now=now,
    )


def choices_for(group: GuidanceGroup, planned: GuidanceSession | None, *, today: date) -> Choices:
    """What its log chooses from. A unit that has closed since took part in a session that was planned while it ran."""
    return choices(group, on=min(planned.held_on, today) if planned else today)


def _token(text: str, group: GuidanceGroup, *, by: User) -> tuple[uuid.UUID, GuidanceSession | None]:
    """The form's own, and the log that it has become. A token of somebody else's form is not used."""
    token = uuid_from(text)
    if token is None:
        return uuid.uuid4(), None
    sent = (
        GuidanceSession.objects.filter(token=token).select_related("group__participation__municipality__county").first()
    )
    if sent and sent.group_id != group.pk:
        return uuid.uuid4(), None
    if sent is None and LogDraft.objects.filter(token=token).exclude(user=by, group=group).exists():
        return uuid.uuid4(), None
    return token, sent


def uuid_from(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def conflict_with(session: GuidanceSession) -> Conflict | None:
    """A session that is logged or cancelled takes no log, nor does one whose log was withdrawn."""
    if session.withdrawn_at:
        return Conflict(Conflict.Kind.WITHDRAWN, session)
    if session.submitted_at:
        return Conflict(Conflict.Kind.TAKEN, session)
    return Conflict(Conflict.Kind.CANCELLED, session) if session.cancelled_at else None


def own_draft(user: User, group: GuidanceGroup, planned: GuidanceSession | None, *, asked: str) -> LogDraft | None:
    """The draft that the address asks for, else the last one that this person saved of the session."""
    drafts = LogDraft.objects.of(user).filter(group=group, session=planned)
    token = uuid_from(asked)
    return (drafts.filter(token=token).first() if token else None) or drafts.first()
