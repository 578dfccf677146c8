"""A place that a replaced person still has, where nobody was asked whether the new one takes it: a confirmation."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.todos import Todo
from gatherings.models import Gathering, Registration
from participants.functions import Functions
from participants.models import Contact


def todos(mine: Functions, *, today: date) -> Iterator[Todo]:
    """For the one who took over, in one query at most. Where it was asked what goes along, there is a succession."""
    if not mine.succeeds or not (mine.answers_for or mine.leads):
        return
    same = Contact.objects.filter(
        user=OuterRef("user"),
        participation=OuterRef("participation"),
    )
    rows = (
        Registration.objects.active()
        .filter(Q(participation__in=mine.answers_for) | Q(unit__in=mine.leads), gathering__starts_on__gt=today)
        .exclude(gathering__settled=Gathering.Settled.CANCELLED)
        .filter(
            Exists(same.filter(pk__in=mine.succeeds, ended_at__isnull=False, successions__isnull=True)),
            ~Exists(same.filter(ended_at__isnull=True)),
        )
        .select_related("gathering", "unit", "participation__municipality__county")
        .order_by("gathering__starts_on", "pk")
    )
    for row in rows:
        names = {"name": row.name, "gathering": row.gathering.in_a_sentence, "represents": row.represents}
        yield Todo(
            title=_("Skal en annen ha plassen til %(name)s på %(gathering)s?") % names,
            text=_("%(name)s er erstattet ved %(represents)s, men er fortsatt påmeldt.") % names,
            url=reverse("changes:swap", args=[row.pk]),
            button=_("Bytt person"),
            due_on=row.gathering.closes_on,
        )
