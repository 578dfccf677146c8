"""Who has leave, or is to have it: said wherever somebody chooses who guides whom."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guidance.models import Leave
from guidance.staffing.wording import span_in_words
from parts.dates import date_in_words

SOON = timedelta(days=30)  # a leave that begins within them waits for the project leaders


def leaves_ahead(*, today: date) -> QuerySet[Leave]:
    """Those that go on and those to come, the first first."""
    return Leave.objects.filter(Q(last_on__isnull=True) | Q(last_on__gte=today)).order_by("first_on", "pk")


def away(*, today: date) -> Mapping[int, str]:
    """By supervisor: the leave that goes on, else the next, in words. Who has none is not there. One query."""
    found: dict[int, str] = {}
    for leave in leaves_ahead(today=today):
        found.setdefault(leave.supervisor_id, in_words(leave, today=today))
    return found


def in_words(leave: Leave, *, today: date) -> str:
    if leave.first_on <= today and leave.last_on:
        return _("permisjon til og med %(last)s") % {"last": date_in_words(leave.last_on)}
    return _("permisjon %(span)s") % {"span": span_in_words(leave.first_on, leave.last_on)}
