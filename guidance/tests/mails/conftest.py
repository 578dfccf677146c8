"""The autumn of 2026: everything is made on the first of October, and a test moves the clock."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from guidance.mails import planned
from guidance.models import GuidanceSession, SessionChange
from outbox import plan
from outbox.models import Message
from participants.models import Participation, Unit

OSLO = ZoneInfo("Europe/Oslo")
ASKED = datetime(2026, 10, 1, 9, tzinfo=UTC)  # the clock goes back on 25 October


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ASKED, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _only_the_guidance(settings) -> None:
    settings.MAIL_APPS = ["guidance.mails"]


def at(month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=OSLO)


NEW_YEAR = at(12, 31)


def mails(name: str = "", start=ASKED, end=NEW_YEAR) -> list[plan.Planned]:
    found = sorted(planned.planned(start, end), key=lambda mail: (mail.send_at, mail.to))
    return [mail for mail in found if mail.text.name.startswith(f"guidance.{name}")]


def when(name: str = "", **span) -> list[tuple[str, str]]:
    """(to, when) of the mails of this kind."""
    return [
        (mail.to.partition("@")[0], f"{mail.send_at.astimezone(OSLO):%m-%d %H:%M%z}") for mail in mails(name, **span)
    ]


@pytest.fixture
def send(clock):
    """The clock ticks: what is due goes. Gives what went, as (kind, recipient)."""

    def send(moment: datetime) -> list[tuple[str, str]]:
        before = set(Message.objects.values_list("pk", flat=True))
        clock.move_to(moment)
        plan.send_due(moment)
        new = Message.objects.exclude(pk__in=before)
        return sorted((mail.text_name.removeprefix("guidance."), mail.to.partition("@")[0]) for mail in new)

    return send


def session(
    participation: Participation, by: User, units: list[Unit], *, on: date, starts_at: time | None = time(9)
) -> GuidanceSession:
    """Planned by this member of the group."""
    return GuidanceSession.plan(
        group=participation.guidance_group,
        held_on=on,
        starts_at=starts_at,
        format="visit",
        units=units,
        supervisors=[by.supervisor],
        by=by,
        now=timezone.now(),
    )


def move(planned: GuidanceSession, by: User, *, on: date | None = None, reason: str = "", **facts) -> None:
    planned.refresh_from_db()
    facts |= {"held_on": on} if on else {}
    SessionChange.objects.replan(planned, facts=facts, reason=reason, by=by, now=timezone.now())


def newest(to: str) -> Message:
    return Message.objects.filter(to__startswith=to).order_by("-pk")[0]


def calendar_of(message: Message) -> tuple[icalendar.Event, str]:
    [file] = message.attachments.all()
    whole = icalendar.Calendar.from_ical(bytes(file.content))
    [event] = whole.events
    assert file.content_type == f"text/calendar; method={whole['method']}"
    return event, str(whole["method"])


def entry(to: str) -> tuple[str, int]:
    """What the newest mail does to the calendar."""
    event, method = calendar_of(newest(to))
    return method, int(event["sequence"])
