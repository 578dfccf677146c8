"""The autumn of 2026: a gathering in November, its registration in October, and a clock that a test moves."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine

from gatherings import places
from gatherings.mails import planned
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry
from outbox import plan
from outbox.models import Message

OSLO = ZoneInfo("Europe/Oslo")
ASKED = datetime(2026, 10, 1, 9, tzinfo=UTC)  # the clock goes back on 25 October


@pytest.fixture(autouse=True)
def clock():
    """Everything is made on the first of October; a test moves the clock."""
    with time_machine.travel(ASKED, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _only_the_gatherings(settings) -> None:
    settings.MAIL_APPS = ["gatherings.mails"]


@pytest.fixture
def gathering(cohort) -> Gathering:
    """Kick-off has heads and owners; opens Monday 5 October, closes Monday 2 November, held 24 and 25 November."""
    return Gathering.objects.create(
        cohort=cohort,
        semester=1,
        starts_on=date(2026, 11, 24),
        ends_on=date(2026, 11, 25),
        starts_at=time(10),
        venue="Clarion Hotel",
        address="Gardermoen",
        settled="fixed",
        opens_on=date(2026, 10, 5),
        closes_on=date(2026, 11, 2),
        travel_closes_on=date(2026, 11, 10),
        procedure="Bestill hos reisebyrået.",
        programme="10.00 Velkommen",
    )


def at(month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=OSLO)


NEW_YEAR = at(12, 31)


def mails(name: str = "", start=ASKED, end=NEW_YEAR) -> list[plan.Planned]:
    found = sorted(planned.planned(start, end), key=lambda mail: (mail.send_at, mail.to))
    return [mail for mail in found if mail.text.name.startswith(f"gatherings.{name}")]


def when(name: str, **span) -> list[tuple[str, str]]:
    """(to, when) of the mails of this kind."""
    return [
        (mail.to.partition("@")[0], f"{mail.send_at.astimezone(OSLO):%m-%d %H:%M%z}") for mail in mails(name, **span)
    ]


@pytest.fixture
def send(clock):
    """The clock ticks: what is due goes. Gives what went, by recipient."""

    def send(moment: datetime, name: str = "") -> list[str]:
        before = set(Message.objects.values_list("pk", flat=True))
        clock.move_to(moment)
        plan.send_due(moment)
        new = Message.objects.exclude(pk__in=before).filter(text_name__startswith=f"gatherings.{name}")
        return sorted(message.to.partition("@")[0] for message in new)

    return send


def register(gathering, participation, by, *numbers, late=False, **facts) -> list[Registration]:
    entries = [entry(number, gathering=gathering, **facts) for number in numbers]
    now = datetime.now(UTC)
    return places.register(gathering, entries, participation=participation, by=by, now=now, late=late)


def alter(gathering, **facts) -> None:
    stored = Gathering.objects.get(pk=gathering.pk)
    for name, value in facts.items():
        setattr(stored, name, value)
    stored.save()
