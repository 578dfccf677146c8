"""When the planned mails of a gathering fall due, and until when each still says something true.

Every moment is at eight in the morning in Norway, whatever the season, unless what it follows from happened later.
A date that is not known gives none.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from parts.dates import MORNING, end_of, morning, working_day
from parts.slots import Slot, chain

# In days.
REMIND_BEFORE = (7, 2)
TRAVEL_BEFORE = (5, 1)
PRACTICAL_BEFORE = 7
ASK_AFTER = (1, 8)
ANSWER_WITHIN = 14
# Nobody is reminded within a day of being told for the first time.
BREATHER = timedelta(days=1)


def begins(starts_on: date, starts_at: time | None) -> datetime:
    """When a gathering begins; eight in the morning when its hour is not known."""
    return timezone.make_aware(datetime.combine(starts_on, starts_at or MORNING))


def invitation(opens_on: date, closes_on: date, *, since: Iterable[datetime | None]) -> Slot:
    """From the day registration opens until it closes; where it concerns somebody since later, from then on."""
    return Slot(max([morning(opens_on), *(moment for moment in since if moment)]), end_of(closes_on))


def reminders(closes_on: date | None, *, invited_at: datetime) -> list[Slot]:
    """Before the deadline for registration, on working days."""
    if closes_on is None:
        return []
    return chain(_before(closes_on, REMIND_BEFORE), last=end_of(closes_on), earliest=invited_at + BREATHER)


def travel(closes_on: date | None, *, begins: datetime, placed_at: datetime) -> list[Slot]:
    """Before the deadline for ordering, on working days. Who got the place the day before has just been told."""
    if closes_on is None:
        return []
    last = min(end_of(closes_on), begins)
    return chain(_before(closes_on, TRAVEL_BEFORE), last=last, earliest=placed_at + BREATHER)


def practical(starts_on: date | None, *, begins: datetime, placed_at: datetime) -> list[Slot]:
    """A week before, or at once for whoever gets a place later than that."""
    if starts_on is None:
        return []
    moment = max(morning(starts_on - timedelta(days=PRACTICAL_BEFORE)), placed_at)
    return chain([moment], last=begins, earliest=moment)


def evaluation(last_day: date | None) -> list[Slot]:
    """The morning after the last day, and a week later."""
    if last_day is None:
        return []
    mornings = [morning(last_day + timedelta(days=days)) for days in ASK_AFTER]
    return chain(mornings, last=end_of(last_day + timedelta(days=ANSWER_WITHIN)), earliest=mornings[0])


def _before(deadline: date, days: Iterable[int]) -> list[datetime]:
    return [morning(working_day(deadline - timedelta(days=number), step=-1)) for number in days]
