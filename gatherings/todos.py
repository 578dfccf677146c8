"""What a person has left to do about the gatherings, and by when."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.todos import Todo
from gatherings.models import Answered, Attendance, Gathering, Registration
from participants.models import Contact, Participation, Unit

EVALUATED_FOR = timedelta(days=14)
MOST_NAMED = 5


def todos(user: User, now: datetime, *, units: list[Unit]) -> tuple[list[Todo], list[Registration]]:
    """What waits, and the person's own registrations to come. Two queries, however many units and gatherings.

    `units` are those the person answers for: see `participants.todos.units`.
    """
    today = timezone.localdate(now)
    cohorts = {unit.participation.cohort_id for unit in units}
    gatherings = list(Gathering.objects.open(today=today).filter(cohort__in=cohorts).select_related("cohort"))
    registrations = list(
        Registration.objects.active()
        .filter(
            Q(user=user, gathering__starts_on__gte=today - EVALUATED_FOR)
            | Q(gathering__in=gatherings, participation__in={unit.participation_id for unit in units})
        )
        .annotate(
            came=Exists(Attendance.objects.filter(registration=OuterRef("pk"))),
            has_answered=Exists(Answered.objects.filter(gathering=OuterRef("gathering"), user=OuterRef("user"))),
        )
        .select_related("gathering__cohort", "unit", "participation__municipality")
        .order_by("gathering__starts_on", "pk")
    )
    own = [registration for registration in registrations if registration.user_id == user.pk]
    found = [todo for registration in own for todo in _own(registration, now=now)]
    for gathering in gatherings:
        active = [registration for registration in registrations if registration.gathering_id == gathering.pk]
        found += _unregistered(gathering, units, active)
    upcoming = [row for row in own if not row.gathering.is_past(today=today)]
    return found, upcoming


def _own(registration: Registration, *, now: datetime) -> Iterable[Todo]:
    gathering, today = registration.gathering, timezone.localdate(now)
    title = {"title": gathering.title.lower()}
    if gathering.is_settled and registration.state == Registration.State.OFFERED:
        until = registration.offered_until
        if until and until > now:
            yield Todo(
                title=_("Svar på tilbudet om plass på %(title)s") % title,
                text=_("Svarer du ikke, går plassen til den neste på ventelista."),
                url=registration.get_absolute_url(),
                button=_("Svar"),
                due_on=timezone.localdate(until - timedelta(seconds=1)),
            )
    if registration.state != Registration.State.PLACED:
        return
    closes = gathering.travel_closes_on
    orders = registration.travel == Registration.Travel.ORDERS and registration.travel_ordered_on is None
    if gathering.is_settled and orders and closes and closes >= today:
        yield Todo(
            title=_("Bestill reise til %(title)s") % title,
            text=_("Følg framgangsmåten, så dekkes utgiftene. Si fra her når du har bestilt."),
            url=registration.get_absolute_url(),
            button=_("Se framgangsmåten"),
            due_on=closes,
        )
    last = gathering.last_day
    if last and registration.came and not registration.has_answered and last <= today <= last + EVALUATED_FOR:  # type: ignore[attr-defined]
        yield Todo(
            title=_("Si hva du syntes om %(title)s") % title,
            text=_("Fem korte spørsmål. Svaret er anonymt."),
            url=reverse("gatherings:evaluation", args=[gathering.pk]),
            button=_("Svar"),
            due_on=last + EVALUATED_FOR,
        )


def _unregistered(gathering: Gathering, units: list[Unit], active: list[Registration]) -> Iterable[Todo]:
    """The units that nobody comes for; at a gathering that is not for the units, the municipalities."""
    of_units = gathering.invites([Contact.Function.HEAD, Gathering.STAFF])
    registered = {registration.unit_id if of_units else registration.participation_id for registration in active}
    lacking: dict[Participation, list[Unit]] = defaultdict(list)
    for unit in units:
        if (unit.pk if of_units else unit.participation_id) not in registered:
            lacking[unit.participation].append(unit)
    for participation, missing in lacking.items():
        names = [unit.name for unit in missing] if of_units else [str(participation.municipality)]
        if len(names) > MOST_NAMED:
            text = ngettext(
                "Ingen er påmeldt fra %(count)s enhet i %(municipality)s.",
                "Ingen er påmeldt fra %(count)s enheter i %(municipality)s.",
                len(names),
            ) % {"count": len(names), "municipality": participation.municipality}
        else:
            text = _("Ingen er påmeldt fra %(name)s.") % {"name": ", ".join(names)}
        yield Todo(
            title=_("Meld på til %(title)s") % {"title": gathering.title.lower()},
            text=text,
            url=reverse("gatherings:register", args=[gathering.pk]),
            button=_("Meld på"),
            due_on=gathering.closes_on,
        )
