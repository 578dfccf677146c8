"""Whether a participant's expenses are covered, and if not, why and what to do.

The welcome letter's condition: travel and stay are covered when the procedures for registration and ordering that are
stated for each gathering were followed.
"""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.models import Gathering, Registration
from parts.dates import day_in_words


class State(models.TextChoices):
    COVERED = "covered", gettext_lazy("Dekkes")
    CONDITIONAL = "conditional", gettext_lazy("Dekkes når reisen er bestilt")
    NOT_COVERED = "not_covered", gettext_lazy("Dekkes ikke")
    NONE = "none", gettext_lazy("Ingenting å dekke")


@dataclass(frozen=True)
class Reimbursement:
    """`text` is the answer in a sentence, `why` what it rests on, `todo` what to do about it, by when."""

    state: State
    text: str
    why: list[str] = field(default_factory=list)
    todo: str = ""
    decided_by_staff: bool = False


def assess(registration: Registration, *, today: date) -> Reimbursement:
    """Reads the row and its gathering, nothing else. The deadlines are those the gathering has now."""
    gathering = registration.gathering
    if registration.state != Registration.State.PLACED:
        return Reimbursement(State.NONE, _("Det er ingenting å dekke uten en plass på samlingen."))
    if registration.reimbursement:
        state = State(registration.reimbursement)
        return Reimbursement(
            state, _text(state), [registration.reimbursement_reason], _ask(state), decided_by_staff=True
        )
    ordered = registration.travel_ordered_on
    if gathering.settled == Gathering.Settled.CANCELLED and ordered is None:
        return Reimbursement(State.NONE, _("Samlingen er avlyst, og det er ingen bestilt reise å dekke."))
    registered, why_registered = _registration(registration)
    travel, why_travel, todo = _travel(registration, today)
    if registered == State.COVERED:
        why = [*why_registered, *why_travel] if travel == State.COVERED else why_travel
        return Reimbursement(travel, _text(travel), why, todo or _ask(travel))
    why = [*why_registered, *(why_travel if travel == State.NOT_COVERED else [])]
    return Reimbursement(State.NOT_COVERED, _text(State.NOT_COVERED), why, _ask(State.NOT_COVERED))


def _registration(registration: Registration) -> tuple[State, list[str]]:
    deadline, day = registration.gathering.closes_on, timezone.localdate(registration.registered_at)
    if deadline is None:
        return State.COVERED, []
    if day <= deadline:
        return State.COVERED, [_("Påmeldingen kom innen fristen, %(deadline)s.") % {"deadline": day_in_words(deadline)}]
    said = _("Påmeldingen kom %(day)s. Fristen var %(deadline)s.")
    return State.NOT_COVERED, [said % {"day": day_in_words(day), "deadline": day_in_words(deadline)}]


def _travel(registration: Registration, today: date) -> tuple[State, list[str], str]:
    deadline, ordered = registration.gathering.travel_closes_on, registration.travel_ordered_on
    if registration.travel != Registration.Travel.ORDERS or deadline is None:
        return State.COVERED, [], ""
    if ordered is not None:
        state = State.COVERED if ordered <= deadline else State.NOT_COVERED
        said = _("Reisen ble bestilt %(day)s. Fristen var %(deadline)s.")
        return state, [said % {"day": day_in_words(ordered), "deadline": day_in_words(deadline)}], ""
    if not registration.gathering.is_settled:
        # The deadline was for a date that no longer holds.
        why = _("Reisen er ikke registrert som bestilt.")
        return State.CONDITIONAL, [why], _("Vent med å bestille reisen til den nye datoen er klar.")
    if today <= deadline:
        todo = _(
            "Bestill reisen innen %(deadline)s etter framgangsmåten, og registrer at den er bestilt. "
            "Da dekkes utgiftene."
        )
        why = _("Reisen er ikke registrert som bestilt.")
        return State.CONDITIONAL, [why], todo % {"deadline": day_in_words(deadline)}
    why = _("Reisen er ikke registrert som bestilt. Fristen var %(deadline)s.") % {"deadline": day_in_words(deadline)}
    return State.NOT_COVERED, [why], ""


def _text(state: State) -> str:
    if state == State.COVERED:
        return _("Utgiftene til reise og opphold dekkes.")
    if state == State.CONDITIONAL:
        return _("Utgiftene til reise og opphold dekkes når reisen er bestilt i tide.")
    return _("Utgiftene til reise og opphold dekkes ikke.")


def _ask(state: State) -> str:
    if state != State.NOT_COVERED:
        return ""
    said = _("Er dette feil, eller var det en god grunn? Skriv til %(address)s. Vi kan gjøre unntak.")
    return said % {"address": settings.SUPPORT_EMAIL}


def reimbursement_state(*, today: date) -> Case:
    """The state of each row, for the database to filter and sort by: the same rule as `assess`."""
    unordered = Q(travel_ordered_on__isnull=True)
    must_order = Q(travel=Registration.Travel.ORDERS, gathering__travel_closes_on__isnull=False)
    unsettled = ~Q(gathering__settled=Gathering.Settled.FIXED)
    return Case(
        When(Q(placed_at__isnull=True) | Q(cancelled_at__isnull=False), then=Value(State.NONE)),
        When(reimbursement=Registration.Decision.COVERED, then=Value(State.COVERED)),
        When(reimbursement=Registration.Decision.NOT_COVERED, then=Value(State.NOT_COVERED)),
        When(unordered & Q(gathering__settled=Gathering.Settled.CANCELLED), then=Value(State.NONE)),
        When(registered_at__date__gt=F("gathering__closes_on"), then=Value(State.NOT_COVERED)),
        When(
            must_order & Q(travel_ordered_on__gt=F("gathering__travel_closes_on")),
            then=Value(State.NOT_COVERED),
        ),
        When(
            must_order & unordered & (unsettled | Q(gathering__travel_closes_on__gte=today)),
            then=Value(State.CONDITIONAL),
        ),
        When(must_order & unordered, then=Value(State.NOT_COVERED)),
        default=Value(State.COVERED),
        output_field=CharField(),
    )
