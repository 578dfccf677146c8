"""Whether a participant's expenses are covered, and if not, why and what to do.

The welcome letter's condition: travel and stay are covered when the procedures for registration and ordering that are
stated for each gathering were followed.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.models import Gathering, Registration
from parts.dates import day_in_words, through

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


TOO_LATE = (TravelOrder.LATE, TravelOrder.MISSED)

if TYPE_CHECKING:

    class ReimbursementFacts(TypedDict):
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
    """Each with the rule's answer, to read with `assess`, filter and sort by. The deadlines are the gathering's now."""
    return registrations.annotate(
        registered_late=_registered_late(), travel_order=_travel_order(today), reimbursement_state=_state()
    )


def _registered_late() -> Case:
    late = When(registered_at__date__gt=F("gathering__closes_on"), then=Value(True))
    return Case(late, default=Value(False), output_field=models.BooleanField())


def _travel_order(today: date) -> Case:
    deadline = "gathering__travel_closes_on"
    return Case(
        When(~Q(travel=Registration.Travel.ORDERS), then=Value(TravelOrder.NOT_NEEDED)),
        When(**{f"{deadline}__isnull": True}, then=Value(TravelOrder.NOT_NEEDED)),
        When(travel_ordered_on__lte=F(deadline), then=Value(TravelOrder.IN_TIME)),
        When(travel_ordered_on__gt=F(deadline), then=Value(TravelOrder.LATE)),
        # The deadline was for a date that no longer holds.
        When(~Q(gathering__settled=Gathering.Settled.FIXED), then=Value(TravelOrder.NO_DATE)),
        When(**{f"{deadline}__gte": today}, then=Value(TravelOrder.TO_DO)),
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
        return Reimbursement(state, _("Det er ingenting å dekke uten en plass på samlingen."))
    if registration.reimbursement:
        why = [registration.reimbursement_reason]
        return Reimbursement(state, _text(state), why, _ask(state), decided_by_staff=True)
    order = TravelOrder(registration.travel_order)
    why = []
    if registration.registered_late or state == ReimbursementState.COVERED:
        why += _why_registration(registration)
    if not registration.registered_late or order in TOO_LATE:
        why += _why_travel(registration, order)
    todo = _todo(registration, order) if state == ReimbursementState.CONDITIONAL else _ask(state)
    return Reimbursement(state, _text(state), why, todo)


def _why_registration(registration: Registration) -> list[str]:
    deadline, day = registration.gathering.closes_on, timezone.localdate(registration.registered_at)
    if deadline is None:
        return []
    if day <= deadline:
        return [_("Påmeldingen kom innen fristen, %(deadline)s.") % {"deadline": day_in_words(deadline)}]
    said = _("Påmeldingen kom %(day)s. Fristen var %(deadline)s.")
    return [said % {"day": day_in_words(day), "deadline": day_in_words(deadline)}]


def _why_travel(registration: Registration, order: TravelOrder) -> list[str]:
    if order == TravelOrder.NOT_NEEDED:
        return []
    deadline = day_in_words(registration.gathering.travel_closes_on)
    if registration.travel_ordered_on:
        said = _("Reisen ble bestilt %(day)s. Fristen var %(deadline)s.")
        return [said % {"day": day_in_words(registration.travel_ordered_on), "deadline": deadline}]
    if order == TravelOrder.MISSED:
        return [_("Reisen er ikke registrert som bestilt. Fristen var %(deadline)s.") % {"deadline": deadline}]
    return [_("Reisen er ikke registrert som bestilt.")]


def _todo(registration: Registration, order: TravelOrder) -> str:
    if order == TravelOrder.NO_DATE:
        return _("Vent med å bestille reisen til den nye datoen er klar.")
    todo = _(
        "Bestill reisen etter framgangsmåten, og registrer at den er bestilt. Da dekkes utgiftene. Frist: %(deadline)s."
    )
    return todo % {"deadline": through(registration.gathering.travel_closes_on)}


def _text(state: ReimbursementState) -> str:
    if state == ReimbursementState.COVERED:
        return _("Utgiftene til reise og opphold dekkes.")
    if state == ReimbursementState.CONDITIONAL:
        return _("Utgiftene til reise og opphold dekkes når reisen er bestilt i tide.")
    return _("Utgiftene til reise og opphold dekkes ikke.")


def _ask(state: ReimbursementState) -> str:
    if state != ReimbursementState.NOT_COVERED:
        return ""
    said = _("Er dette feil, eller var det en god grunn? Skriv til %(address)s. Vi kan gjøre unntak.")
    return said % {"address": settings.SUPPORT_EMAIL}
