"""Who has a place, who waits, and who is next. Whatever gives or frees a place locks the gathering's row first."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from gatherings.models import Gathering, Needs, Registration, Swap
from participants.models import Contact, Participation, Unit
from parts.addresses import canonical
from parts.names import same_person
from parts.rows import annotated


@dataclass(frozen=True)
class Entry:
    """A person to register, as it was typed. `days` and `nights` are ISO dates.

    `same_person`: the address is known under another name, and whoever registers says that it is the same person.
    `also`: the person is registered for another place already, and comes for this one too, on the same seat.
    """

    name: str
    email: str
    function: str
    unit: Unit | None
    days: list[str]
    nights: list[str]
    travel: str
    same_person: bool = False
    also: bool = False


@dataclass(frozen=True)
class PlacesPassedOn:
    """What happened when places were passed on: the offers that ran out, and the ones that were made instead."""

    expired: list[Registration]
    offered: list[Registration]


def lock(gathering: Gathering) -> Gathering:
    """The gathering as it is now, and nobody else's until this transaction ends."""
    return Gathering.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=gathering.pk)


@dataclass(frozen=True)
class ActiveRegistration:
    """What the limits are checked against; `waits` is to have neither a place nor an offer."""

    user: int
    name: str
    participation: int
    unit: int | None
    waits: bool


def active_registrations(gathering: Gathering) -> list[ActiveRegistration]:
    """Read them all in one query, while the gathering is locked."""
    columns = ("user", "name", "participation", "unit", "placed_at", "offered_at")
    return [
        ActiveRegistration(user, name, participation, unit, waits=placed_at is None and offered_at is None)
        for user, name, participation, unit, placed_at, offered_at in gathering.registrations.active().values_list(
            *columns
        )
    ]


