"""A session that is to come: planned, moved, called off. Those who were told are told again by the mail plan."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import group_access
from guidance.models import GuidanceGroup, GuidanceSession
from guidance.sessions.forms import MoveForm, PlanForm
from guidance.sessions.prefill import likely
from participants.models import Participation


@require_http_methods(["GET", "POST"])
@transaction.atomic
def plan_session(request: PersonRequest, pk: int) -> HttpResponse:
    posted = request.method == "POST"
    group = group_access.own_group(request.user, pk, lock=posted)
    _refuse_withdrawn(group.participation)
    chosen = group_access.choices(group)
    today = timezone.localdate()
    if not posted:
        usual = likely(group, None, chosen, user=request.user, today=today)
        usual["supervisors"] = [each.pk for each in chosen.supervisors]
        del usual["held_on"]
        return _plan_page(request, group, PlanForm(initial=usual, group=group, chosen=chosen, today=today))
    form = PlanForm(request.POST, group=group, chosen=chosen, today=today)
    if not form.is_valid():
        return _plan_page(request, group, form)
    facts = form.facts
    same = group.sessions.planned().filter(**{name: facts[name] for name in ("held_on", "starts_at", "format")}).first()
    session = same or GuidanceSession.plan(group=group, **facts, by=request.user, now=timezone.now())
    return redirect(session.get_absolute_url() + "?planlagt")


def _plan_page(request: PersonRequest, group: GuidanceGroup, form: PlanForm) -> HttpResponse:
    context = {"participation": group.participation, "form": form}
    return render(request, "guidance/sessions/plan_session.html", context, status=422 if form.is_bound else 200)


def _refuse_withdrawn(participation: Participation) -> None:
    if participation.withdrawn_at:
        raise Http404


@require_http_methods(["GET", "POST"])
@transaction.atomic
def move_session(request: PersonRequest, pk: int) -> HttpResponse:
    session = group_access.own_session(request.user, pk, lock=request.method == "POST")
    _refuse_withdrawn(session.group.participation)
    now = timezone.now()
    initial = {name: getattr(session, name) for name in ("held_on", "starts_at", "format")}
    form = MoveForm(request.POST or None, initial=initial, group=session.group, today=timezone.localdate(now))
    if _is_settled(session):
        return redirect(session.get_absolute_url() + "?avgjort")
    if request.method == "POST" and form.is_valid():
        moved = session.move(**form.cleaned_data, by=request.user, now=now)
        return redirect(session.get_absolute_url() + ("?flyttet" if moved else ""))
    context = {"session": session, "participation": session.group.participation, "form": form}
    return render(request, "guidance/sessions/move_session.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def cancel_session(request: PersonRequest, pk: int) -> HttpResponse:
    session = group_access.own_session(request.user, pk, lock=request.method == "POST")
    if request.method == "POST":
        try:
            session.cancel(by=request.user, now=timezone.now())
        except ValidationError:
            return redirect(session.get_absolute_url() + "?avgjort")
        return redirect(session.get_absolute_url() + "?avlyst")
    if _is_settled(session):
        return redirect(session.get_absolute_url() + "?avgjort")
    context = {"session": session, "participation": session.group.participation}
    return render(request, "guidance/sessions/cancel_session.html", context)


def _is_settled(session: GuidanceSession) -> bool:
    return bool(session.submitted_at or session.cancelled_at)
