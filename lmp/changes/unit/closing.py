"""Closing a unit or merging it into another from a day on, and taking that back.

It is decided once. What hangs on the unit follows on its day: at once when the day has come, else by a task that may
run as often as it likes. Until then the unit is as active as ever, and the decision can be changed or undone.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import following as gatherings_following
from guidance import following as guidance_following
from lmp.changes.unit.outcome import UnitOutcome
from participants import following as participants_following
from participants.mails import units as notices
from participants.models import Participation, Unit, UnitClosure
from parts.dates import day_in_words

logger = logging.getLogger(__name__)
Keeps = UnitClosure.Keeps


@dataclass(frozen=True)
class Moves:
    """What moves from a unit to the one that it becomes a part of."""

    head: str
    group: str
    measures: bool


NOTHING = Moves("", "", measures=False)


@transaction.atomic
def close(unit: Unit, *, on: date, by: User, now: datetime) -> UnitOutcome:
    """Close it from that day on.

    Raises ValidationError when it is closed already, or another is to become a part of it later.
    """
    return _decide(unit, None, on=on, moves=NOTHING, by=by, now=now)


@transaction.atomic
def merge(unit: Unit, into: Unit, *, on: date, moves: Moves, by: User, now: datetime) -> UnitOutcome:
    """Let it become a part of another unit of the municipality from that day on.

    Raises ValidationError as `close`, and when the other is not active then.
    """
    if into.pk == unit.pk or into.participation_id != unit.participation_id or not into.is_active(today=on):
        raise ValidationError(
            _("%(unit)s er ikke i drift %(day)s. Velg en annen enhet.") % {"unit": into, "day": day_in_words(on)}
        )
    return _decide(unit, into, on=on, moves=moves, by=by, now=now)


def _decide(unit: Unit, into: Unit | None, *, on: date, moves: Moves, by: User, now: datetime) -> UnitOutcome:
    unit = _lock(unit, since=on, now=now)
    closure = UnitClosure.objects.in_force().filter(unit=unit).first()
    if not unit.is_active(today=timezone.localdate(now)) or (closure and closure.carried_out_at):
        raise ValidationError(_("%(unit)s er allerede lagt ned.") % {"unit": unit}, code="closed")
    for other in unit.merged_from.filter(closures__in=UnitClosure.objects.to_come(), closed_on__gte=on):
        raise ValidationError(
            _("%(unit)s skal slås sammen med denne enheten %(day)s. Ta det tilbake først.")
            % {"unit": other, "day": day_in_words(other.closed_on)},
            code="awaited",
        )
    closure = closure or UnitClosure(unit=unit)
    closure.head, closure.group, closure.measures_move = moves.head, moves.group, moves.measures
    closure.decided_at, closure.decided_by = now, by
    people = notices.to_tell(unit, into) if into else notices.to_tell(unit)
    unit.close(on=on, into=into, by=by)
    closure.save()
    if on <= timezone.localdate(now):
        outcome = carry_out(closure, now=now)
    else:
        outcome = _foreseen(closure, now=now)
    version = f"{closure.pk}:{on}:{into.pk if into else ''}:{moves.head}:{moves.group}:{moves.measures}"
    notices.changed(unit, people, version=version, what=unit.closing_in_words, lines=outcome.lines, now=now)
    return outcome


def carry_out_due(*, now: datetime) -> None:
    """Let everything follow whose day has come. One that fails keeps back no other, and is tried again."""
    for closure in UnitClosure.objects.due(today=timezone.localdate(now)).order_by("pk"):
        try:
            with transaction.atomic():
                unit = _lock(closure.unit, since=timezone.localdate(now), now=now)
                still = UnitClosure.objects.due(today=timezone.localdate(now)).filter(pk=closure.pk, unit=unit).first()
                if still:
                    carry_out(still, now=now)
        except Exception:
            logger.exception("the closing of unit %s could not be carried out", closure.unit_id)


def carry_out(closure: UnitClosure, *, now: datetime) -> UnitOutcome:
    """Make what hangs on the unit follow. Needs the unit's lock."""
    unit, by = _loaded(closure.unit), closure.decided_by
    closed_on = unit.closed_on or timezone.localdate(now)
    since = max(closed_on, timezone.localdate(now))
    if into := unit.merged_into:
        registrations = gatherings_following.unit_merged(unit, into, since=since, by=by, now=now)
        people = participants_following.unit_merged(unit, into, head=closure.head, group=closure.group, by=by, now=now)
        work = guidance_following.unit_merged(
            unit, into, since=since, measures_move=closure.measures_move, by=by, now=now
        )
        outcome = UnitOutcome(
            unit,
            into,
            heads=people.ended,
            new_heads=people.begun,
            joined=people.joined,
            left=people.left,
            measures=work.measures,
            measures_move=closure.measures_move,
            registrations=registrations,
            sessions=work.sessions,
            leaders=people.leaders,
            group=people.group,
        )
    else:
        registrations = gatherings_following.unit_closed(unit, since=since, by=by, now=now)
        heads = participants_following.unit_closed(unit, by=by, now=now)
        work = guidance_following.unit_closed(unit, since=since, by=by, now=now)
        outcome = UnitOutcome(
            unit,
            heads=heads,
            measures=work.measures,
            registrations=registrations,
            sessions=work.sessions,
            called_off=work.called_off,
        )
    closure.carried_out_at = now
    closure.save(update_fields=["carried_out_at"])
    if unit.merged_into:
        notices.ask_for_counts(unit.participation, [unit.merged_into], now=now)
    return outcome


