"""Writing the log of a session: as a draft, then sent in, once, however often the form arrives."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.models import GuidanceGroup, GuidanceSession, LogDraft
from guidance.sessions import attendance, next_session, submission
from guidance.sessions.log_form import LogForm, correction_form, initial_from_draft, log_form
from guidance.sessions.prefill import prefill
from guidance.sessions.submission import Action, Conflict, Submission
from guidance.sessions.views import correction
from parts.forms import go, say


@never_cache
@require_http_methods(["GET", "POST"])
def log(request: PersonRequest, pk: int) -> HttpResponse:
    """Of a session that nobody planned."""
    if request.method != "POST":
        return _show(request, access.own_group(request.user, pk), None)
    with transaction.atomic():
        return _receive(request, access.own_group(request.user, pk, lock=True), None)


@never_cache
@require_http_methods(["GET", "POST"])
def log_planned(request: PersonRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        session = access.own_session(request.user, pk)
        return _show(request, session.group, session)
    with transaction.atomic():
        session = access.own_session(request.user, pk, lock=True)
        return _receive(request, session.group, session)


def _show(request: PersonRequest, group: GuidanceGroup, planned: GuidanceSession | None) -> HttpResponse:
    """The person's own draft as it was left, else the form filled in beforehand."""
    draft = submission.own_draft(request.user, group, planned, asked=request.GET.get("utkast", ""))
    if "uten-nett" in request.GET:  # kept on the device for later: nothing that is written is in it
        draft = None
    conflict = submission.conflict_with(planned) if planned else None
    if conflict and conflict.kind == Conflict.Kind.TAKEN and draft is None:
        context = {"session": planned, "participation": group.participation}
        return render(request, "guidance/sessions/log_sent_already.html", context)
    today = timezone.localdate()
    chosen = submission.choices_for(group, planned, today=today)
    initial = (
        initial_from_draft(draft.data) if draft else prefill(group, planned, chosen, user=request.user, today=today)
    )
    form = log_form(group, chosen, planned=planned, today=today, initial=initial)
    token = draft.token if draft else uuid.uuid4()
    return _page(request, group, planned, form, token=token, draft=draft, conflict=conflict)


def _receive(request: PersonRequest, group: GuidanceGroup, planned: GuidanceSession | None) -> HttpResponse:
    sent = submission.receive(group, planned, request.POST, by=request.user, now=timezone.now())
    if sent.action == Action.AS_LAST:
        return _as_last(request, sent)
    return _again(request, sent, sent.received) if sent.received else _take(request, sent)


def _take(request: PersonRequest, sent: Submission) -> HttpResponse:
    """A form that has not been received before."""
    if sent.action in (Action.DRAFT, Action.DISCARD, Action.NOT_HELD):
        return _draft(request, sent)
    if twin := sent.find_twin():
        return _sent(request, sent, twin)
    if conflict := sent.find_conflict():
        return _conflict(request, sent, conflict)
    if not sent.form.is_valid():
        return _page(request, sent.group, sent.planned, sent.form, token=sent.token, status=422)
    return _sent(request, sent, sent.send())


def _again(request: PersonRequest, sent: Submission, made: GuidanceSession) -> HttpResponse:
    """The form has been received before. The same text leads to its log; another one to a correction, filled in."""
    if made.withdrawn_at:
        return _withdrawn(request, sent, made)
    if sent.action == Action.DRAFT:  # it was on its way when the log was sent in
        return go(request, made.get_absolute_url())
    if sent.is_received():
        sent.plan_next(after=made)
        return _sent(request, sent, made)
    form = correction_form(made, today=timezone.localdate(), data=request.POST)
    return correction.page(request, made, form, again=True, status=409)


