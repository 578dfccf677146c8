"""The moments at which planned mails fall due, and until when each still says something true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Slot:
    """A moment to send, and until when what was to be sent then is still true."""

    send_at: datetime
    until: datetime


def chain(moments: Iterable[datetime], *, last: datetime, earliest: datetime) -> list[Slot]:
    """Each lasts until the next one begins, so that a missed run catches up with one mail, not with several."""
    starts = sorted({moment for moment in moments if moment < last})
    return [Slot(start, end) for start, end in zip(starts, [*starts[1:], last], strict=False) if start >= earliest]
