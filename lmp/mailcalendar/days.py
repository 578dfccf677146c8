"""The mails of a span of days: what has been written, what is planned, and what does not go because it is off."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from lmp.mailcalendar.narrowing import Narrowing
from outbox import plan
from outbox.models import Message, MessageQuerySet
from outbox.plan import LeftOut, Planned
from parts.dates import end_of, midnight

# How far from a day the nearest others with mails are looked for.
NEAR = timedelta(days=31)


@dataclass(frozen=True)
class CalendarDay:
    """How many mails a day has: written, planned, and left out."""

    day: date
    written: int = 0
    planned: int = 0
    left_out: int = 0

    @property
    def goes(self) -> int:
        return self.written + self.planned


@dataclass
class MailDays:
    """From the first day to the last. What is past and was never written is not planned any more."""

    written: MessageQuerySet
    planned: list[Planned]
    left_out: list[LeftOut]
    counts: dict[date, CalendarDay] = field(default_factory=dict)

    @classmethod
    def load(cls, first: date, last: date, narrowing: Narrowing, *, now: datetime) -> "MailDays":
        start, end = midnight(first), end_of(last)
        written = narrowing.written.filter(created_at__gte=start, created_at__lt=end)
        found = cls(written, *still_to_go(first, last, narrowing, now=now))
        found.counts = found._counted()
        return found

    def _counted(self) -> dict[date, CalendarDay]:
        rows = self.written.order_by().annotate(day=TruncDate("created_at")).values("day")
        written: dict[date, int] = dict(rows.annotate(mails=Count("pk", distinct=True)).values_list("day", "mails"))
        planned = Counter(timezone.localdate(mail.send_at) for mail in self.planned)
        left_out = Counter(timezone.localdate(each.mail.send_at) for each in self.left_out)
        return {
            day: CalendarDay(day, written.get(day, 0), planned[day], left_out[day])
            for day in sorted({*written, *planned, *left_out})
        }

    def only(self, day: date) -> "MailDays":
        """Of that day alone, with the same counts."""
        start, end = midnight(day), end_of(day)
        return MailDays(
            self.written.filter(created_at__gte=start, created_at__lt=end),
            [mail for mail in self.planned if start <= mail.send_at < end],
            [each for each in self.left_out if start <= each.mail.send_at < end],
            self.counts,
        )

    def beside(self, day: date) -> tuple[date | None, date | None]:
        """The nearest days before and after that have mails."""
        before = [each for each in self.counts if each < day]
        after = [each for each in self.counts if each > day]
        return max(before, default=None), min(after, default=None)


class Rows:
    """What is written, by when it was, and then what is planned. Only the page that is shown is read."""

    def __init__(self, days: MailDays, *, written: int) -> None:
        self._written = (
            days.written.order_by("created_at", "pk")
            .defer("body", "html")
            .select_related("recipient")
            .prefetch_related("further")
        )
        self._planned, self._count = days.planned, written

    def __len__(self) -> int:
        return self._count + len(self._planned)

    def __getitem__(self, place: slice) -> list[Message | Planned]:
        first, last, _step = place.indices(len(self))
        written = list(self._written[first : min(last, self._count)]) if first < self._count else []
        return [*written, *self._planned[max(first - self._count, 0) : max(last - self._count, 0)]]


def still_to_go(first: date, last: date, narrowing: Narrowing, *, now: datetime) -> tuple[list[Planned], list[LeftOut]]:
    """What is planned and not written yet, that which is due now too, and what is left out of it."""
    going, left_out = plan.with_left_out(*span(first, last))
    planned = [mail for mail in narrowing.of(going) if mail.until > now and mail.send_at >= midnight_of(now)]
    dropped = [each for each in left_out if narrowing.admits(each.mail)]
    is_asked = any(mail.send_at <= now for mail in planned) or dropped
    posted = _written_since(midnight(first) - NEAR) if is_asked else set()
    return (
        [mail for mail in planned if mail.key not in posted],
        [each for each in dropped if each.mail.key not in posted],
    )


def _written_since(moment: datetime) -> set[str]:
    """The keys of what is written. One query: by their keys it would be one for each five hundred."""
    return set(Message.objects.filter(created_at__gte=moment).values_list("key", flat=True))


def midnight_of(now: datetime) -> datetime:
    return midnight(timezone.localdate(now))


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """As the plan is asked: without its first moment, and with its last. A day has its first and not its last."""
    moment = timedelta(microseconds=1)
    return midnight(first) - moment, end_of(last) - moment
