"""The steps of a composition: each is stored with what was before it, and the last ones are undone one by one."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.models import Composition, CompositionStep, ProposedSeat
from participants.models import Participation

Facts = list[tuple[int, int, bool, bool]]  # municipality, supervisor, leads, locked


def facts(seats: Iterable[ProposedSeat]) -> Facts:
    return sorted((seat.participation_id, seat.supervisor_id, seat.leads, seat.locked) for seat in seats)


def version(seats: Iterable[ProposedSeat]) -> str:
    """Compare it to tell whether these seats are still what somebody saw."""
    return hashlib.sha256(repr(facts(seats)).encode()).hexdigest()[:16]


def store(
    composition: Composition,
    kind: CompositionStep.Kind,
    *,
    before: Facts,
    by: User,
    now: datetime,
    participation: Participation | int | None = None,
) -> bool:
    """Store the step that has just been taken. Return False when it changed nothing: then there is no step."""
    seats = list(composition.seats.all())
    if facts(seats) == before:
        return False
    key = participation.pk if isinstance(participation, Participation) else participation
    CompositionStep.objects.create(
        composition=composition,
        kind=kind,
        participation_id=key,
        before=before,
        after=version(seats),
        taken_at=now,
        taken_by=by,
    )
    return True


def last(composition: Composition) -> CompositionStep | None:
    """The step that can be undone now, if any: the last one, unless the seats have changed since in some other way."""
    step = (
        composition.steps.filter(undone_at__isnull=True)
        .select_related("participation__municipality__county", "taken_by")
        .first()
    )
    return step if step and step.after == version(composition.seats.all()) else None


@transaction.atomic
def undo(composition: Composition, *, step: int | None, by: User, now: datetime) -> CompositionStep:
    """Undo the last step, if it is the one that was meant.

    Raise ValidationError when it is not, or the composition is no longer worked on.
    """
    working = composition.as_open()
    found = last(working)
    if found is None or found.pk != step:
        raise ValidationError(_("Noen har gjort noe annet siden. Se over gruppene før du angrer."), code="changed")
    working.seats.all().delete()
    ProposedSeat.objects.bulk_create(
        ProposedSeat(
            composition=working, participation_id=participation, supervisor_id=supervisor, leads=leads, locked=locked
        )
        for participation, supervisor, leads, locked in found.before
    )
    found.undone_at, found.undone_by = now, by
    found.save(update_fields=["undone_at", "undone_by"])
    if found.kind == CompositionStep.Kind.PROPOSED:
        earlier = working.steps.filter(kind=found.kind, undone_at__isnull=True).first()
        working.proposed_at = earlier.taken_at if earlier else None
        working.save(update_fields=["proposed_at"])
    return found
