"""The mails that go out by themselves in the days to come, as today's facts have it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from lmp.mailcalendar.days import still_to_go
from lmp.mailcalendar.narrowing import Narrowing

DAYS = 7


@dataclass(frozen=True)
class MailDay:
    day: date
    mails: int
    url: str


def week(now: datetime) -> list[MailDay]:
    """The days from today on which something is still to go, as the calendar counts them, those due now among them."""
    today = timezone.localdate(now)
    planned, _left_out = still_to_go(today, today + timedelta(days=DAYS), Narrowing(), now=now)
    counted = Counter(timezone.localdate(mail.send_at) for mail in planned)
    return [MailDay(day, mails, _url(day)) for day, mails in sorted(counted.items())]


def _url(day: date) -> str:
    return reverse("mailcalendar:calendar", query={"dag": day.isoformat()})
