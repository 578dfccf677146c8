"""Until when anything is sent in a cohort, what its mails are narrowed to, and the shape of those that tell news."""

from datetime import datetime
from typing import Any

from guidance import schedule
from guidance.mails.people import GuidanceRecipient
from outbox.plan import Planned
from participants.mails.scopes import of_cohort, scope
from participants.models import Cohort, Participation
from parts.dates import Slot, end_of


def until(slot: Slot, cohort: Cohort) -> datetime:
    """Nothing is sent in a cohort that is over."""
    return min(slot.until, end_of(cohort.ends_on))


def news(
    recipient: GuidanceRecipient, happened_at: datetime, of: Participation | Cohort, *, key: str, **facts: Any
) -> Planned:
    """`key` without the recipient. `facts` are the mail's own: text, values, why and about."""
    slot = schedule.news(happened_at)
    cohort = of if isinstance(of, Cohort) else of.cohort
    return Planned(
        key=f"{key}:{recipient.user.pk}",
        recipient=recipient.user,
        name=recipient.name,
        language=recipient.language,
        send_at=slot.send_at,
        until=until(slot, cohort),
        scope=frozenset({of_cohort(of)}) if isinstance(of, Cohort) else scope(of),
        **facts,
    )
