"""Correcting a log that is sent in. What it said before is kept."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.models import Correction, GuidanceSession
from guidance.sessions import wording
from guidance.sessions.log_form import LogForm, correction_form
from parts.forms import go, number_from, say


@never_cache
@require_http_methods(["GET", "POST"])
def correct_log(request: PersonRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        session = _load(request, pk)
        return page(request, session, correction_form(session, today=timezone.localdate()))
    with transaction.atomic():
        session = _load(request, pk, lock=True)
        sent = correction_form(session, today=timezone.localdate(), data=request.POST)
        missed = _since(session, request.POST.get("seen", ""))
        struck = session.strikes.filter(pk__gt=number_from(request.POST.get("struck", "")) or 0).exists()
        if missed or struck:
            sent.is_valid()
            return page(request, session, sent, missed=missed, struck=struck, status=409)
        if not sent.is_valid():
            return page(request, session, sent, status=422)
        corrected = session.correct(
            facts=sent.facts,
            units=sent.chosen_units,
            supervisors=sent.chosen_supervisors,
            by=request.user,
            now=timezone.now(),
        )
    if corrected:
        say(request, _("Loggen er rettet."))
    return go(request, session.get_absolute_url())


def _load(request: PersonRequest, pk: int, *, lock: bool = False) -> GuidanceSession:
    session = access.own_session(request.user, pk, lock=lock)
    if not session.has_log:
        raise Http404
    return session


def _since(session: GuidanceSession, seen: str) -> list[Correction]:
    """The corrections that the sender has not been shown, the newest first."""
    newest = number_from(seen) or 0
    corrections = session.corrections.filter(pk__gt=newest).select_related("corrected_by")
    return list(corrections.prefetch_related("strikes__struck_by"))


def page(
    request: PersonRequest,
    session: GuidanceSession,
    sent: LogForm,
    *,
    missed: list[Correction] | None = None,
    again: bool = False,
    taken: bool = False,
    struck: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`again`: the form that made the log has come once more, with other text. `taken`: somebody else made it.
    `missed`: what others have corrected. `struck`: a text was taken away since the page was drawn.
    """
    newest, newest_strike = session.corrections.first(), session.strikes.first()
    context = {
        "session": session,
        "group": session.group,
        "participation": session.group.participation,
        "form": sent,
        "seen": newest.pk if newest else 0,
        "missed": [(each, wording.changes(each, session)) for each in missed or []],
        "struck": newest_strike.pk if newest_strike else 0,
        "was_struck": struck,
        "again": again,
        "token": request.POST.get("token", ""),
        "taken": taken,
    }
    return render(request, "guidance/sessions/correct_log.html", context, status=status)
