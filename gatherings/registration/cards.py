"""The gatherings on my page: all that come, registered for or not, and those that are not settled afterwards."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext as _

from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.registration.reimbursement import assess
from gatherings.todos import EVALUATED_FOR
from participants.models import Cohort, Participation
from parts.rows import annotated

if TYPE_CHECKING:
    from gatherings.registration.reimbursement import WithReimbursement

# So long after its last day, whoever came still looks for the programme, the documents and the answer on expenses.
SETTLED_WITHIN = timedelta(days=60)

State = Registration.State


@dataclass(frozen=True)
class GatheringCard:
    """A gathering, with the person's own registration where there is one. `full`: who is registered now, waits."""

    gathering: Gathering
    registration: "WithReimbursement | None"
    today: date
    full: bool = False

    @property
    def is_past(self) -> bool:
        return self.gathering.is_past(today=self.today)

    @property
    def is_open(self) -> bool:
        return self.gathering.is_open(today=self.today)

    @property
    def opens_later(self) -> bool:
        opens_on = self.gathering.opens_on
        return self.gathering.is_settled and opens_on is not None and opens_on > self.today

    @property
    def tag(self) -> str:
        """What the person is at it: registered, waiting; afterwards whether they came. Empty for nothing."""
        if self.registration is None:
            return ""
        if self.registration.state != State.PLACED or not self._has_begun:
            return str(self.registration.state.label)
        if annotated(self.registration, "came", bool):
            return _("Du møtte")
        return _("Ikke registrert som møtt") if self.is_past else str(State.PLACED.label)

    @property
    def colour(self) -> str:
        if self.registration is None or (self.is_past and not annotated(self.registration, "came", bool)):
            return "neutral"
        return {State.PLACED: "success", State.WAITING: "warning", State.OFFERED: "warning"}.get(
            self.registration.state, "neutral"
        )

    @property
    def expenses(self) -> str:
        """The answer on expenses in a sentence, to who has a place."""
        if self.registration is None or self.registration.state != State.PLACED or not self.gathering.is_settled:
            return ""
        return assess(self.registration).text

    @property
    def evaluated_until(self) -> date | None:
        """The last day to say what one thinks, for who came and has not."""
        row, last = self.registration, self.gathering.last_day
        if row is None or last is None or not annotated(row, "came", bool) or annotated(row, "has_answered", bool):
            return None
        return last + EVALUATED_FOR if last <= self.today <= last + EVALUATED_FOR else None

    @property
    def _has_begun(self) -> bool:
        return self.gathering.starts_on is not None and self.gathering.starts_on <= self.today


def coming(participations: Collection[int], governors: Collection[int], *, today: date) -> list[Gathering]:
    """Every gathering to come in the cohorts of these participations and counties, each with `full`. One query."""
    if not participations and not governors:
        return []
    followed = Participation.objects.taking_part().visible_through(participations, governors)
    going_on = Cohort.objects.going_on(today=today).filter(participations__in=followed)
    found = Gathering.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__gte=today) | Q(ends_on__gte=today), cohort__in=going_on.values("pk")
    )
    found = found.exclude(settled=Gathering.Settled.CANCELLED).select_related("cohort")
    return list(places.with_full(found).order_by(F("starts_on").asc(nulls_last=True), "cohort", "semester"))


def cards(coming: Iterable[Gathering], own: "Iterable[WithReimbursement]", *, today: date) -> list[GatheringCard]:
    """One for each gathering, by its first day. Of those that are over, the person's own until they are settled."""
    mine = {row.gathering_id: row for row in own if not _is_settled(row, today=today)}
    others = [gathering for gathering in coming if gathering.pk not in mine]
    full = {gathering.pk: annotated(gathering, "full", bool) for gathering in coming}
    found = [GatheringCard(row.gathering, row, today, full.get(row.gathering_id, False)) for row in mine.values()]
    found += [GatheringCard(gathering, None, today, full[gathering.pk]) for gathering in others]
    return sorted(found, key=_order)


def _is_settled(row: Registration, *, today: date) -> bool:
    """Whether nothing is left of it: it was long ago, or it is over and the person had no place."""
    last = row.gathering.last_day
    if last is None or last >= today:
        return False
    return row.state != State.PLACED or last + SETTLED_WITHIN < today


def _order(card: GatheringCard) -> tuple[date, int]:
    return card.gathering.starts_on or date.max, card.gathering.pk
