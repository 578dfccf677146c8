"""Taking away what was written in the guidance, wherever it stands: in the log, its corrections, the drafts."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.models import (
    Correction,
    FollowUp,
    GuidanceGroup,
    GuidanceSession,
    Handover,
    LogDraft,
    Measure,
    PulseAnswer,
    SessionChange,
)
from guidance.models.session import TEXTS
from guidance.sessions.plan_wording import as_a_sentence
from participants.striking.row import Struck, locked, remember, strike
from parts.names import without


def strike_log(session: GuidanceSession, texts: Collection[str], *, reason: str, by: User, now: datetime) -> Struck:
    """These texts of a log, and what they said before each correction. The log counts as before."""
    found = strike(_locked_log(session), texts, reason=reason, by=by, now=now)
    for correction in session.corrections.all():
        if _empty(correction, texts, found, reason=reason, by=by, now=now):
            found.corrections += 1
    _empty_drafts(session.group, found)
    return found


def strike_correction(correction: Correction, *, reason: str, by: User, now: datetime) -> Struck:
    """What a log said before a correction. The same words before another correction of it go too; the log stays.

    Raises ValidationError with the code "struck" when nothing is left of it.
    """
    session = _locked_log(correction.session)
    found = Struck([])
    if not _empty(locked(correction), TEXTS, found, reason=reason, by=by, now=now):
        raise ValidationError(_("Teksten er allerede fjernet."), code="struck")
    for other in session.corrections.exclude(pk=correction.pk):
        same = [name for name in TEXTS if other.before.get(name) in found.texts]
        found.corrections += _empty(other, same, found, reason=reason, by=by, now=now)
    _empty_drafts(session.group, found)
    return found


def strike_change(change: SessionChange, *, reason: str, by: User, now: datetime) -> Struck:
    """Why a session was moved or cancelled, in those of its changes that say the same. The changes stay."""
    session = _locked_log(change.session)
    change = locked(change)
    same = session.changes.filter(reason=change.reason).exclude(reason="").exclude(pk=change.pk)
    found = strike(change, ["reason"], reason=reason, by=by, now=now)
    for other in same.select_for_update(of=("self",)):
        strike(other, ["reason"], reason=reason, by=by, now=now)
    found.in_mails = [as_a_sentence(text) for text in found.texts]
    return found


def strike_measure(measure: Measure, texts: Collection[str], *, reason: str, by: User, now: datetime) -> Struck:
    """These texts of a measure. Whoever has its page open with them is asked before saving them again."""
    row = locked(measure)
    what = row.what
    found = strike(row, texts, reason=reason, by=by, now=now)
    Measure.objects.filter(pk=row.pk).update(updated_at=now)
    if "what" in texts and what:
        found.in_mails = [f": {text}, " for text in found.texts]  # as a reminder lists it
    return found


def strike_note(handover: Handover, *, reason: str, by: User, now: datetime) -> Struck:
    """The note from a supervisor who left a group to the one who came."""
    return strike(locked(handover), ["note"], reason=reason, by=by, now=now)


def strike_follow_up(follow_up: FollowUp, *, reason: str, by: User, now: datetime) -> Struck:
    """The note of what was done about a municipality."""
    return strike(locked(follow_up), ["note"], reason=reason, by=by, now=now)


def strike_pulse(answer: PulseAnswer, *, reason: str, by: User, now: datetime) -> Struck:
    """A line about a session; the answer stays. It is remembered at the cohort, for an answer has no time.

    Raises ValidationError with the code "struck" when it is gone.
    """
    answer = locked(answer)
    if not answer.line:
        raise ValidationError(_("Teksten er allerede fjernet."), code="struck")
    found = Struck([answer.line])
    answer.line = ""
    answer.save(update_fields=["line"])
    remember(answer.group.participation.cohort, ["line"], reason=reason, by=by, now=now)
    return found


def _locked_log(session: GuidanceSession) -> GuidanceSession:
    """With its group locked first, as for everything that is done with a log."""
    GuidanceGroup.objects.select_for_update(of=("self",)).get(pk=session.group_id)
    return locked(session)


def _empty(
    correction: Correction, texts: Iterable[str], found: Struck, *, reason: str, by: User, now: datetime
) -> bool:
    """What stood there is added to `found`. Return whether anything did."""
    gone = [name for name in texts if correction.before.get(name)]
    if not gone:
        return False
    found.texts += [correction.before[name] for name in gone if correction.before[name] not in found.texts]
    correction.before |= dict.fromkeys(gone, "")
    correction.save(update_fields=["before"])
    remember(correction, gone, reason=reason, by=by, now=now)
    return True


def _empty_drafts(group: GuidanceGroup, found: Struck) -> None:
    for draft in LogDraft.objects.filter(group=group):
        kept = without(draft.data, found.texts)
        if kept != draft.data:
            LogDraft.objects.filter(pk=draft.pk).update(data=kept)
            found.drafts += 1