@transaction.atomic
def reopen(unit: Unit, *, by: User, now: datetime) -> UnitOutcome:
    """Let a unit go on that was closed in error, or whose closing is called off.

    Raises ValidationError when it is not closed, when it has been merged and what was there has moved, and when the
    municipality has withdrawn.
    """
    unit = _lock(unit, since=timezone.localdate(now), now=now)
    closure = UnitClosure.objects.in_force().filter(unit=unit).first()
    if unit.closed_on is None:
        raise ValidationError(_("%(unit)s er i drift.") % {"unit": unit}, code="active")
    closed_at = closure.carried_out_at if closure else None
    if unit.merged_into and not unit.is_active(today=timezone.localdate(now)):
        raise ValidationError(
            _(
                "%(unit)s er slått sammen med %(into)s, og det som var der, er flyttet. "
                "Legg den heller inn som en ny enhet."
            )
            % {"unit": unit, "into": unit.merged_into},
            code="merged",
        )
    if closed_at and unit.participation.withdrawn_at:
        raise ValidationError(_("Kommunen har trukket seg fra prosjektet."), code="withdrawn")
    people = notices.to_tell(unit, *([unit.merged_into] if unit.merged_into else []))
    was_on = unit.closed_on
    unit.reopen(by=by)
    outcome = UnitOutcome(unit, reopened=True)
    if closure:
        closure.undone_at, closure.undone_by = now, by
        closure.save(update_fields=["undone_at", "undone_by"])
    if closed_at:
        heads = participants_following.unit_reopened(unit, closed_at=closed_at, by=by)
        measures = guidance_following.unit_reopened(unit, closed_at=closed_at, by=by, now=now)
        outcome = UnitOutcome(unit, reopened=True, heads=heads, measures=measures, lost=True)
        people = [*people, *(head for head in heads if head.user_id not in {each.user_id for each in people})]
    version = f"reopened:{closure.pk if closure else ''}:{was_on}"
    notices.changed(unit, people, version=version, what=lambda: notices.goes_on(unit), lines=outcome.lines, now=now)
    return outcome


def _foreseen(closure: UnitClosure, *, now: datetime) -> UnitOutcome:
    """What will follow on the day, found by letting it follow and taking it back."""
    with transaction.atomic():
        outcome = carry_out(UnitClosure.objects.get(pk=closure.pk), now=now)
        transaction.set_rollback(True)
    return outcome


def _lock(unit: Unit, *, since: date, now: datetime) -> Unit:
    """The unit as it is now. Gatherings first, as everywhere; then the municipality, whose contacts may change."""
    gatherings_following.lock_coming(unit, since=max(since, timezone.localdate(now)))
    Participation.objects.select_for_update(of=("self",)).get(pk=unit.participation_id)
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    return _loaded(unit)


def _loaded(unit: Unit) -> Unit:
    related = ("participation__municipality__county", "participation__cohort", "merged_into__participation")
    return Unit.objects.select_related(*related).get(pk=unit.pk)
