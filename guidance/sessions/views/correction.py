"""Correcting a log that is sent in. What it said before is kept."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import group_access
from guidance.models import Correction, GuidanceSession
from guidance.sessions import wording
from guidance.sessions.log_form import LogForm, initial_from
from parts.forms import number_from


@never_cache
@require_http_methods(["GET", "POST"])
def correct_log(request: PersonRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        session = _load(request, pk)
        return page(request, session, form(session))
    with transaction.atomic():
        session = _load(request, pk, lock=True)
        sent = form(session, request.POST)
        missed = _since(session, request.POST.get("seen", ""))
        if missed:
            sent.is_valid()
            return page(request, session, sent, missed=missed, status=409)
        if not sent.is_valid():
            return page(request, session, sent, status=422)
        corrected = session.correct(
            facts=sent.facts,
            units=sent.chosen_units,
            supervisors=sent.chosen_supervisors,
            by=request.user,
            now=timezone.now(),
        )
    address = session.get_absolute_url() + ("?rettet" if corrected else "")
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"to": address})
    return redirect(address)


def _load(request: PersonRequest, pk: int, *, lock: bool = False) -> GuidanceSession:
    session = group_access.own_session(request.user, pk, lock=lock)
    if session.submitted_at is None:
        raise Http404
    return session


def form(session: GuidanceSession, data: Any = None) -> LogForm:
    """Filled with what the log says, or with what was sent. The next session is moved on its own page."""
    chosen = group_access.choices(session.group, session=session)
    known = group_access.known_names(session.group) if data is not None else ()
    return LogForm(
        data,
        initial=None if data is not None else initial_from(session),
        group=session.group,
        chosen=chosen,
        today=timezone.localdate(),
        known=known,
        plans=False,
    )


def _since(session: GuidanceSession, seen: str) -> list[Correction]:
    """The corrections that whoever sends this has not been shown, the newest first."""
    newest = number_from(seen) or 0
    return list(session.corrections.filter(pk__gt=newest).select_related("corrected_by"))


def page(
    request: PersonRequest,
    session: GuidanceSession,
    sent: LogForm,
    *,
    missed: list[Correction] | None = None,
    again: bool = False,
    taken: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`again`: the form that made the log has come once more, with other text. `taken`: somebody else made it.
    `missed`: what others have corrected.
    """
    newest = session.corrections.first()
    context = {
        "session": session,
        "group": session.group,
        "participation": session.group.participation,
        "form": sent,
        "seen": newest.pk if newest else 0,
        "missed": [(each, wording.changes(each, session)) for each in missed or []],
        "again": again,
        "token": request.POST.get("token", ""),
        "taken": taken,
    }
    return render(request, "guidance/sessions/correct_log.html", context, status=status)
