"""Whether a participant's expenses are covered, and if not, why and what to do.

The welcome letter's condition: travel and stay are covered when the procedures for registration and ordering that are
stated for each gathering were followed. A deadline that is moved counts where it helps: a registration is judged by the
latest deadline that has held since it was made, so that nothing that was covered stops being so.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.models import EarlierDeadline, Gathering, Registration
from gatherings.registration.striking import REMOVED
from participants.models.strike import struck_texts
from parts.dates import day_in_words

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class ReimbursementState(models.TextChoices):
    COVERED = "covered", gettext_lazy("Dekkes")
    CONDITIONAL = "conditional", gettext_lazy("Dekkes når reisen er bestilt")
    NOT_COVERED = "not_covered", gettext_lazy("Dekkes ikke")
    NONE = "none", gettext_lazy("Ingenting å dekke")


class TravelOrder(models.TextChoices):
    """How the journey was ordered, beside the deadline for it."""

    NOT_NEEDED = "not_needed"
    IN_TIME = "in_time"
    LATE = "late"
    NO_DATE = "no_date"
    TO_DO = "to_do"
    MISSED = "missed"


Kind = EarlierDeadline.Kind
TOO_LATE = (TravelOrder.LATE, TravelOrder.MISSED)

if TYPE_CHECKING:

    class ReimbursementFacts(TypedDict):
        registration_deadline: date | None  # the latest that has held since; None for none
        travel_deadline: date | None
        order_by: date | None  # by when to order: the gathering's deadline while it lasts
        registered_late: bool
        travel_order: str
        reimbursement_state: str

    WithReimbursement = WithAnnotations[Registration, ReimbursementFacts]


@dataclass(frozen=True)
class Reimbursement:
    """`text` is the answer in a sentence, `why` what it rests on, `todo` what to do about it, by when."""

    state: ReimbursementState
    text: str
    why: list[str] = field(default_factory=list)
    todo: str = ""
    decided_by_staff: bool = False


def with_reimbursement(
    registrations: models.QuerySet[Registration], *, today: date
) -> "models.QuerySet[WithReimbursement]":
    """Each with the rule's answer, to read with `assess`, filter and sort by."""
    travel_deadline = _latest(Kind.TRAVEL, "travel_closes_on")
    return registrations.annotate(
        registration_deadline=_latest(Kind.REGISTRATION, "closes_on"),
        travel_deadline=travel_deadline,
        order_by=Case(
            When(gathering__travel_closes_on__gte=today, then=F("gathering__travel_closes_on")), default=travel_deadline
        ),
        registered_late=_registered_late(),
        travel_order=_travel_order(today),
        reimbursement_state=_state(),
    )


def _since_registered(kind: EarlierDeadline.Kind) -> models.QuerySet[EarlierDeadline]:
    return EarlierDeadline.objects.filter(
        gathering=OuterRef("gathering"), kind=kind, held_until__gt=OuterRef("registered_at")
    )


def _latest(kind: EarlierDeadline.Kind, name: str) -> Case:
    """The latest of the deadlines that have held since the person was registered; null when there was none.

    A gathering that was moved to an earlier date takes no orders after it has begun, whatever held before.
    """
    deadline = f"gathering__{name}"
    begins = Case(When(gathering__starts_on__lt=F("day"), then=F("gathering__starts_on")), default=F("day"))
    earlier = _since_registered(kind).annotate(latest=begins).order_by("-latest").values("latest")[:1]
    return Case(
        When(Q(**{f"{deadline}__isnull": True}) | Exists(_since_registered(kind).filter(day__isnull=True)), then=None),
        default=Greatest(F(deadline), Coalesce(Subquery(earlier), F(deadline))),
        output_field=models.DateField(),
    )


def _registered_late() -> Case:
    late = When(registered_at__date__gt=F("registration_deadline"), then=Value(True))
    return Case(late, default=Value(False), output_field=models.BooleanField())


def _travel_order(today: date) -> Case:
    settled = Q(gathering__settled=Gathering.Settled.FIXED)
    needs_none = Q(gathering__travel_closes_on__isnull=True) & settled
    return Case(
        When(~Q(travel=Registration.Travel.ORDERS), then=Value(TravelOrder.NOT_NEEDED)),
        When(Exists(_since_registered(Kind.TRAVEL).filter(day__isnull=True)), then=Value(TravelOrder.NOT_NEEDED)),
        When(needs_none, then=Value(TravelOrder.NOT_NEEDED)),
        When(travel_ordered_on__isnull=False, travel_deadline__isnull=True, then=Value(TravelOrder.IN_TIME)),
        When(travel_ordered_on__lte=F("travel_deadline"), then=Value(TravelOrder.IN_TIME)),
        When(travel_ordered_on__gt=F("travel_deadline"), then=Value(TravelOrder.LATE)),
        # The deadline was for a date that no longer holds.
        When(~settled, then=Value(TravelOrder.NO_DATE)),
        When(travel_deadline__gte=today, then=Value(TravelOrder.TO_DO)),
        default=Value(TravelOrder.MISSED),
        output_field=CharField(),
    )


