"""Whether the portal works as a whole: what a monitor asks, and is to wake somebody for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from outbox.admin.health import Health
from outbox.models import MailboxReading

TICK = "watching:tick"
# Beat asks for one a minute. A worker that is busy with a large batch takes some minutes to come to it.
TICK_PATIENCE = timedelta(minutes=10)
# The mails lie there meanwhile.
MAILBOX_PATIENCE = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """`told` has no personal data."""

    is_well: bool
    told: str


def look(now: datetime) -> dict[str, Finding]:
    """Return what each check found. One that fails is a finding as well."""
    return {check.__name__: _found(check, now) for check in CHECKS}


def _found(check: Callable[[datetime], Finding], now: datetime) -> Finding:
    try:
        return check(now)
    except Exception as error:
        return Finding(is_well=False, told=type(error).__name__)


def database(now: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(is_well=True, told="answers")


def cache_and_limits(now: datetime) -> Finding:
    cache.set("watching:asked", now.isoformat(), timeout=60)
    kept = cache.get("watching:asked") is not None
    return Finding(is_well=kept, told="answers" if kept else "forgets at once")


def broker(now: datetime) -> Finding:
    with current_app.connection_for_write() as queue:
        queue.ensure_connection(max_retries=1, timeout=2)
    return Finding(is_well=True, told="answers")


def mail(now: datetime) -> Finding:
    health = Health.at(now)
    if health.silent_since:
        return Finding(is_well=False, told=f"the mail server has been silent since {health.silent_since.isoformat()}")
    if health.untouched_since:
        return Finding(is_well=False, told=f"nobody has tried a mail since {health.untouched_since.isoformat()}")
    oldest = health.waiting_since
    return Finding(is_well=True, told=f"{health.waiting} wait" + (f", since {oldest.isoformat()}" if oldest else ""))


def return_mailbox(now: datetime) -> Finding:
    if not settings.RETURN_MAILBOX_URL:
        return Finding(is_well=True, told="none")
    reading = MailboxReading.objects.first()
    if reading is None:
        return Finding(is_well=True, told="not read yet")
    last = max(filter(None, (reading.read_at, reading.failing_since)))
    is_well = now - last <= MAILBOX_PATIENCE
    read_at = reading.read_at.isoformat() if reading.read_at else "never"
    return Finding(is_well=is_well, told=f"read {read_at}, {reading.left} not understood")


def beat_and_workers(now: datetime) -> Finding:
    last = cache.get(TICK)
    if last is None:
        return Finding(is_well=False, told="no tick yet")
    return Finding(is_well=now - last <= TICK_PATIENCE, told=f"last tick {last.isoformat()}")


CHECKS: tuple[Callable[[datetime], Finding], ...] = (
    database,
    cache_and_limits,
    broker,
    mail,
    return_mailbox,
    beat_and_workers,
)