def _withdrawn(request: PersonRequest, sent: Submission, made: GuidanceSession) -> HttpResponse:
    """The log that the form became has been taken back. It comes to life again by no late copy of itself."""
    if not sent.form.is_valid() or sent.form.says_the_same_as(made):
        say(request, _("Loggen er trukket tilbake, og er ikke sendt inn på nytt."), level=messages.WARNING)
        return go(request, made.get_absolute_url())
    conflict = Conflict(Conflict.Kind.WITHDRAWN, made)
    return _page(request, sent.group, sent.planned, sent.form, token=uuid.uuid4(), conflict=conflict, status=409)


def _sent(request: PersonRequest, sent: Submission, session: GuidanceSession) -> HttpResponse:
    next_on = sent.form.cleaned_data.get("next_on")
    say(request, " ".join(next_session.receipt(session, next_on=next_on)))
    return go(request, session.get_absolute_url())


def _draft(request: PersonRequest, sent: Submission) -> HttpResponse:
    """Keep the draft, or throw it away. A script saves while the person writes, so a message would say it too often."""
    if sent.action == Action.DISCARD and request.POST.get("confirmed"):
        sent.discard_draft()
        say(request, _("Utkastet er slettet."))
        return go(request, reverse("guidance:supervisor"))
    sent.keep_draft()
    if sent.action == Action.DISCARD:
        context = {"participation": sent.group.participation, "token": sent.token}
        return render(request, "guidance/sessions/discard_draft.html", context)
    if sent.action == Action.NOT_HELD:
        return _not_held(request, sent)
    return go(request, f"{request.path}?lagret&utkast={sent.token}")


def _as_last(request: PersonRequest, sent: Submission) -> HttpResponse:
    """The form as it was typed, with the counts of the last time in it: to look over, for nothing is sent."""
    today = timezone.localdate(sent.now)
    last = attendance.last_time(sent.group, today=today)
    initial = initial_from_draft(sent.form.typed()) | (last.values if last else {})
    chosen = submission.choices_for(sent.group, sent.planned, today=today)
    form = log_form(sent.group, chosen, planned=sent.planned, today=today, initial=initial)
    return _page(request, sent.group, sent.planned, form, token=sent.token, filled_in=last is not None)


def _not_held(request: PersonRequest, sent: Submission) -> HttpResponse:
    """What was typed is a draft now. A session that was planned is still to be cancelled, which its own page does."""
    if sent.planned and not sent.planned.is_settled:
        say(request, _("Loggen er ikke sendt inn, og ligger som utkast. Ble møtet ikke holdt, avlyser du det her."))
        return go(request, reverse("guidance:cancel_session", args=[sent.planned.pk]))
    say(request, _("Loggen er ikke sendt inn, og ligger som utkast. Slett utkastet hvis du ikke trenger det."))
    return go(request, f"{request.path}?utkast={sent.token}")


def _conflict(request: PersonRequest, sent: Submission, conflict: Conflict) -> HttpResponse:
    if corrected := sent.find_corrected(conflict):
        form = correction_form(corrected, today=timezone.localdate(), data=request.POST)
        return correction.page(request, corrected, form, taken=True, status=409)
    if conflict.kind == Conflict.Kind.HELD:
        sent.form.ask_whether_another(conflict.of_day, lacks_choice=sent.action == Action.CORRECT)
    return _page(request, sent.group, sent.planned, sent.form, token=sent.token, conflict=conflict, status=409)


def _page(
    request: PersonRequest,
    group: GuidanceGroup,
    planned: GuidanceSession | None,
    form: LogForm,
    *,
    token: uuid.UUID,
    conflict: Conflict | None = None,
    draft: LogDraft | None = None,
    filled_in: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "participation": group.participation,
        "planned": planned,
        "form": form,
        "token": token,
        "draft": draft,
        "conflict": conflict,
        "saved": "lagret" in request.GET,
        "today": timezone.localdate(),
        "last_time": attendance.last_time(group, today=timezone.localdate()),
        "filled_in": filled_in,
    }
    return render(request, "guidance/sessions/log.html", context, status=status)