def with_full(gatherings: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """Each with `full`: whether the next to be registered would wait, since every place is taken or others wait."""
    here = Registration.objects.filter(gathering=OuterRef("pk"))
    in_use = here.active().exclude(placed_at__isnull=True, offered_at__isnull=True).order_by()
    count = Coalesce(Subquery(in_use.values("gathering").annotate(count=Count("pk")).values("count")), 0)
    full = Q(Exists(here.waiting())) | Q(capacity__isnull=False, capacity__lte=count)
    return gatherings.annotate(full=Case(When(full, then=True), default=False))


def is_full(gathering: Gathering) -> bool:
    found = with_full(Gathering.objects.filter(pk=gathering.pk)).get()
    return annotated(found, "full", bool)


def taken(gathering: Gathering) -> int:
    """Places in use: those given, and those that somebody still may accept."""
    return gathering.registrations.active().exclude(placed_at__isnull=True, offered_at__isnull=True).count()


@transaction.atomic
def register(
    gathering: Gathering,
    entries: Iterable[Entry],
    *,
    participation: Participation,
    by: User,
    now: datetime,
    late: bool = False,
) -> list[Registration]:
    """Register these people, in this order, each with a place while there is one, else last on the waiting list.

    A person who is registered already is left as they are: what comes of that is for `registration/registering.py` to
    say. Return the new rows. Raise ValidationError, and store nothing, when the municipality has withdrawn,
    registration is closed (`late` is the staff's way past that), an address is registered for somebody of another
    name, somebody's function is not invited, or a unit or the municipality would get more than its share.
    """
    gathering = lock(gathering)
    refuse_withdrawn(participation)
    require_open(gathering, now=now, late=late)
    rows = active_registrations(gathering)
    new = _unregistered(entries, rows)
    refuse_closed([entry.unit for entry in new.values() if entry.unit], now=now)
    for entry in new.values():
        if not gathering.invites([entry.function]):
            raise ValidationError(
                _("Samlingen er ikke for den funksjonen %(name)s har.") % {"name": entry.name}, code="audience"
            )
    _check_shares(gathering, participation, list(new.values()), rows)
    queue = any(row.waits for row in rows)
    free = None if gathering.capacity is None else gathering.capacity - sum(not row.waits for row in rows)
    registrations: list[Registration] = []
    for email, entry in new.items():
        # Whoever waits comes first, also to a place that has just been freed.
        placed = not queue and (free is None or len(registrations) < free)
        registrations.append(
            Registration.objects.create(
                gathering=gathering,
                participation=participation,
                unit=entry.unit,
                user=User.objects.for_email(email, name=entry.name, by=by),
                name=entry.name,
                function=entry.function,
                days=entry.days,
                nights=entry.nights,
                travel=entry.travel,
                registered_at=now,
                registered_by=by,
                placed_at=now if placed else None,
            )
        )
        somebody_comes(gathering, participation=participation, unit=entry.unit, by=by, now=now)
    return registrations


def require_open(gathering: Gathering, *, now: datetime, late: bool = False) -> None:
    """Raise ValidationError when nobody is registered now. `late`: staff do it, after the deadline too."""
    if not (gathering.is_open(today=timezone.localdate(now)) or (late and _may_be_joined(gathering))):
        raise ValidationError(_("Påmeldingen er stengt."), code="closed")


def somebody_comes(
    gathering: Gathering, *, participation: Participation, unit: Unit | None, by: User, now: datetime
) -> None:
    """Take back the answer that nobody comes for this place, if there is one."""
    for answer in gathering.nobody_comes.standing().filter(participation=participation, unit=unit):
        answer.take_back(by=by, now=now)


def _unregistered(entries: Iterable[Entry], rows: list[ActiveRegistration]) -> dict[str, Entry]:
    """Those who are not registered, by address: one for each person, the first that was typed."""
    names = {row.user: row.name for row in rows}
    found: dict[str, Entry] = {}
    for entry in entries:
        person = User.objects.with_email(entry.email)
        if person is None or person.pk not in names:
            found.setdefault(person.email if person else canonical(entry.email), entry)
        elif not entry.same_person and not same_person(entry.name, names[person.pk]):
            raise ValidationError(_("Adressen tilhører %(name)s.") % {"name": names[person.pk]}, code="another")
    return found


def refuse_withdrawn(participation: Participation) -> None:
    """Raise ValidationError when the municipality has withdrawn, also since its row was read.

    Needs the gathering's lock: a municipality that withdraws takes it first (`withdrawal.lock`).
    """
    if not Participation.objects.taking_part().filter(pk=participation.pk).exists():
        raise ValidationError(
            _("%(name)s har trukket seg fra prosjektet. Ingen kan meldes på derfra.")
            % {"name": participation.municipality},
            code="withdrawn",
        )


def refuse_closed(units: Collection[Unit], *, now: datetime) -> None:
    """Raise ValidationError when one of these units is closed, also since its row was read. Needs the lock."""
    if not units:
        return
    closed = Unit.objects.exclude(pk__in=Unit.objects.active(today=timezone.localdate(now)).values("pk"))
    if found := closed.filter(pk__in=[unit.pk for unit in units]).first():
        raise ValidationError(
            _("%(unit)s er lagt ned. Derfor kan ingen meldes på derfra.") % {"unit": found}, code="closed_unit"
        )


def _may_be_joined(gathering: Gathering) -> bool:
    return gathering.is_settled and gathering.starts_on is not None


def _check_shares(
    gathering: Gathering, participation: Participation, entries: list[Entry], rows: list[ActiveRegistration]
) -> None:
    """Raise ValidationError when these people are more than the unit's or the municipality's share allows."""
    limit = gathering.capacity_a_municipality
    registered = sum(row.participation == participation.pk for row in rows)
    if limit is not None and entries and registered + len(entries) > limit:
        raise ValidationError(
            ngettext(
                "%(name)s kan melde på %(limit)s person. Fjern noen fra lista.",
                "%(name)s kan melde på %(limit)s personer i alt. Fjern noen fra lista.",
                limit,
            )
            % {"name": participation.municipality, "limit": limit},
            code="share",
        )
    if gathering.capacity_a_unit is None:
        return
    units = Counter(entry.unit for entry in entries if entry.unit)
    for unit, count in units.items():
        if sum(row.unit == unit.pk for row in rows) + count > gathering.capacity_a_unit:
            raise ValidationError(
                ngettext(
                    "%(name)s kan melde på %(limit)s person. Fjern noen fra lista.",
                    "%(name)s kan melde på %(limit)s personer i alt. Fjern noen fra lista.",
                    gathering.capacity_a_unit,
                )
                % {"name": unit.name, "limit": gathering.capacity_a_unit},
                code="share",
            )


def _reload(registration: Registration) -> Registration:
    """The row as it is now, with its gathering locked."""
    gathering = lock(registration.gathering)
    fresh = Registration.objects.select_related(
        "user", "unit", "participation__municipality__county", "participation__cohort"
    )
    found = fresh.get(pk=registration.pk)
    found.gathering = gathering
    return found


@transaction.atomic
def cancel(registration: Registration, *, by: User, now: datetime) -> tuple[Registration, PlacesPassedOn] | None:
    """Cancel, or say no to an offer, and pass the place on. None when that was done already."""
    registration = _reload(registration)
    if not registration.is_active:
        return None
    registration.cancelled_at, registration.cancelled_by = now, by
    registration.calendar_version += 1
    registration._history_user = by
    registration.save(update_fields=["cancelled_at", "cancelled_by", "calendar_version"])
    return registration, _pass_on(registration.gathering, now)


@transaction.atomic
def accept(registration: Registration, *, by: User, now: datetime) -> Registration | None:
    """Take the place that was offered. None when the person has it already.

    Raises ValidationError when the offer has run out, there is no gathering to come to any more, or the municipality
    has withdrawn.
    """
    registration = _reload(registration)
    if registration.state == Registration.State.PLACED:
        return None
    refuse_withdrawn(registration.participation)
    until = registration.offered_until
    live = registration.state == Registration.State.OFFERED and until is not None and until > now
    if not live or not _may_be_joined(registration.gathering):
        raise ValidationError(_("Tilbudet gjelder ikke lenger."), code="expired")
    registration.placed_at = now
    registration._history_user = by
    registration.save(update_fields=["placed_at"])
    return registration


@transaction.atomic
def pass_on(gathering: Gathering, *, now: datetime) -> PlacesPassedOn:
    """End the offers that ran out, and offer every free place to the next in line."""
    return _pass_on(lock(gathering), now)


def _pass_on(gathering: Gathering, now: datetime) -> PlacesPassedOn:
    """Needs the gathering's lock. Nobody is offered a place too late to answer, or at a gathering called off."""
    told = ("user", "unit", "participation__municipality__county", "participation__cohort")
    expired = list(gathering.registrations.offered().filter(offered_until__lte=now).select_related(*told))
    for registration in expired:
        registration.gathering, registration.expired_at = gathering, now
        registration.save(update_fields=["expired_at"])
    until = gathering.offer_lasts_until(now)
    if not _may_be_joined(gathering) or until is None:
        return PlacesPassedOn(expired, [])
    waiting = gathering.registrations.waiting().select_related(*told)
    waiting = waiting.filter(participation__withdrawn_at__isnull=True)
    if gathering.capacity is not None:
        waiting = waiting[: max(gathering.capacity - taken(gathering), 0)]
    offered = list(waiting)
    for registration in offered:
        registration.gathering = gathering
        registration.offered_at, registration.offered_until = now, until
        registration.save(update_fields=["offered_at", "offered_until"])
    return PlacesPassedOn(expired, offered)


@transaction.atomic
def swap(
    registration: Registration, *, name: str, email: str, function: str, by: User, now: datetime
) -> tuple[Registration, Swap] | None:
    """Let another person have what this one has: the place, the offer with its deadline, or the turn in line.

    None when the person has it already. Days, nights and the way to travel stay as they were chosen; that the journey
    is ordered, a decision on expenses and what somebody needs are the first person's own, and do not follow.
    Raises ValidationError, and stores nothing, when there is no seat to hand over any more, or the other person has
    one already (code "taken").
    """
    registration = _reload(registration)
    gathering = registration.gathering
    user = User.objects.for_email(email, name=name, by=by)
    if user == registration.user:
        return None
    _check_swap(registration, function=function, now=now)
    if other := gathering.registrations.active().filter(user=user).first():
        raise ValidationError(
            _("Adressen er allerede påmeldt: %(name)s, %(represents)s. Hver deltaker trenger sin egen.")
            % {"name": other.name, "represents": other.represents},
            code="taken",
        )
    before, before_name = registration.user, registration.name
    Needs.objects.filter(registration=registration).delete()
    registration.pass_to(user, name=name, function=function, by=by)
    done = Swap.objects.create(
        registration=registration,
        before=before,
        before_name=before_name,
        after=user,
        calendar_version=registration.calendar_version,
        swapped_at=now,
        swapped_by=by,
    )
    return registration, done


def _check_swap(registration: Registration, *, function: str, now: datetime) -> None:
    """Raise ValidationError when this seat can't go to another person, or not to one with this function."""
    gathering = registration.gathering
    over = registration.state == Registration.State.OFFERED and not registration.has_live_offer(now=now)
    if not registration.is_active or over or registration.attendances.exists():
        raise ValidationError(_("Påmeldingen gjelder ikke lenger."), code="inactive")
    if not _may_be_joined(gathering) or gathering.is_past(today=timezone.localdate(now)):
        raise ValidationError(_("Samlingen er over, eller den er ikke avklart."), code="closed")
    if function != registration.function and not gathering.invites([function]):
        raise ValidationError(_("Samlingen er ikke for den funksjonen."), code="audience")
    if function == Contact.Function.HEAD and registration.unit_id is None:
        raise ValidationError(
            _("Personen kommer for kommunen og leder ingen enhet. Velg en annen funksjon."), code="head"
        )