def _state() -> Case:
    called_off = Q(gathering__settled=Gathering.Settled.CANCELLED, travel_ordered_on__isnull=True)
    return Case(
        When(~Registration.is_in_state(Registration.State.PLACED), then=Value(ReimbursementState.NONE)),
        When(reimbursement=Registration.Decision.COVERED, then=Value(ReimbursementState.COVERED)),
        When(reimbursement=Registration.Decision.NOT_COVERED, then=Value(ReimbursementState.NOT_COVERED)),
        When(called_off, then=Value(ReimbursementState.NONE)),
        When(registered_late=True, then=Value(ReimbursementState.NOT_COVERED)),
        When(travel_order__in=TOO_LATE, then=Value(ReimbursementState.NOT_COVERED)),
        When(travel_order__in=[TravelOrder.NO_DATE, TravelOrder.TO_DO], then=Value(ReimbursementState.CONDITIONAL)),
        default=Value(ReimbursementState.COVERED),
        output_field=CharField(),
    )


def assess(registration: "WithReimbursement") -> Reimbursement:
    """Put the rule's answer into words. Read the row through `with_reimbursement`, and its gathering with it."""
    state = ReimbursementState(registration.reimbursement_state)
    if state == ReimbursementState.NONE and registration.state == Registration.State.PLACED:
        return Reimbursement(state, _("Samlingen er avlyst, og det er ingen bestilt reise å dekke."))
    if state == ReimbursementState.NONE:
        return Reimbursement(state, _("Blir det en plass, dekkes reise og opphold når framgangsmåten er fulgt."))
    if registration.reimbursement:
        why = [registration.reimbursement_reason]
        if why == [REMOVED]:
            why = [struck_texts(registration).get("reimbursement_reason", REMOVED)]
        return Reimbursement(state, _text(state), why, _ask(state), decided_by_staff=True)
    order = TravelOrder(registration.travel_order)
    why = []
    if registration.registered_late or state == ReimbursementState.COVERED:
        why += _why_registration(registration)
    if not registration.registered_late or order in TOO_LATE:
        why += _why_travel(registration, order)
    todo = _todo(registration, order) if state == ReimbursementState.CONDITIONAL else _ask(state)
    return Reimbursement(state, _text(state), why, todo)


def _why_registration(registration: "WithReimbursement") -> list[str]:
    deadline, day = registration.registration_deadline, timezone.localdate(registration.registered_at)
    if deadline is None:
        return []
    if day <= deadline:
        closes_on = registration.gathering.closes_on
        if closes_on and day <= closes_on:
            return [
                _("Påmeldingen kom innen fristen, som var til og med %(deadline)s.")
                % {"deadline": day_in_words(closes_on)}
            ]
        said = _("Påmeldingen kom innen fristen som gjaldt da, til og med %(deadline)s.")
        return [said % {"deadline": day_in_words(deadline)}]
    said = _("Påmeldingen kom %(day)s. Fristen var %(deadline)s.")
    return [said % {"day": day_in_words(day), "deadline": day_in_words(deadline)}]


def _why_travel(registration: "WithReimbursement", order: TravelOrder) -> list[str]:
    if order == TravelOrder.NOT_NEEDED:
        return []
    deadline = day_in_words(registration.travel_deadline)
    if registration.travel_ordered_on and not deadline:
        said = _("Reisen ble bestilt %(day)s.")
        return [said % {"day": day_in_words(registration.travel_ordered_on)}]
    if registration.travel_ordered_on:
        said = _("Reisen ble bestilt %(day)s. Fristen var %(deadline)s.")
        return [said % {"day": day_in_words(registration.travel_ordered_on), "deadline": deadline}]
    if order == TravelOrder.MISSED:
        return [_("Reisen er ikke registrert som bestilt. Fristen var %(deadline)s.") % {"deadline": deadline}]
    return [_("Reisen er ikke registrert som bestilt.")]


def _todo(registration: "WithReimbursement", order: TravelOrder) -> str:
    if order == TravelOrder.NO_DATE:
        return _("Vent med å bestille reisen til den nye datoen er klar.")
    todo = _(
        "Bestill reisen etter framgangsmåten til og med %(deadline)s, og registrer at den er bestilt. "
        "Da dekkes utgiftene."
    )
    return todo % {"deadline": day_in_words(registration.order_by)}


def _text(state: ReimbursementState) -> str:
    if state == ReimbursementState.COVERED:
        return _("Utgiftene til reise og opphold dekkes.")
    if state == ReimbursementState.CONDITIONAL:
        return _("Utgiftene til reise og opphold dekkes når reisen er bestilt i tide.")
    return _("Utgiftene til reise og opphold dekkes ikke.")


def _ask(state: ReimbursementState) -> str:
    if state != ReimbursementState.NOT_COVERED:
        return ""
    said = _("Mener du at dette er feil, eller hadde du en god grunn? Skriv til %(address)s. Vi kan gjøre unntak.")
    return said % {"address": settings.SUPPORT_EMAIL}
