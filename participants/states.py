"""Where a municipality stands, said in one word; it follows from what has happened and is stored nowhere."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models.participation import ParticipationQuerySet

STATES = [
    ("nominated", _("Nominert")),
    ("accepted", _("Takket ja")),
    ("waiting", _("Venter på svar")),
    ("overdue", _("Fristen er gått ut")),
    ("confirmed", _("Bekreftet")),
    ("withdrawn", _("Trukket seg")),
]
LABELS = dict(STATES)
COLOURS = {"overdue": "danger", "waiting": "warning", "confirmed": "success", "accepted": "info"}


def state(participation: Any, *, today: date) -> str:
    """One of STATES, for a participation loaded by `with_state`, which gives it the newest round's facts."""
    if participation.withdrawn_at:
        return "withdrawn"
    if participation.asked_at and not participation.answered_at:
        return "overdue" if participation.due_on < today else "waiting"
    if participation.answered_at:
        return "confirmed"
    return "accepted" if participation.accepted_at else "nominated"


def in_state(queryset: ParticipationQuerySet, wanted: str, *, today: date | None = None) -> ParticipationQuerySet:
    """The same rule for many rows, on a queryset with `with_state`."""
    if wanted == "withdrawn":
        return queryset.filter(withdrawn_at__isnull=False)
    queryset = queryset.filter(withdrawn_at__isnull=True)
    today = today or timezone.localdate()
    rules: dict[str, dict[str, Any]] = {
        "overdue": {"asked_at__isnull": False, "answered_at__isnull": True, "due_on__lt": today},
        "waiting": {"asked_at__isnull": False, "answered_at__isnull": True, "due_on__gte": today},
        "confirmed": {"answered_at__isnull": False},
        "accepted": {"asked_at__isnull": True, "accepted_at__isnull": False},
        "nominated": {"asked_at__isnull": True, "accepted_at__isnull": True},
    }
    return queryset.filter(**rules[wanted])
