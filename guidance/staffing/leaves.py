"""Who has leave, or is to have it: said wherever somebody chooses who guides whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from guidance.models import GroupMember, Leave
from guidance.staffing.wording import span_in_words
from participants.models import Cohort
from parts.dates import date_in_words
from parts.rows import annotated

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


@dataclass(frozen=True)
class MemberOnLeave:
    """A member of a running group whose leave goes on or begins soon."""

    member: GroupMember
    first_on: date
    last_on: date | None

    @property
    def seen(self) -> str:
        """What a note that it is seen to is about: another leave, or other days, is something new."""
        return f"{self.member.supervisor_id}:{self.first_on}/{self.last_on or ''}"


def members_on_leave(*, today: date, participations: Iterable[int] | None = None) -> list[MemberOnLeave]:
    """The first leave first, in one query. Of all municipalities, unless some are given."""
    leave = "supervisor__leaves__"
    members = GroupMember.objects.current().filter(
        Q(**{f"{leave}last_on__isnull": True}) | Q(**{f"{leave}last_on__gte": today}),
        **{f"{leave}first_on__lte": today + SOON},
        group__participation__withdrawn_at__isnull=True,
        group__participation__cohort__in=Cohort.objects.going_on(today=today),
    )
    if participations is not None:
        members = members.filter(group__participation__in=participations)
    rows = (
        members.annotate(away_from=F(f"{leave}first_on"), away_to=F(f"{leave}last_on"))
        .select_related("supervisor", "group__participation__municipality__county")
        .order_by("away_from", "group__participation__municipality__name", "pk")
    )
    return [MemberOnLeave(row, annotated(row, "away_from", date), vars(row)["away_to"]) for row in rows]
