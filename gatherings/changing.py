"""What a change of a gathering does: to those who are registered, to the mails, and to the places."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import places
from gatherings.mails import invited, notices
from gatherings.models import EarlierDeadline, Gathering, Registration
from gatherings.places import PlacesPassedOn
from outbox import effects
from outbox.effects import MailEffects

WHEN_AND_WHERE = ("starts_on", "ends_on", "starts_at", "ends_at", "venue", "address")


class Overtaken(ValidationError):
    """Somebody else has changed the gathering since it was read."""


@dataclass(frozen=True)
class Affected:
    """A person registered, what the change does to their registration, and whether they get a mail about it now."""

    registration: Registration
    consequences: list[str]
    told: bool


@dataclass(frozen=True)
class GatheringEffects:
    """What saving a change would do. Nothing of it has happened."""

    affected: list[Affected]
    mails: MailEffects
    offered: list[Registration]
    over: int  # how many more have places than the new limit allows
    noticed: bool  # whether those registered would want to know: it takes place otherwise than agreed

    @property
    def concerns_somebody(self) -> bool:
        return bool(self.mails or self.offered or self.over or self.losing or (self.noticed and self.affected))

    @property
    def losing(self) -> list[Affected]:
        return [one for one in self.affected if one.consequences]

    @property
    def keeping(self) -> list[Affected]:
        return [one for one in self.affected if not one.consequences]


def fingerprint(gathering: Gathering) -> str:
    """What says whether the row is the same as when somebody read it."""
    values = [(field.attname, str(getattr(gathering, field.attname))) for field in Gathering._meta.concrete_fields]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]


def mail_for(before: Gathering, after: Gathering, *, today: date) -> Callable[..., None] | None:
    """The one mail that goes to those registered. What is over is corrected without telling anybody.

    Those who hold an invitation get their own version of it: `invited.tell`.
    """
    if before.is_past(today=today) and (after.is_past(today=today) or not after.is_settled):
        return None
    if before.is_settled:
        if not after.is_settled:
            return notices.called_off
        return notices.moved if _differ(before, after, WHEN_AND_WHERE) else None
    if not before.registrations.active().exists() and not invited.holders(before, today=today):
        return None
    if after.is_settled:
        return notices.reinstated
    cancelled = after.settled == after.Settled.CANCELLED and before.settled != after.settled
    return notices.called_off if cancelled else None


def save(
    gathering: Gathering, *, by: User, now: datetime, seen: str = "", sentence: str = "", tell_invited: bool = True
) -> PlacesPassedOn | None:
    """Store the change with all that follows from it. Return the places that were passed on, if any were.

    `sentence` is what staff write to those who are told; it stays in the history. `seen` is the fingerprint of the
    row that the change was made on. Raises Overtaken, and stores nothing, when the row is another by now.
    """
    with transaction.atomic():
        before = places.lock(gathering)
        if seen and seen != fingerprint(before):
            raise Overtaken(_("Samlingen er endret av en annen."))
        gathering.calendar_version = before.calendar_version
        if _differ(before, gathering, (*WHEN_AND_WHERE, "settled")):
            gathering.calendar_version += 1
        gathering.save_by(by, sentence=sentence)
        _keep_deadlines(before, gathering, by=by, now=now)
        if before.days != gathering.days:
            for registration in gathering.registrations.active():
                registration.follow(before, gathering, by=by)
            _forget_travel(gathering, by=by)
        if mail := mail_for(before, gathering, today=timezone.localdate(now)):
            mail(gathering, now=now)
            if tell_invited:
                invited.tell(before, gathering, sentence=sentence, now=now)
        if not (_raised(before, gathering) or (gathering.is_settled and not before.is_settled)):
            return None
        passed = places.pass_on(gathering, now=now)
        if passed.expired or passed.offered:
            notices.passed(passed, now=now)
        return passed


def effects_of(
    before: Gathering, after: Gathering, *, by: User, now: datetime, sentence: str = "", tell_invited: bool = True
) -> GatheringEffects:
    """What `save` would do, found by doing it and taking it back."""
    registrations = list(before.registrations.active().with_places().select_related("user").order_by("name"))

    def act() -> tuple[PlacesPassedOn | None, int]:
        passed = save(after, by=by, now=now, sentence=sentence, tell_invited=tell_invited)
        return passed, max(places.taken(after) - after.capacity, 0) if after.capacity is not None else 0

    (passed, over), mails = effects.effects(act, now=now, scope=f"cohort:{before.cohort.number}")
    after.calendar_version = before.calendar_version
    lowered = after.capacity is not None and (before.capacity is None or after.capacity < before.capacity)
    return GatheringEffects(
        affected=[
            Affected(registration, _consequences(registration, before, after), registration.user.email in mails.told)
            for registration in registrations
        ],
        mails=mails,
        offered=passed.offered if passed else [],
        over=over if lowered else 0,
        noticed=mail_for(before, after, today=timezone.localdate(now)) is not None,
    )


def _keep_deadlines(before: Gathering, after: Gathering, *, by: User, now: datetime) -> None:
    """Keep each deadline that held until now: what was done by it was done in time.

    Without a deadline all was in time. While nothing is settled, that is only so for what had been done by then.
    """
    kinds = EarlierDeadline.Kind
    for kind, field in ((kinds.REGISTRATION, "closes_on"), (kinds.TRAVEL, "travel_closes_on")):
        day: date | None = getattr(before, field)
        if day == getattr(after, field) and (day or after.is_settled or not before.is_settled):
            continue
        if day is None and not before.is_settled:
            day = timezone.localdate(now)
        EarlierDeadline.objects.create(gathering=after, kind=kind, day=day, held_until=now, changed_by=by)


def _differ(before: Gathering, after: Gathering, fields: Iterable[str]) -> bool:
    return any(getattr(before, field) != getattr(after, field) for field in fields)


def _raised(before: Gathering, after: Gathering) -> bool:
    return before.capacity is not None and (after.capacity is None or after.capacity > before.capacity)


def _forget_travel(gathering: Gathering, *, by: User) -> None:
    """What was ordered for other days is not ordered for these; each row keeps its history."""
    for registration in gathering.registrations.active().filter(travel_ordered_on__isnull=False):
        registration.order_travel(on=None, by=by)


def _consequences(registration: Registration, before: Gathering, after: Gathering) -> list[str]:
    """What this person loses or must do again."""
    said = []
    if before.days != after.days:
        days, nights = registration.after_move(before, after)
        if registration.travel_ordered_on:
            said.append(_("må bestille reisen på nytt"))
        if len(days) < len(registration.days):
            said.append(_("mister noen av dagene sine") if days else _("står påmeldt alle de nye dagene"))
        if len(nights) < len(registration.nights):
            said.append(_("må velge netter på nytt"))
    if before.is_settled and not after.is_settled:
        said.append(_("kan ikke komme som avtalt"))
    if before.invites([registration.function]) and not after.invites([registration.function]):
        said.append(_("har en funksjon som ikke lenger er invitert, og beholder plassen"))
    return said
