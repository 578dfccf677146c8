"""Between the rows of a composition and the composer: what it needs to know, and what it proposes."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.groups import composer
from guidance.models import Capacity, Composition, GuidanceSettings, ProposedSeat, Supervisor
from participants.models import Cohort, Participation, Unit


@dataclass
class Seating:
    """A cohort's municipalities and supervisors, and the seats as they stand. Seats of who withdrew are apart."""

    participations: Mapping[int, Participation]
    supervisors: Mapping[int, Supervisor]
    most: dict[int, int]  # by supervisor; who is not in the cohort any more is missing
    municipalities: list[composer.Municipality]
    people: list[composer.Person]
    seats: dict[int, list[ProposedSeat]] = field(default_factory=dict)
    dropped: list[ProposedSeat] = field(default_factory=list)

    @property
    def as_seats(self) -> list[composer.Seat]:
        return [_seat(seat) for group in self.seats.values() for seat in group]

    def breaches(self) -> list[composer.Breach]:
        return composer.breaches(self.municipalities, self.people, self.as_seats)

    def reasons(self) -> dict[int, list[composer.Reason]]:
        locked = [_seat(seat) for group in self.seats.values() for seat in group if seat.locked]
        return composer.reasons(self.municipalities, self.people, self.as_seats, locked)

    def with_group(self, participation: int, group: dict[int, bool]) -> list[composer.Seat]:
        """All seats, with this group (who, and whether they lead) in one municipality instead of the one it has."""
        others = [seat for seat in self.as_seats if seat.municipality != participation]
        return others + [composer.Seat(participation, person, leads) for person, leads in group.items()]


def of(cohort: Cohort, composition: Composition) -> Seating:
    """In five queries, however many there are, and one more unless the cohort has its settings with it."""
    settings = GuidanceSettings.objects.of(cohort)
    taking_part = cohort.participations.taking_part().filter(accepted_at__isnull=False)
    participations = {one.pk: one for one in with_units(taking_part).order_by("municipality__name", "pk")}
    seats = list(composition.seats.select_related("participation__municipality", "supervisor"))
    capacity = Capacity.objects.filter(cohort=cohort, supervisor=OuterRef("pk"), supervisor__user__is_active=True)
    people = (
        Supervisor.objects.annotate(most=Subquery(capacity.values("most")))
        .filter(Q(most__isnull=False) | Q(pk__in={seat.supervisor_id for seat in seats}))
        .prefetch_related("preferred_counties", "not_with")
    )
    supervisors = {one.pk: one for one in people}
    most = {key: one.most for key, one in supervisors.items() if one.most is not None}  # type: ignore[attr-defined]
    found = Seating(
        participations=participations,
        supervisors=supervisors,
        most=most,
        municipalities=[municipality(one, settings) for one in participations.values()],
        people=[person(one, most=most.get(one.pk, 0)) for one in supervisors.values()],
    )
    for seat in seats:
        if seat.participation_id in participations:
            found.seats.setdefault(seat.participation_id, []).append(seat)
        else:
            found.dropped.append(seat)
    return found


