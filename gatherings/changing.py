"""What a change of a gathering does: to those who are registered, to the mails, and to the places."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import places
from gatherings.mails import notices
from gatherings.models import Gathering, Registration
from gatherings.places import PlacesPassedOn
from outbox import plan, texts
from outbox.models import Message
from outbox.plan import Planned

WHEN_AND_WHERE = ("starts_on", "ends_on", "starts_at", "ends_at", "venue", "address")
AHEAD = timedelta(days=365)


class Overtaken(ValidationError):
    """Somebody else has changed the gathering since it was read."""


@dataclass(frozen=True)
class Affected:
    """A person registered, what the change does to their registration, and whether they get a mail about it now."""

    registration: Registration
    consequences: list[str]
    told: bool


@dataclass(frozen=True)
class Shift:
    """Planned mails of one text that go from one moment to another; None is not at all."""

    text: str
    before: datetime | None
    after: datetime | None
    names: list[str]

    @property
    def moment(self) -> datetime:
        """The earliest of the two."""
        return min(moment for moment in (self.before, self.after) if moment)


@dataclass(frozen=True)
class Effects:
    """What saving a change would do. Nothing of it has happened."""

    affected: list[Affected]
    mails: list[tuple[str, int]]  # (title of the text, recipients), written the moment it is saved
    shifts: list[Shift]
    offered: list[Registration]
    over: int  # how many more have places than the new limit allows
    noticed: bool  # whether those registered would want to know: it takes place otherwise than agreed

    @property
    def concerns_somebody(self) -> bool:
        return bool(
            self.mails or self.shifts or self.offered or self.over or self.losing or (self.noticed and self.affected)
        )

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
    """The one mail that goes to those registered. What is over is corrected without telling anybody."""
    if before.is_past(today=today) and (after.is_past(today=today) or not after.is_settled):
        return None
    if before.is_settled:
        if not after.is_settled:
            return notices.called_off
        return notices.moved if _differ(before, after, WHEN_AND_WHERE) else None
    if not before.registrations.active().exists():
        return None
    if after.is_settled:
        return notices.reinstated
    cancelled = after.settled == after.Settled.CANCELLED and before.settled != after.settled
    return notices.called_off if cancelled else None


def save(gathering: Gathering, *, by: User, now: datetime, seen: str = "") -> PlacesPassedOn | None:
    """Store the change with all that follows from it. Return the places that were passed on, if any were.

    `seen` is the fingerprint of the row that the change was made on. Raises Overtaken, and stores nothing, when the
    row is another by now.
    """
    with transaction.atomic():
        before = places.lock(gathering)
        if seen and seen != fingerprint(before):
            raise Overtaken(_("Samlingen er endret av en annen."))
        gathering.calendar_version = before.calendar_version
        if _differ(before, gathering, (*WHEN_AND_WHERE, "settled")):
            gathering.calendar_version += 1
        gathering.save_by(by)
        if before.days != gathering.days:
            for registration in gathering.registrations.active():
                registration.follow(before, gathering, by=by)
            _forget_travel(gathering, by=by)
        if mail := mail_for(before, gathering, today=timezone.localdate(now)):
            mail(gathering, now=now)
        if not (_raised(before, gathering) or (gathering.is_settled and not before.is_settled)):
            return None
        passed = places.pass_on(gathering, now=now)
        if passed.expired or passed.offered:
            notices.passed(passed, now=now)
        return passed


def effects(before: Gathering, after: Gathering, *, by: User, now: datetime) -> Effects:
    """What `save` would do, found by doing it and taking it back."""
    registrations = list(before.registrations.active().with_places().select_related("user").order_by("name"))
    scope = f"cohort:{before.cohort.number}"
    with transaction.atomic():
        planned_before = _planned(scope, now)
        newest = Message.objects.aggregate(newest=models.Max("pk"))["newest"] or 0
        passed = save(after, by=by, now=now)
        # Others may write mails meanwhile; these have the moment of this very change.
        posted = list(
            Message.objects.filter(pk__gt=newest, created_at=now).order_by("pk").values_list("text_name", "to")
        )
        planned_after = _planned(scope, now)
        over = max(places.taken(after) - after.capacity, 0) if after.capacity is not None else 0
        transaction.set_rollback(True)
    after.calendar_version = before.calendar_version
    told = {address for _text, address in posted}
    titles = {name: str(text.title) for name, text in texts.all_texts().items()}
    counts = Counter(titles.get(text_name, text_name) for text_name, _address in posted)
    lowered = after.capacity is not None and (before.capacity is None or after.capacity < before.capacity)
    return Effects(
        affected=[
            Affected(registration, _consequences(registration, before, after), registration.user.email in told)
            for registration in registrations
        ],
        mails=list(counts.items()),
        shifts=_shifts(planned_before, planned_after, now=now),
        offered=passed.offered if passed else [],
        over=over if lowered else 0,
        noticed=mail_for(before, after, today=timezone.localdate(now)) is not None,
    )


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


def _planned(scope: str, now: datetime) -> list[Planned]:
    """What goes within a year, and what is due this moment and not yet written."""
    found = [mail for mail in plan.everything(now - plan.LOOK_BACK, now + AHEAD) if scope in mail.scope]
    due = [mail.key for mail in found if mail.send_at <= now]
    written = set(Message.objects.filter(key__in=due).values_list("key", flat=True))
    return [mail for mail in found if mail.send_at > now or (mail.until > now and mail.key not in written)]


def _from_now(mails: list[Planned], now: datetime) -> list[Planned]:
    """Each at the minute it goes: what is due already goes now, whenever it fell due."""
    return [replace(mail, send_at=max(mail.send_at, now).replace(second=0, microsecond=0)) for mail in mails]


def _shifts(before: list[Planned], after: list[Planned], *, now: datetime) -> list[Shift]:
    """Each mail before beside the same one after. The last goes with the last: it is the first ones that fall away."""
    before, after = _from_now(before, now), _from_now(after, now)
    unchanged = {(mail.text.name, mail.to, mail.send_at) for mail in before} & {
        (mail.text.name, mail.to, mail.send_at) for mail in after
    }
    pairs: dict[tuple[str, str], tuple[list[Planned], list[Planned]]] = defaultdict(lambda: ([], []))
    for side, mails in enumerate((before, after)):
        for mail in mails:
            if (mail.text.name, mail.to, mail.send_at) not in unchanged:
                pairs[mail.text.name, mail.to][side].append(mail)
    names: dict[tuple[str, datetime | None, datetime | None], list[str]] = defaultdict(list)
    for old, new in pairs.values():
        for was, becomes in zip_longest(reversed(old), reversed(new)):
            mail = becomes or was
            moments = (was.send_at if was else None, becomes.send_at if becomes else None)
            names[str(mail.text.title), *moments].append(mail.name)
    found = [Shift(text, old, new, sorted(who)) for (text, old, new), who in names.items()]
    return sorted(found, key=lambda shift: (shift.moment, shift.text))
