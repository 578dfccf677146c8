"""The moments at which planned mails fall due, and until when each still says something true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True)
class Slot:
    """A moment to send, and until when what was to be sent then is still true."""

    send_at: datetime
    until: datetime


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def chain(moments: Iterable[datetime], *, last: datetime, earliest: datetime) -> list[Slot]:
    """Each lasts until the next one begins, so that a missed run catches up with one mail, not with several."""
    starts = sorted({moment for moment in moments if moment < last})
    return [Slot(start, end) for start, end in zip(starts, [*starts[1:], last], strict=False) if start >= earliest]
