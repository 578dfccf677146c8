"""A session that is to come: planned, moved, called off. The mail plan writes again to those it has written to."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.models import GuidanceGroup, GuidanceSession, SessionChange
from guidance.sessions.forms import MoveSessionForm, PlanSessionForm, choices
from guidance.sessions.prefill import prefill
from participants.models import Participation
from parts.forms import say


@require_http_methods(["GET", "POST"])
@transaction.atomic
def plan_session(request: PersonRequest, pk: int) -> HttpResponse:
    posted = request.method == "POST"
    group = access.own_group(request.user, pk, lock=posted)
    _refuse_withdrawn(group.participation)
    today = timezone.localdate()
    chosen = choices(group, on=today)
    if not posted:
        usual = prefill(group, None, chosen, user=request.user, today=today)
        usual["supervisors"] = [each.pk for each in chosen.supervisors]
        del usual["held_on"]
        return _plan_page(request, group, PlanSessionForm(initial=usual, group=group, chosen=chosen, today=today))
    form = PlanSessionForm(request.POST, group=group, chosen=chosen, today=today)
    if not form.is_valid():
        return _plan_page(request, group, form)
    facts = form.facts
    same = group.sessions.planned().filter(**{name: facts[name] for name in ("held_on", "starts_at", "format")}).first()
    session = same or GuidanceSession.plan(group=group, **facts, by=request.user, now=timezone.now())
    say(request, _("Møtet er planlagt. De som skal være med, får beskjed på e-post."))
    return redirect(session)


def _plan_page(request: PersonRequest, group: GuidanceGroup, form: PlanSessionForm) -> HttpResponse:
    context = {"participation": group.participation, "form": form}
    return render(request, "guidance/sessions/plan_session.html", context, status=422 if form.is_bound else 200)


def _refuse_withdrawn(participation: Participation) -> None:
    if participation.withdrawn_at:
        raise Http404


@require_http_methods(["GET", "POST"])
@transaction.atomic
def move_session(request: PersonRequest, pk: int) -> HttpResponse:
    session = access.own_session(request.user, pk, lock=request.method == "POST")
    _refuse_withdrawn(session.group.participation)
    now = timezone.now()
    initial = {name: getattr(session, name) for name in ("held_on", "starts_at", "format")}
    form = MoveSessionForm(request.POST or None, initial=initial, group=session.group, today=timezone.localdate(now))
    if session.is_settled:
        return _already_settled(request, session)
    if request.method == "POST" and form.is_valid():
        moved = SessionChange.objects.replan(session, facts=form.cleaned_data, by=request.user, now=now)
        if moved:
            say(request, _("Møtet er flyttet. De som har fått beskjed om møtet, får den nye tida på e-post."))
        return redirect(session)
    context = {"session": session, "participation": session.group.participation, "form": form}
    return render(request, "guidance/sessions/move_session.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def cancel_session(request: PersonRequest, pk: int) -> HttpResponse:
    session = access.own_session(request.user, pk, lock=request.method == "POST")
    if request.method == "POST":
        try:
            session.cancel(by=request.user, now=timezone.now())
        except ValidationError:
            return _already_settled(request, session)
        say(request, _("Møtet er avlyst. De som har fått beskjed om møtet, får vite det på e-post."))
        return redirect(session)
    if session.is_settled:
        return _already_settled(request, session)
    context = {"session": session, "participation": session.group.participation}
    return render(request, "guidance/sessions/cancel_session.html", context)


def _already_settled(request: PersonRequest, session: GuidanceSession) -> HttpResponse:
    text = _("Møtet er allerede logget eller avlyst, og kan ikke flyttes eller avlyses.")
    say(request, text, level=messages.WARNING)
    return redirect(session)
