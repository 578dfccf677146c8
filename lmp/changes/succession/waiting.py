"""A place that a replaced person still has, where nobody has been asked whether the new one takes it."""

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
    """One query, for those who answer for a place. Most are replaced on the page that asks; a confirmation does not."""
    if not (mine.answers_for or mine.leads):
        return
    of_person = Contact.objects.filter(user=OuterRef("user"), participation=OuterRef("participation"))
    for_unit = of_person.filter(unit=OuterRef("unit"))
    for_all = of_person.filter(unit__isnull=True)
    replaced = {"ended_at__isnull": False, "successions__isnull": True, "replaced_by__ended_at__isnull": True}
    replaced |= {"replaced_by__isnull": False}
    now = {"ended_at__isnull": True}
    rows = (
        Registration.objects.active()
        .filter(Q(participation__in=mine.answers_for) | Q(unit__in=mine.leads), gathering__starts_on__gt=today)
        .exclude(gathering__settled=Gathering.Settled.CANCELLED)
        .filter(
            Q(Exists(for_unit.filter(**replaced))) & ~Q(Exists(for_unit.filter(**now)))
            | Q(Exists(for_all.filter(**replaced)), unit__isnull=True) & ~Q(Exists(for_all.filter(**now)))
        )
        .select_related("gathering", "unit", "participation__municipality")
        .order_by("gathering__starts_on", "pk")
    )
    for row in rows:
        names = {"name": row.name, "gathering": row.gathering.title.lower(), "represents": row.represents}
        yield Todo(
            title=_("Skal en annen ha plassen til %(name)s på %(gathering)s?") % names,
            text=_("%(name)s er erstattet ved %(represents)s, men er fortsatt påmeldt.") % names,
            url=reverse("changes:swap", args=[row.pk]),
            button=_("Bytt person"),
            due_on=row.gathering.closes_on,
        )
