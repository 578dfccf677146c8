"""Days and moments as Norway has them: when a morning is, what a working day is, and how a day is written.

And the slots in which planned mails fall due.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

from django.utils import dateformat, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MORNING = time(8, 0)
EVENING = time(22, 0)
SATURDAY = 5
# Christmas Eve and New Year's Eve, by month and day: work ends by noon, and few are there.
HALF_DAYS = {(12, 24), (12, 31)}
# Nothing that the portal knows of was before it.
PROJECT_BEGAN = date(2013, 1, 1)


def midnight(day: date) -> datetime:
    """When the day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def morning(day: date) -> datetime:
    """Eight o'clock in Norway, whatever the season."""
    return timezone.make_aware(datetime.combine(day, MORNING))


def end_of(day: date) -> datetime:
    """The midnight that the day ends with."""
    return midnight(day + timedelta(days=1))


def awake_between(start: datetime, end: datetime) -> timedelta:
    """How much of the time between two moments is day, from eight in the morning to ten in the evening."""
    found, day = timedelta(), timezone.localdate(start)
    while day <= timezone.localdate(end):
        evening = timezone.make_aware(datetime.combine(day, EVENING))
        found += max(min(end, evening) - max(start, morning(day)), timedelta())
        day += timedelta(days=1)
    return found


def is_working_day(day: date) -> bool:
    """Monday to Friday, unless it is a public holiday in Norway, or the eve of Christmas or the new year."""
    return day.weekday() < SATURDAY and (day.month, day.day) not in HALF_DAYS and day not in _holidays(day.year)


def working_day(day: date, *, step: int) -> date:
    """The day itself, or from a day off the nearest working day before (step -1) or after it (step 1)."""
    while not is_working_day(day):
        day += timedelta(days=step)
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    # Imported when the first day is asked about: it takes longer than most of what a process starts with.
    from holidays import country_holidays

    return frozenset(country_holidays("NO", years=year))


def day_in_words(day: date | None) -> str:
    """tirsdag 2. mars 2027, in the language that is active. Empty for no day."""
    return _in_words(day, get_language()) if day else ""


@lru_cache(maxsize=4000)  # a plan of mails says the same few days some thousand times
def _in_words(day: date, _language: str | None) -> str:
    return dateformat.format(day, "l j. F Y")


def through(day: date | None) -> str:
    """til og med søndag 29. november 2026: the one wording of a deadline, whose day counts. Empty for no day."""
    return _("til og med %(day)s") % {"day": day_in_words(day)} if day else ""


def last_day(end: datetime) -> date:
    """The last day on which something that ends at this moment still holds: midnight belongs to the day before it."""
    return timezone.localdate(end - timedelta(microseconds=1))


def moment_in_words(moment: datetime | None) -> str:
    """tirsdag 2. mars 2027 kl. 12.00, Norwegian time. Empty for no moment."""
    return dateformat.format(_local(moment), r"l j. F Y \k\l. H.i") if moment else ""


def date_in_words(day: date) -> str:
    """2. mars 2027, for a day long gone or a period."""
    return dateformat.format(day, "j. F Y")


def short_day(day: date) -> str:
    """ti. 2.3.2027, for tables."""
    return dateformat.format(day, "D j.n.Y")


def short_moment(moment: datetime) -> str:
    """ti. 2.3.2027 12.00, Norwegian time, for tables."""
    return dateformat.format(_local(moment), "D j.n.Y H.i")


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


@dataclass(frozen=True)
class Slot:
    """A moment to send, and until when what was to be sent then is still true."""

    send_at: datetime
    until: datetime


def chain(moments: Iterable[datetime], *, last: datetime, earliest: datetime) -> list[Slot]:
    """Each lasts until the next one begins, so that a missed run catches up with one mail, not with several."""
    starts = sorted({moment for moment in moments if moment < last})
    return [Slot(start, end) for start, end in zip(starts, [*starts[1:], last], strict=False) if start >= earliest]
