"""What a person has left to do about the gatherings, and by when."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.todos import Todo
from gatherings import places
from gatherings.models import Answered, Attendance, Gathering, NobodyComes, Registration
from gatherings.registration import covering
from gatherings.registration.reimbursement import with_reimbursement
from participants.models import Contact, Participation, Unit
from parts.dates import last_day
from parts.names import joined
from parts.rows import annotated

if TYPE_CHECKING:
    from gatherings.registration.reimbursement import WithReimbursement

EVALUATED_FOR = timedelta(days=14)
MAX_NAMED = 5


def todos(
    user: User, now: datetime, *, units: list[Unit], coming: Iterable[Gathering] | None = None
) -> "tuple[list[Todo], list[WithReimbursement]]":
    """What waits, and the person's own registrations. At most three queries, one where there is nothing.

    `units` are those the person answers for: see `participants.todos.units`. `coming`: the gatherings of their cohorts
    with `full`, where these are loaded already.
    """
    today = timezone.localdate(now)
    rows = _to_answer(user, units, now=now)
    own = [row for row in rows if row.user_id == user.pk]
    found = [todo for registration in own for todo in _own(registration, now=now)]
    found += [_offered(row, to=user) for row in rows if row.has_live_offer(now=now) and row.gathering.is_settled]
    found += _evaluations(own, today=today)
    if units:
        found += _registrations(units, coming, today=today)
    return found, own


def _to_answer(user: User, units: list[Unit], *, now: datetime) -> "list[WithReimbursement]":
    """The person's own registrations, and those of others with an offer that the person may answer. One query."""
    today = timezone.localdate(now)
    offered = Registration.is_in_state(Registration.State.OFFERED) & Q(offered_until__gt=now)
    able = Registration.objects.editable_by(user, today=today) if units else Registration.objects.all()
    rows = (
        able.active()
        .filter(Q(user=user) | offered if units else Q(user=user))
        .annotate(
            came=Exists(Attendance.objects.filter(registration=OuterRef("pk"))),
            has_answered=Exists(Answered.objects.filter(gathering=OuterRef("gathering"), user=user)),
        )
        .select_related("gathering__cohort", "unit", "participation__municipality__county")
        .order_by("gathering__starts_on", "pk")
    )
    return list(with_reimbursement(rows, today=today))


def _registrations(units: list[Unit], coming: Iterable[Gathering] | None, *, today: date) -> Iterable[Todo]:
    """The units and municipalities that nobody comes for, at each gathering that is open."""
    cohorts = {unit.participation.cohort_id for unit in units}
    if coming is None:
        coming = places.with_full(Gathering.objects.open(today=today).select_related("cohort"))
    gatherings = [each for each in coming if each.cohort_id in cohorts and each.is_open(today=today)]
    if not gatherings:
        return
    covered = covering.covered(
        [gathering.pk for gathering in gatherings], participations={unit.participation_id for unit in units}
    )
    for gathering in gatherings:
        yield from _unregistered(gathering, units, covered[gathering.pk])


def _evaluations(own: Iterable[Registration], *, today: date) -> Iterable[Todo]:
    """A question after each gathering that the person was at, and has not answered about."""
    placed = [row for row in own if row.state == Registration.State.PLACED]
    over = [row for row in placed if _is_evaluated(row.gathering, today=today)]
    for row in over:
        gathering = row.gathering
        if annotated(row, "came", bool) and not annotated(row, "has_answered", bool) and gathering.last_day:
            yield Todo(
                title=_("Si hva du syntes om %(title)s") % {"title": gathering.in_a_sentence},
                text=_("Fem korte spørsmål. Svaret er anonymt."),
                url=reverse("gatherings:evaluation", args=[gathering.pk]),
                button=_("Svar"),
                due_on=gathering.last_day + EVALUATED_FOR,
            )


def _is_evaluated(gathering: Gathering, *, today: date) -> bool:
    last = gathering.last_day
    return last is not None and last <= today <= last + EVALUATED_FOR


def _own(registration: Registration, *, now: datetime) -> Iterable[Todo]:
    gathering, today = registration.gathering, timezone.localdate(now)
    title = {"title": gathering.in_a_sentence}
    if registration.asks_about_calendar(today=today):
        yield Todo(
            title=_("Vil du melde deg av %(title)s?") % title,
            text=_("Du har svart nei i kalenderen. Du er fortsatt påmeldt til du melder deg av her."),
            url=registration.get_absolute_url(),
            button=_("Svar"),
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


def _offered(registration: Registration, *, to: User) -> Todo:
    """A place that is held for the person, or for somebody whom they may answer for."""
    about = {"title": registration.gathering.in_a_sentence, "name": registration.name}
    if registration.user_id == to.pk:
        title, text = (
            _("Svar på tilbudet om plass på %(title)s"),
            _("Svarer du ikke, går plassen til den neste på ventelista."),
        )
    else:
        title = _("Svar på tilbudet om plass til %(name)s på %(title)s")
        text = _(
            "%(name)s er spurt, og du kan svare for %(name)s. Svarer ingen, går plassen til den neste på ventelista."
        )
    return Todo(
        title=title % about,
        text=text % about,
        url=registration.get_absolute_url(),
        button=_("Svar"),
        due_on=last_day(registration.offered_until) if registration.offered_until else None,
    )


def _unregistered(gathering: Gathering, units: list[Unit], covered: set[tuple[int, int | None]]) -> Iterable[Todo]:
    """The units that nobody has answered for; at a gathering that is not for the units, the municipalities."""
    of_units = gathering.invites([Contact.Function.HEAD, Gathering.STAFF])
    without = covering.unanswered(gathering, [(unit.participation_id, unit.pk) for unit in units], covered)
    lacking: dict[Participation, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.pk in without:
            lacking[unit.participation].append(unit)
    for participation, missing in lacking.items():
        names = [unit.name for unit in missing] if of_units else [str(participation.municipality)]
        if len(names) > MAX_NAMED:
            text = ngettext(
                "Ingen er påmeldt fra %(count)s enhet i %(municipality)s.",
                "Ingen er påmeldt fra %(count)s enheter i %(municipality)s.",
                len(names),
            ) % {"count": len(names), "municipality": participation.municipality}
        else:
            text = _("Ingen er påmeldt fra %(name)s.") % {"name": joined(names)}
        if annotated(gathering, "full", bool):
            text += " " + _("Samlingen er full. De dere melder på, kommer på venteliste.")
        yield Todo(
            title=_("Meld på til %(title)s") % {"title": gathering.in_a_sentence},
            text=text,
            url=reverse("gatherings:register", args=[gathering.pk]),
            button=_("Meld på"),
            due_on=gathering.closes_on,
            other=_("Ingen kommer"),
            other_url=reverse("gatherings:nobody_comes", args=[gathering.pk]),
        )


def nobody_comes(units: list[Unit], *, today: date) -> list[NobodyComes]:
    """What those who answer for these units have said that nobody comes for, at gatherings to come. One query."""
    if not units:
        return []
    of_units = Q(unit__in=units) | Q(unit__isnull=True, participation__in={unit.participation_id for unit in units})
    standing = NobodyComes.objects.standing().filter(of_units, gathering__in=Gathering.objects.upcoming(today=today))
    return list(
        standing.select_related("gathering__cohort", "unit", "participation__municipality__county").order_by("pk")
    )
