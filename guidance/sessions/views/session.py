"""What is known of a municipality's guidance, and of one session. Each reader sees their part of it."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import PrivateReading, User
from accounts.requests import PersonRequest
from guidance import access
from guidance.follow_up import export
from guidance.measures.filter import FEW
from guidance.models import GuidanceSession, Measure
from guidance.models.session import TEXTS
from guidance.sessions import plan_wording, wording
from guidance.sessions.forms import SessionFilter
from guidance.sub_goals import SUB_GOALS
from participants.models.strike import struck_texts
from parts.rows import annotated
from parts.sheets.cells import About

PAGE_SIZE = 50


@require_safe
def sessions(request: PersonRequest, pk: int) -> HttpResponseBase:
    today = timezone.localdate()
    participation = get_object_or_404(access.followed_participations(request.user, today=today), pk=pk)
    seen = GuidanceSession.objects.visible_to(request.user, today=today).filter(group__participation=participation)
    # The unit filter names units: it is offered only to a person who may know which of them took part.
    units = list(access.units_in_sessions(request.user, participation, today=today))
    years = range(today.year + 1, participation.cohort.starts_on.year - 2, -1)
    form = SessionFilter(request.GET, units=units, years=years)
    rows = form.filter(seen).prefetch_related("units")
    if export.is_asked_for(request):
        title = _("Møter i %(name)s") % {"name": participation.municipality}
        place = str(participation.municipality)
        about = About(title, timezone.now(), cohort=str(participation.cohort), place=place)
        keys = [unit.pk for unit in units]
        return export.sessions(about, rows.order_by("-held_on", "-pk"), participation=participation, units=keys)
    is_coming = {"submitted_at__isnull": True, "cancelled_at__isnull": True, "held_on__gte": today}
    page = Paginator(rows.exclude(**is_coming), PAGE_SIZE).get_page(request.GET.get("page"))
    coming = list(rows.filter(**is_coming).order_by("held_on", "starts_at", "pk")[:PAGE_SIZE])
    in_group = annotated(participation, "in_group", bool)
    group = getattr(participation, "guidance_group", None)
    members = group.members.current().select_related("supervisor__user") if group else []
    context = {
        "participation": participation,
        "members": list(members),
        "in_group": in_group,
        "plans": in_group and participation.withdrawn_at is None,
        "units": units,
        "form": form,
        "many": page.paginator.count > FEW,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "coming": [(each, each.state(today=today)) for each in coming],
        "past": [(each, each.state(today=today)) for each in page.object_list],
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "guidance/sessions/sessions.html", context)


def _as_it_is_planned(session: GuidanceSession, user: User, *, today: date) -> dict[str, Any]:
    """What the last session agreed on, as far as this person may read it, and how the plan was changed and why."""
    mine = access.changes_to_strike(user, today=today).filter(pk=OuterRef("pk"))
    rows = session.changes.select_related("changed_by").prefetch_related("strikes__struck_by")
    changes = list(rows.annotate(may_strike=Exists(mine)))
    after = [change.before for change in changes[1:]] + [session.as_planned]
    earlier = GuidanceSession.objects.visible_to(user, today=today).held().filter(group=session.group_id)
    return {
        "changes": [
            (change, plan_wording.new_lines(plan, before=change.before), struck_texts(change).get("reason", ""))
            for change, plan in zip(changes, after, strict=False)
        ][::-1],
        "why": plan_wording.why(session, changes[-1:]) if session.cancelled_at and not session.withdrawal_id else "",
        "shows_last_time": session.cancelled_at is None,
        "last_time": earlier.filter(Q(sees_agreed=True), held_on__lte=session.held_on).exclude(agreed="").first(),
    }


@require_safe
def session(request: PersonRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    mine = GuidanceSession.objects.editable_by(request.user).filter(pk=OuterRef("pk"))
    seen = GuidanceSession.objects.visible_to(request.user, today=today).annotate(
        in_group=Exists(mine),
        may_strike=Exists(access.logs_to_strike(request.user, today=today).filter(pk=OuterRef("pk"))),
        may_withdraw=Exists(access.logs_written_by(request.user, today=today).filter(pk=OuterRef("pk"))),
    )
    related = (
        "group__participation__municipality__county",
        "group__participation__cohort",
        "submitted_by",
        "cancelled_by",
    )
    found = get_object_or_404(seen.select_related(*related, "withdrawn_by", "planned_in"), pk=pk)
    in_group = annotated(found, "in_group", bool)
    corrections = list(found.corrections.select_related("corrected_by").prefetch_related("strikes__struck_by"))
    participation = found.group.participation
    context = {
        "session": found,
        "participation": participation,
        "state": found.state(today=today),
        "corrected_at": corrections[0].corrected_at if corrections else None,
        "in_group": in_group,
        "moves": in_group and participation.withdrawn_at is None,
        "may_log": found.held_on <= today,
        "sub_goals": [label for number, label in SUB_GOALS if number in found.sub_goals],
    }
    if annotated(found, "sees_agreed", bool):
        context |= {
            "units": list(found.units.all()),
            "supervisors": list(found.supervisors.select_related("user")),
            "took_part": wording.took_part(found.took_part),
            "involved": wording.involved(found.involved),
            "next": found.group.sessions.planned()
            .filter(Q(planned_in=found) | Q(held_on__gte=max(today, found.held_on)))
            .exclude(pk=found.pk)
            .order_by("held_on", "starts_at", "pk")
            .first(),
            "measures": list(
                Measure.objects.visible_to(request.user, today=today)
                .standing()
                .filter(opened_in=found)
                .select_related("unit")
            ),
        }
        if not found.submitted_at:
            context |= _as_it_is_planned(found, request.user, today=today)
        strikes = found.strikes.select_related("struck_by")
        context["struck"] = dict.fromkeys(TEXTS, "") | {strike.text: strike.told for strike in reversed(strikes)}
    if annotated(found, "sees_notes", bool):
        if found.worked_on and found.submitted_by != request.user:
            what, kind = f"{participation.municipality}, {found.held_on:%d.%m.%Y}", PrivateReading.Kind.NOTES
            PrivateReading.log(kind, what=what, path=request.path, by=request.user, now=timezone.now())
        context["corrections"] = [
            (each, wording.before(each), any(each.before.get(name) for name in TEXTS)) for each in corrections
        ]
        context["moves_of_log"] = list(
            found.log_moves.select_related("moved_by", "before__participation__municipality__county")
        )
    return render(request, "guidance/sessions/session.html", context)
