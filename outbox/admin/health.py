"""Whether mail leaves the portal: what staff have to know before anybody complains."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from outbox.models import Message

# The sweep comes every minute, so mail that nobody has tried for this long means that no worker runs.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Health:
    waiting: int
    waiting_since: datetime | None
    given_up: int
    silent_since: datetime | None
    untouched_since: datetime | None

    @classmethod
    def at(cls, now: datetime) -> "Health":
        silent = Q(failure=Message.Failure.CONNECTION)
        facts = Message.objects.waiting(now).aggregate(
            waiting=Count("pk"),
            waiting_since=Min("created_at"),
            first_failed=Min("failed_at", filter=silent),
            last_failed=Max("failed_at", filter=silent),
            untouched=Min("next_attempt_at", filter=Q(claim=None)),
        )
        # A mail that went since then says that the server answers again.
        silent_since = facts["first_failed"]
        if silent_since and Message.objects.filter(sent_at__gt=facts["last_failed"]).exists():
            silent_since = None
        untouched = facts["untouched"]
        return cls(
            waiting=facts["waiting"],
            waiting_since=facts["waiting_since"],
            given_up=Message.objects.undelivered().count(),
            silent_since=silent_since,
            untouched_since=untouched if untouched and untouched < now - PATIENCE else None,
        )
