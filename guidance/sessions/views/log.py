"""Writing the log of a session: as a draft, then sent in, once, however often the form arrives."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import group_access
from guidance.models import GuidanceGroup, GuidanceSession, LogDraft
from guidance.sessions import submission
from guidance.sessions.log_form import LogForm, initial_from_draft
from guidance.sessions.prefill import likely
from guidance.sessions.submission import Met
from guidance.sessions.views import correction


@never_cache
@require_http_methods(["GET", "POST"])
def log(request: PersonRequest, pk: int) -> HttpResponse:
    """Of a session that nobody planned."""
    if request.method != "POST":
        return _show(request, group_access.own_group(request.user, pk), None)
    with transaction.atomic():
        return _receive(request, group_access.own_group(request.user, pk, lock=True), None)


@never_cache
@require_http_methods(["GET", "POST"])
def log_planned(request: PersonRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        session = group_access.own_session(request.user, pk)
        return _show(request, session.group, session)
    with transaction.atomic():
        session = group_access.own_session(request.user, pk, lock=True)
        return _receive(request, session.group, session)


def _show(request: PersonRequest, group: GuidanceGroup, planned: GuidanceSession | None) -> HttpResponse:
    """The person's own draft as it was left, else what is likely."""
    drafts = LogDraft.objects.of(request.user).filter(group=group, session=planned)
    asked = _uuid(request.GET.get("utkast", ""))
    draft = (drafts.filter(token=asked).first() if asked else None) or drafts.first()
    clash = "cancelled" if planned and planned.cancelled_at else "taken" if planned and planned.submitted_at else ""
    if clash == "taken" and draft is None:
        context = {"session": planned, "participation": group.participation}
        return render(request, "guidance/sessions/log_sent_already.html", context)
    chosen = group_access.choices(group)
    if draft:
        initial = initial_from_draft(draft.data)
    else:
        initial = likely(group, planned, chosen, user=request.user, today=timezone.localdate())
    form = _form(group, chosen, initial=initial)
    token = draft.token if draft else uuid.uuid4()
    return _page(request, group, planned, form, token=token, draft=draft, met=Met(clash, planned))


def _receive(request: PersonRequest, group: GuidanceGroup, planned: GuidanceSession | None) -> HttpResponse:
    """The group is locked, so what is found here holds until the answer is given."""
    now, action = timezone.now(), request.POST.get("action")
    form = _form(group, group_access.choices(group), request.POST, known=group_access.known_names(group))
    token, sent = _token(request, group)
    if sent:
        return _again(request, sent, form, action=action, now=now)
    if action in ("draft", "discard"):
        return _keep(request, group, planned, form, token=token, now=now)
    met = submission.meet(group, planned, form, action=action, by=request.user)
    if met.clash == "same" and met.other:
        return _go(request, met.other.get_absolute_url() + "?sendt")
    if met.clash == "taken" and met.other and action == "correct":
        return correction.page(request, met.other, correction.form(met.other, request.POST), taken=True, status=409)
    if met.clash or not form.is_valid():
        status = 409 if met.clash else 422
        if met.clash == "held":
            form.ask_whether_another()
        return _page(request, group, planned, form, token=token, met=met, status=status)
    made = submission.send(group, planned=met.planned, form=form, token=token, by=request.user, now=now)
    return _go(request, made.get_absolute_url() + "?sendt")


def _again(
    request: PersonRequest, sent: GuidanceSession, form: LogForm, *, action: str | None, now: datetime
) -> HttpResponse:
    """The form has been received before. The same text leads to its log; another one to a correction, filled in."""
    if action == "draft":  # it was on its way when the log was sent in
        return _go(request, sent.get_absolute_url())
    if form.is_valid() and form.says_the_same_as(sent):
        submission.plan_next(sent, form=form, by=request.user, now=now)
        return _go(request, sent.get_absolute_url() + "?sendt")
    return correction.page(request, sent, correction.form(sent, request.POST), again=True, status=409)


def _keep(
    request: PersonRequest,
    group: GuidanceGroup,
    planned: GuidanceSession | None,
    form: LogForm,
    *,
    token: uuid.UUID,
    now: datetime,
) -> HttpResponse:
    """Keep the draft, or throw it away."""
    if request.POST["action"] == "discard":
        LogDraft.objects.of(request.user).filter(token=token).delete()
        return _go(request, reverse("guidance:supervisor"))
    draft = LogDraft.objects.filter(token=token).first()
    draft = draft or LogDraft(token=token, user=request.user, group=group, session=planned)
    draft.keep(data=form.typed(), now=now)
    return _go(request, f"{request.path}?lagret&utkast={token}")


def _token(request: PersonRequest, group: GuidanceGroup) -> tuple[uuid.UUID, GuidanceSession | None]:
    """The form's own, and the log that it has become. One that belongs to somebody else's form is not taken over."""
    token = _uuid(request.POST.get("token", ""))
    if token is None:
        return uuid.uuid4(), None
    sent = GuidanceSession.objects.filter(token=token).select_related("group__participation__municipality").first()
    if sent and sent.group_id != group.pk:
        return uuid.uuid4(), None
    if sent is None and LogDraft.objects.filter(token=token).exclude(user=request.user, group=group).exists():
        return uuid.uuid4(), None
    return token, sent


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _form(group: GuidanceGroup, chosen: group_access.Choices, data: Any = None, **arguments: Any) -> LogForm:
    plans = group.participation.withdrawn_at is None
    return LogForm(data, group=group, chosen=chosen, today=timezone.localdate(), plans=plans, **arguments)


def _go(request: PersonRequest, address: str) -> HttpResponse:
    """A script that sends the form asks where to go on, for it can't tell where a redirect leads."""
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"to": address})
    return redirect(address)


def _page(
    request: PersonRequest,
    group: GuidanceGroup,
    planned: GuidanceSession | None,
    form: LogForm,
    *,
    token: uuid.UUID,
    met: Met,
    draft: LogDraft | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "participation": group.participation,
        "planned": planned,
        "form": form,
        "token": token,
        "draft": draft,
        "clash": met.clash,
        "other": met.other,
        "saved": "lagret" in request.GET,
    }
    return render(request, "guidance/sessions/log.html", context, status=status)
