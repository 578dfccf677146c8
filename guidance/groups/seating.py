"""Between the rows of a composition and the composer: what it needs to know, and what it proposes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.groups import composer, rules, steps
from guidance.groups.obstacles import Obstacle, obstacles
from guidance.groups.rules import Breach, MunicipalityProfile, Reason, Seat, SupervisorProfile
from guidance.groups.steps import version
from guidance.models import (
    Capacity,
    Composition,
    CompositionStep,
    GroupMember,
    GuidanceSession,
    GuidanceSettings,
    ProposedSeat,
    Supervisor,
)
from guidance.staffing.leaves import away
from guidance.staffing.load import loads
from participants.models import Cohort, Participation, Unit, in_operation
from parts.rows import annotated


@dataclass
class Seating:
    """A cohort's municipalities and supervisors, and their seats now. Seats in one that withdrew are apart."""

    participations: Mapping[int, Participation]
    supervisors: Mapping[int, Supervisor]
    most: dict[int, int]  # by supervisor; one who has left the cohort is missing
    municipalities: list[MunicipalityProfile]
    people: list[SupervisorProfile]
    seats: dict[int, list[ProposedSeat]] = field(default_factory=dict)
    dropped: list[ProposedSeat] = field(default_factory=list)
    away: Mapping[int, str] = field(default_factory=dict)  # by supervisor: their leave in words

    @property
    def all_seats(self) -> list[ProposedSeat]:
        return [seat for group in self.seats.values() for seat in group]

    @property
    def as_seats(self) -> list[Seat]:
        return [_seat(seat) for seat in self.all_seats]

    def breaches(self) -> list[Breach]:
        return rules.breaches(self.municipalities, self.people, self.as_seats)

    def reasons(self) -> dict[int, list[Reason]]:
        locked = [_seat(seat) for seat in self.all_seats if seat.locked]
        return rules.reasons(self.municipalities, self.people, self.as_seats, locked)

    def obstacles(self) -> list[Obstacle]:
        """Why rules are not met; nothing while nobody sits anywhere."""
        locked = [_seat(seat) for seat in self.all_seats if seat.locked]
        return obstacles(self.municipalities, self.people, self.as_seats, locked) if self.seats else []

    def loads(self) -> Counter[int]:
        """Municipalities by supervisor."""
        return rules.loads(rules.grouped(self.municipalities, self.people, self.as_seats))

    def with_group(self, participation: int, group: dict[int, bool]) -> list[Seat]:
        """All seats, with this group (who, and whether they lead) in one municipality instead of the one it has."""
        others = [seat for seat in self.as_seats if seat.municipality != participation]
        return others + [Seat(participation, person, leads) for person, leads in group.items()]


def read_seating(cohort: Cohort, composition: Composition) -> Seating:
    """Read it in eight queries, however many there are, and one more unless the cohort has its settings with it."""
    settings = GuidanceSettings.objects.of(cohort)
    groups = _groups_now(cohort)
    elsewhere = loads(timezone.localdate(), besides=cohort)
    taking_part = cohort.participations.taking_part().filter(accepted_at__isnull=False)
    participations = {one.pk: one for one in with_units(taking_part).order_by("municipality__name", "pk")}
    seats = list(composition.seats.select_related("participation__municipality__county", "supervisor"))
    capacity = Capacity.objects.filter(cohort=cohort, supervisor=OuterRef("pk"), supervisor__user__is_active=True)
    people = (
        Supervisor.objects.annotate(in_cohort=Exists(capacity), most=Subquery(capacity.values("most")))
        .filter(Q(in_cohort=True) | Q(pk__in={seat.supervisor_id for seat in seats}))
        .prefetch_related("preferred_counties", "not_with")
    )
    supervisors = {one.pk: one for one in people}
    most = {key: annotated(one, "most", int) for key, one in supervisors.items() if annotated(one, "in_cohort", bool)}
    found = Seating(
        participations=participations,
        supervisors=supervisors,
        most=most,
        municipalities=[
            municipality_profile(one, settings, group=groups.get(one.pk, [])) for one in participations.values()
        ],
        people=[
            supervisor_profile(one, most=most.get(one.pk, 0), elsewhere=elsewhere.get(one.pk, 0))
            for one in supervisors.values()
        ],
        away=away(today=timezone.localdate()),
    )
    for seat in seats:
        if seat.participation_id in participations:
            found.seats.setdefault(seat.participation_id, []).append(seat)
        else:
            found.dropped.append(seat)
    return found


def _groups_now(cohort: Cohort) -> dict[int, list[GroupMember]]:
    """By municipality: those in its group now, each with `known`: whether they have held sessions there."""
    held = GuidanceSession.objects.held().filter(group=OuterRef("group"), supervisors=OuterRef("supervisor"))
    members = GroupMember.objects.current().filter(group__participation__cohort=cohort).annotate(known=Exists(held))
    found: dict[int, list[GroupMember]] = {}
    for member in members.select_related("group").order_by("pk"):
        found.setdefault(member.group.participation_id, []).append(member)
    return found


