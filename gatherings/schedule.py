"""When the planned mails of a gathering fall due, and until when each still says something true.

Every moment is at eight on a working day in Norway, whatever the season, unless what it follows from happened later.
What comes before something moves back to a working day, and what comes after something moves on to one. A date that is
not known gives no moment.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from parts.dates import MORNING, Slot, chain, end_of, morning, working_day

# In days.
REMIND_BEFORE = (7, 2)
TRAVEL_BEFORE = (5, 1)
PRACTICAL_BEFORE = 7
ASK_AFTER = (1, 8)
ANSWER_WITHIN = 14
# Nobody is reminded within a day of the first mail about the same thing.
BREATHER = timedelta(days=1)


def begins(starts_on: date, starts_at: time | None) -> datetime:
    """When a gathering begins; eight in the morning when its hour is not known."""
    return timezone.make_aware(datetime.combine(starts_on, starts_at or MORNING))


def invitation(opens_on: date, closes_on: date, *, since: Iterable[datetime | None]) -> Slot:
    """From the first working day of registration until it closes; at once to anyone it concerns only later.

    When registration closes before there is a working day, the day it opens has to do.
    """
    first = working_day(opens_on, step=1)
    opens = morning(first if first <= closes_on else opens_on)
    return Slot(max([opens, *(moment for moment in since if moment)]), end_of(closes_on))


def reminders(closes_on: date | None, *, invited_at: datetime) -> list[Slot]:
    """Before the deadline for registration."""
    if closes_on is None:
        return []
    return chain(_before(closes_on, REMIND_BEFORE), last=end_of(closes_on), earliest=invited_at + BREATHER)


def travel(closes_on: date | None, *, begins: datetime, placed_at: datetime) -> list[Slot]:
    """Before the deadline for ordering. A place given the day before came with a mail that said so."""
    if closes_on is None:
        return []
    last = min(end_of(closes_on), begins)
    return chain(_before(closes_on, TRAVEL_BEFORE), last=last, earliest=placed_at + BREATHER)


def practical(starts_on: date | None, *, begins: datetime, placed_at: datetime) -> list[Slot]:
    """A week before, or at once to anyone who gets a place later than that."""
    if starts_on is None:
        return []
    moment = max(*_before(starts_on, [PRACTICAL_BEFORE]), placed_at)
    return chain([moment], last=begins, earliest=moment)


def evaluation(last_day: date | None) -> list[Slot]:
    """The morning after the last day, and a week later."""
    if last_day is None:
        return []
    mornings = [morning(working_day(last_day + timedelta(days=days), step=1)) for days in ASK_AFTER]
    return chain(mornings, last=end_of(last_day + timedelta(days=ANSWER_WITHIN)), earliest=mornings[0])


def _before(deadline: date, days: Iterable[int]) -> list[datetime]:
    return [morning(working_day(deadline - timedelta(days=number), step=-1)) for number in days]
