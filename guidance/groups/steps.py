"""The steps of a composition: each is stored with what was before it, and the last ones are undone, and done again."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.models import Composition, CompositionStep, ProposedSeat, Supervisor
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
    composition.steps.filter(undone_from__isnull=False).update(undone_from=None)  # another way was taken
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
    found.undone_from = facts(working.seats.all())
    _seat(working, found.before)
    found.undone_at, found.undone_by = now, by
    found.save(update_fields=["undone_at", "undone_by", "undone_from"])
    if found.kind == CompositionStep.Kind.PROPOSED:
        _say_when_proposed(working)
    return found


def last_undone(composition: Composition) -> CompositionStep | None:
    """The step that can be done again now, if any: the one undone last, unless something has been done since."""
    newest = composition.steps.filter(undone_at__isnull=True).values("pk")[:1]
    step = (
        composition.steps.filter(undone_from__isnull=False, undone_at__isnull=False)
        .filter(pk__gt=Coalesce(Subquery(newest), 0))
        .select_related("participation__municipality__county", "taken_by", "undone_by")
        .last()
    )
    return step if step and facts(composition.seats.all()) == [tuple(seat) for seat in step.before] else None


@transaction.atomic
def redo(composition: Composition, *, step: int | None, by: User, now: datetime) -> CompositionStep:
    """Do the step again that was undone last, if it is the one that was meant.

    Raise ValidationError when it is not, when the composition is no longer worked on, or when somebody whom it would
    seat guides no more, or a municipality has withdrawn.
    """
    working = composition.as_open()
    found = last_undone(working)
    if found is None or found.pk != step:
        raise ValidationError(_("Noen har gjort noe annet siden. Se over gruppene."), code="changed")
    _refuse_who_has_gone(found, now=now)
    _seat(working, found.undone_from or [])
    found.undone_at = found.undone_by = found.undone_from = None
    found.save(update_fields=["undone_at", "undone_by", "undone_from"])
    if found.kind == CompositionStep.Kind.PROPOSED:
        _say_when_proposed(working)
    return found


def _refuse_who_has_gone(step: CompositionStep, *, now: datetime) -> None:
    """Of whom the step seats anew. It was undone a while ago, and nothing has kept it in step since."""
    before = {(participation, supervisor) for participation, supervisor, *_rest in step.before}
    anew = {(participation, supervisor) for participation, supervisor, *_rest in step.undone_from or []} - before
    places, people = {participation for participation, _one in anew}, {supervisor for _place, supervisor in anew}
    working = Supervisor.objects.working(today=timezone.localdate(now)).filter(pk__in=people)
    there = Participation.objects.taking_part().filter(pk__in=places)
    if working.count() < len(people) or there.count() < len(places):
        raise ValidationError(
            _("En som skulle inn i en gruppe, er ikke lenger veileder, eller kommunen har trukket seg."), code="gone"
        )


def _seat(composition: Composition, seats: Iterable[Iterable]) -> None:
    composition.seats.all().delete()
    ProposedSeat.objects.bulk_create(
        ProposedSeat(
            composition=composition,
            participation_id=participation,
            supervisor_id=supervisor,
            leads=leads,
            locked=locked,
        )
        for participation, supervisor, leads, locked in seats
    )


def _say_when_proposed(composition: Composition) -> None:
    standing = composition.steps.filter(kind=CompositionStep.Kind.PROPOSED, undone_at__isnull=True).first()
    composition.proposed_at = standing.taken_at if standing else None
    composition.save(update_fields=["proposed_at"])