def with_units(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """Each with how many units it has now, and how many of them are kindergartens, for `municipality_profile`."""
    active = in_operation(today=timezone.localdate(), unit="units")
    return participations.select_related("municipality__county").annotate(
        unit_count=Count("units", filter=active),
        kindergartens=Count("units", filter=active & Q(units__kind=Unit.Kind.KINDERGARTEN)),
    )


def municipality_profile(
    participation: Participation, settings: GuidanceSettings, *, group: Iterable[GroupMember] = ()
) -> MunicipalityProfile:
    """`group`: those in it now, as `_groups_now` finds them."""
    members = list(group)
    known = [member for member in members if annotated(member, "known", bool)]
    units, kindergartens = annotated(participation, "unit_count", int), annotated(participation, "kindergartens", int)
    return MunicipalityProfile(
        key=participation.pk,
        number=participation.municipality.number,
        county=participation.municipality.county.number,
        size=settings.group_size(units),
        kindergartens=kindergartens > 0,
        schools=units > kindergartens,
        members=frozenset(member.supervisor_id for member in members),
        known=frozenset(member.supervisor_id for member in known),
        led_by=next((member.supervisor_id for member in known if member.leads), None),
    )


def supervisor_profile(supervisor: Supervisor, *, most: int, elsewhere: int = 0) -> SupervisorProfile:
    return SupervisorProfile(
        key=supervisor.pk,
        centre=supervisor.employer == Supervisor.Employer.CENTRE,
        kindergarten=supervisor.knows_kindergarten,
        school=supervisor.knows_school,
        counties=frozenset(county.number for county in supervisor.preferred_counties.all()),
        barred=frozenset(municipality.number for municipality in supervisor.not_with.all()),
        most=most,
        elsewhere=elsewhere,
    )


def _seat(seat: ProposedSeat) -> Seat:
    return Seat(seat.participation_id, seat.supervisor_id, seat.leads)


def work_out(cohort: Cohort, composition: Composition) -> tuple[Seating, composer.Proposal]:
    """Return the composition as it is, and the best proposal around what is locked. Nothing is stored."""
    seated = read_seating(cohort, composition)
    locked = [_seat(seat) for seat in seated.all_seats if seat.locked]
    return seated, composer.compose(seated.municipalities, seated.people, locked=locked)


def after(seated: Seating, proposal: composer.Proposal) -> Seating:
    """The composition as it would be with the proposal. Its seats are not stored."""
    locked = {(seat.participation_id, seat.supervisor_id) for seat in seated.all_seats if seat.locked}
    groups: dict[int, list[ProposedSeat]] = {}
    for seat in proposal.seats:
        groups.setdefault(seat.municipality, []).append(
            ProposedSeat(
                participation=seated.participations[seat.municipality],
                supervisor=seated.supervisors[seat.person],
                leads=seat.leads,
                locked=(seat.municipality, seat.person) in locked,
            )
        )
    return replace(seated, seats=groups)


def propose(cohort: Cohort, composition: Composition, *, by: User, now: datetime) -> bool:
    """Fill the seats around those that are locked. The solver runs outside of the transaction that stores.

    Return whether anything changed. Raise ValidationError when it was published or changed by somebody else meanwhile.
    """
    seated, proposal = work_out(cohort, composition)
    return store(composition, proposal, seen=version(seated.all_seats), by=by, now=now)


@transaction.atomic
def store(composition: Composition, proposal: composer.Proposal, *, seen: str, by: User, now: datetime) -> bool:
    """Let the seats be as proposed. Return whether any changed.

    Raise ValidationError when it is no longer worked on, or the seats are no longer those that were `seen`.
    """
    working = composition.as_open()
    before = steps.facts(working.seats.all())
    seats = working.seats_of_participants()
    if version(seats) != seen:
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
            composition=working, participation_id=seat.municipality, supervisor_id=seat.person, leads=seat.leads
        )
        for seat in proposal.seats
        if (seat.municipality, seat.person) not in kept
    )
    working.proposed_at = now
    working.save(update_fields=["proposed_at"])
    return steps.store(working, CompositionStep.Kind.PROPOSED, before=before, by=by, now=now)


@transaction.atomic
def lock(composition: Composition, *, locked: bool, by: User, now: datetime, participation: int | None = None) -> None:
    """Lock or unlock the seats of one municipality, or of all. Raise ValidationError when it is published."""
    working = composition.as_open()
    before = steps.facts(working.seats.all())
    seats = working.seats.all()
    if participation is not None:
        seats = seats.filter(participation=participation)
    seats.update(locked=locked)
    kind = CompositionStep.Kind.LOCKED if locked else CompositionStep.Kind.UNLOCKED
    steps.store(working, kind, before=before, participation=participation, by=by, now=now)


@transaction.atomic
def choose(
    composition: Composition,
    participation: Participation,
    *,
    group: dict[int, bool],
    locked: bool,
    seen: str,
    by: User,
    now: datetime,
) -> None:
    """Set a municipality's seats by hand: who, and whether they lead.

    Raise ValidationError when it is published, or the group is no longer what was `seen` (see `version`).
    """
    working = composition.as_open()
    before = steps.facts(working.seats.all())
    seats = working.seats.filter(participation=participation)
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
    steps.store(working, CompositionStep.Kind.CHOSEN, before=before, participation=participation, by=by, now=now)


@transaction.atomic
def publish(composition: Composition, *, seen: str, by: User, now: datetime) -> None:
    """Publish what was `seen`. Raise ValidationError when it is published already, or has changed since."""
    working = composition.as_open()
    if version(working.seats_of_participants()) != seen:
        raise ValidationError(_("Noen endret gruppene mens du hadde siden åpen."), code="changed")
    working.publish(by=by, now=now)
