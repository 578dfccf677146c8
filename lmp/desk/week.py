"""The mails that go out by themselves in the days to come, as today's facts have it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from outbox import plan

DAYS = 7


@dataclass(frozen=True)
class MailDay:
    day: date
    mails: int
    url: str


def week(now: datetime) -> list[MailDay]:
    """The days of the week to come on which something goes. It asks the planner of every app."""
    counted = Counter(timezone.localdate(mail.send_at) for mail in plan.everything(now, now + timedelta(days=DAYS)))
    return [MailDay(day, mails, _url(day)) for day, mails in sorted(counted.items())]


def _url(day: date) -> str:
    return reverse("mailcalendar:calendar", query={"dag": day.isoformat()})