def with_units(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """Each with how many units it has now and how many of them are kindergartens, as `municipality` needs it."""
    active = Q(units__closed_on__isnull=True)
    return participations.select_related("municipality__county").annotate(
        unit_count=Count("units", filter=active),
        kindergartens=Count("units", filter=active & Q(units__kind=Unit.Kind.KINDERGARTEN)),
    )


def municipality(participation: Participation, settings: GuidanceSettings) -> composer.Municipality:
    units: int = participation.unit_count  # type: ignore[attr-defined]
    kindergartens: int = participation.kindergartens  # type: ignore[attr-defined]
    return composer.Municipality(
        key=participation.pk,
        number=participation.municipality.number,
        county=participation.municipality.county.number,
        size=settings.group_size(units),
        kindergartens=kindergartens > 0,
        schools=units > kindergartens,
    )


def person(supervisor: Supervisor, *, most: int) -> composer.Person:
    return composer.Person(
        key=supervisor.pk,
        centre=supervisor.employer == Supervisor.Employer.CENTRE,
        kindergarten=supervisor.knows_kindergarten,
        school=supervisor.knows_school,
        counties=frozenset(county.number for county in supervisor.preferred_counties.all()),
        barred=frozenset(municipality.number for municipality in supervisor.not_with.all()),
        most=most,
    )


def _seat(seat: ProposedSeat) -> composer.Seat:
    return composer.Seat(seat.participation_id, seat.supervisor_id, seat.leads)


def version(seats: Iterable[ProposedSeat]) -> str:
    """Tells whether these seats are still what somebody saw."""
    facts = sorted((seat.participation_id, seat.supervisor_id, seat.leads, seat.locked) for seat in seats)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def propose(cohort: Cohort, composition: Composition, *, now: datetime) -> composer.Proposal:
    """Fill the seats around those that are locked. The solver runs outside of the transaction that stores.

    Raises ValidationError when it was published or changed by somebody else meanwhile.
    """
    seating = of(cohort, composition)
    before = version(seat for group in seating.seats.values() for seat in group)
    locked = [_seat(seat) for group in seating.seats.values() for seat in group if seat.locked]
    proposal = composer.compose(seating.municipalities, seating.people, locked=locked)
    with transaction.atomic():
        held = _held(composition)
        seats = held.standing_seats()
        if version(seats) != before:
            raise ValidationError(
                _("Noen endret gruppene mens forslaget ble laget. Ingenting er endret. Lag forslaget på nytt."),
                code="changed",
            )
        seats.filter(locked=False).delete()
        seats.update(leads=False)
        kept = {(seat.participation_id, seat.supervisor_id): seat for seat in seats}
        lead = [old.pk for seat in proposal.seats if seat.leads and (old := kept.get((seat.municipality, seat.person)))]
        seats.filter(pk__in=lead).update(leads=True)
        ProposedSeat.objects.bulk_create(
            ProposedSeat(
                composition=held, participation_id=seat.municipality, supervisor_id=seat.person, leads=seat.leads
            )
            for seat in proposal.seats
            if (seat.municipality, seat.person) not in kept
        )
        held.proposed_at = now
        held.save(update_fields=["proposed_at"])
    return proposal


def _held(composition: Composition) -> Composition:
    """Locked, and still open."""
    held = Composition.objects.select_for_update().get(pk=composition.pk)
    if held.published_at:
        raise ValidationError(_("Gruppene er allerede publisert. Ingenting er endret."), code="published")
    return held


@transaction.atomic
def lock(composition: Composition, *, locked: bool, participation: int | None = None) -> None:
    """Lock or unlock the seats of one municipality, or of all. Raises ValidationError when it is published."""
    seats = _held(composition).seats.all()
    if participation is not None:
        seats = seats.filter(participation=participation)
    seats.update(locked=locked)


@transaction.atomic
def choose(
    composition: Composition, participation: Participation, *, group: dict[int, bool], locked: bool, seen: str
) -> None:
    """Set a municipality's seats by hand: who, and whether they lead.

    Raises ValidationError when it is published, or the group is no longer what was `seen` (see `version`).
    """
    seats = _held(composition).seats.filter(participation=participation)
    if version(seats) != seen:
        raise ValidationError(_("Noen endret gruppa mens du hadde siden åpen."), code="changed")
    seats.delete()
    for supervisor, leads in group.items():
        ProposedSeat.objects.create(
            composition=composition,
            participation=participation,
            supervisor_id=supervisor,
            leads=leads,
            locked=locked,
        )


@transaction.atomic
def publish(composition: Composition, *, seen: str, by: User, now: datetime) -> None:
    """Raises ValidationError when it is published already, or is no longer what was `seen`."""
    held = _held(composition)
    if version(held.standing_seats()) != seen:
        raise ValidationError(_("Noen endret gruppene mens du hadde siden åpen."), code="changed")
    held.publish(by=by, now=now)


@dataclass(frozen=True)
class Change:
    """What publishing does to a municipality's group."""

    participation: Participation
    is_new: bool
    group: list[ProposedSeat]
    joins: list[str]
    leaves: list[str]
    lead_moves: bool

    @property
    def changes(self) -> bool:
        return self.is_new or bool(self.joins or self.leaves) or self.lead_moves


def changes(seating: Seating, current: Iterable) -> list[Change]:
    """By municipality that has seats; `current` are the members as they are."""
    members: dict[int, dict[int, object]] = defaultdict(dict)
    for member in current:
        members[member.group.participation_id][member.supervisor_id] = member
    found = []
    for key, participation in seating.participations.items():
        if group := seating.seats.get(key):
            before = members.get(key, {})
            wanted = {seat.supervisor_id: seat for seat in group}
            found.append(
                Change(
                    participation=participation,
                    is_new=not before,
                    group=group,
                    joins=[seat.supervisor.name for one, seat in wanted.items() if one not in before],
                    leaves=[str(member) for one, member in before.items() if one not in wanted],
                    lead_moves=any(
                        one in before and before[one].leads != seat.leads  # type: ignore[attr-defined]
                        for one, seat in wanted.items()
                    ),
                )
            )
    return found
