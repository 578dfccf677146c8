import secrets

from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from participants.confirmation import confirm as confirming
from participants.confirmation.form import ConfirmForm
from participants.confirmation.values import Sheet, merge, moved_values
from participants.forms import DecisionsForm
from participants.mails import notices
from participants.models import Confirmation, Draft, Participation

# The page carries what it showed, signed, so that what others change meanwhile is found without a lock or a counter.
SALT = "participants.confirm"


@require_http_methods(["GET", "POST"])
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        with transaction.atomic():
            return _answer(request, pk)
    return _show(request, pk)


def _load(request: PersonRequest, pk: int, *, lock: bool = False) -> tuple[Participation, Confirmation | None]:
    editable = Participation.objects.editable_by(request.user).filter(welcomed_at__isnull=False)
    if lock:
        editable = editable.select_for_update(of=("self",))
    participation = get_object_or_404(editable.select_related("municipality", "cohort"), pk=pk)
    confirmation = participation.open_confirmation
    if confirmation:
        confirmation.participation = participation
    return participation, confirmation


def _show(request: PersonRequest, pk: int) -> HttpResponse:
    """The page as it stands, with the person's own draft on top."""
    participation, confirmation = _load(request, pk)
    if confirmation is None:
        return _already_confirmed(request, participation)
    sheet = Sheet.load(participation)
    current = sheet.values()
    draft = confirmation.drafts.filter(user=request.user).first()
    initial, moved = dict(current), []
    if draft:
        initial, keys = merge(base=draft.base, current=current, typed=draft.data)
        moved = moved_values(keys, base=draft.base, current=current, typed=draft.data, labels=sheet.labels())
    else:
        # Nothing is chosen beforehand: "not decided" must be somebody's answer.
        if initial["ppt"] == "undecided":
            del initial["ppt"]
        if initial["political_on"]:
            initial["political"] = "now"
    form = ConfirmForm(sheet, user=request.user, today=timezone.localdate(), initial=initial)
    response = _page(request, confirmation, form, sheet=current, shown=initial, draft=draft, moved=moved)
    # Whoever goes back here after confirming is sent on to the receipt, not shown the form as it was.
    add_never_cache_headers(response)
    return response


def _answer(request: PersonRequest, pk: int) -> HttpResponse:
    participation, confirmation = _load(request, pk, lock=True)
    if confirmation is None:
        return _already_confirmed(request, participation)
    sheet = Sheet.load(participation)
    current, now, today = sheet.values(), timezone.now(), timezone.localdate()
    drawn = _drawn(request)
    base = drawn["sheet"]
    sent = ConfirmForm(sheet, user=request.user, today=today).typed(request.POST, base=base)
    draft = confirmation.drafts.filter(user=request.user).first()
    typed = draft.with_what_it_holds(sent, page=drawn["page"], shown=drawn["shown"]) if draft else sent
    trace = {"page": drawn["page"], "typed": sent}
    action = request.POST.get("action")
    if action != "confirm":
        confirmation.keep_draft(data=typed, base=base, sent=trace, by=request.user, now=now)
        if action == "contacts":
            return redirect("participants:contacts", confirmation.participation_id)
        return redirect(request.path + "?lagret")
    values, keys = merge(base=base, current=current, typed=typed)
    from_another_tab = {key for key in typed if typed[key] != sent.get(key, "")}
    form = ConfirmForm(sheet, user=request.user, today=today, data=values, initial=current)
    if keys or from_another_tab:
        # From here on the person has seen what is new, so the draft stands on the current sheet.
        confirmation.keep_draft(data=values, base=current, sent=trace, by=request.user, now=now)
        labels = sheet.labels()
        moved = moved_values(keys, base=base, current=current, typed=typed, labels=labels)
        seen = current | {key: typed[key] for key in from_another_tab}
        moved += moved_values(from_another_tab - keys, base=drawn["shown"], current=seen, typed=sent, labels=labels)
        return _page(request, confirmation, form, sheet=current, shown=values, moved=moved, status=409)
    if not form.is_valid():
        confirmation.keep_draft(data=values, base=current, sent=trace, by=request.user, now=now)
        return _page(request, confirmation, form, sheet=current, shown=values, status=422)
    new = confirming.confirm(confirmation, sheet=sheet, answers=form.cleaned_data, by=request.user, now=now)
    notices.receipt(confirmation, now=now)
    for contact in new:
        notices.access_given(contact, now=now)
    notices.access_given_to_heads(confirmation.participation, now=now)
    return redirect("participants:receipt", confirmation.participation_id, confirmation.round)


def carried(*, sheet: dict[str, str], shown: dict[str, str]) -> str:
    """The page's hidden field "base": the sheet under the page, the values it shows, and which page it is."""
    drawn = {"sheet": sheet, "shown": shown, "page": secrets.token_hex(8)}
    return signing.dumps(drawn, salt=SALT, compress=True)


def _drawn(request: PersonRequest) -> dict:
    """What `carried` signed. A page that is not ours showed nothing."""
    try:
        return signing.loads(request.POST.get("base", ""), salt=SALT)
    except signing.BadSignature:
        return {"sheet": {}, "shown": {}, "page": ""}


def _page(
    request: PersonRequest,
    confirmation: Confirmation,
    form: ConfirmForm,
    *,
    sheet: dict[str, str],
    shown: dict[str, str],
    draft: Draft | None = None,
    moved: list | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {"counted_on": timezone.localdate().isoformat()} | shown
    others = confirmation.drafts.exclude(user=request.user).select_related("user").order_by("-saved_at")
    context = {
        "participation": confirmation.participation,
        "confirmation": confirmation,
        "form": form,
        "base": carried(sheet=sheet, shown=shown),
        "draft": draft,
        "moved": moved or [],
        "other_drafts": others,
        "overdue": confirmation.is_overdue(today=timezone.localdate()),
    }
    return render(request, "participants/confirm.html", context, status=status)


def _already_confirmed(request: PersonRequest, participation: Participation) -> HttpResponse:
    """The round is closed. Somebody who comes with typed values sees what of it was not stored."""
    newest = participation.confirmations.select_related("answered_by").order_by("-round").first()
    if newest is None:
        return redirect("overview:participation", participation.pk)
    if request.method == "POST":
        sheet = Sheet.load(participation)
        current = sheet.values()
        form = ConfirmForm(sheet, user=request.user, today=timezone.localdate())
        typed = form.typed(request.POST, base=_drawn(request)["sheet"])
        unsaved = moved_values(
            {key for key in current if key in typed and typed[key] != current[key]},
            base=current,
            current=current,
            typed=typed,
            labels=sheet.labels(),
        )
        # Line breaks come back from a browser as two characters.
        comment = typed.get("comment", "")
        if "".join(comment.split()) == "".join(newest.comment.split()):
            comment = ""
        if unsaved or comment:
            context = {
                "own": newest.answered_by == request.user,
                "participation": participation,
                "confirmation": newest,
                "unsaved": unsaved,
                "comment": comment,
            }
            return render(request, "participants/already_confirmed.html", context, status=409)
    return redirect("participants:receipt", participation.pk, newest.round)


@require_safe
def receipt(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    confirmation = get_object_or_404(
        Confirmation.objects.visible_to(request.user)
        .filter(answered_at__isnull=False)
        .select_related("participation__municipality", "participation__cohort", "answered_by"),
        participation=pk,
        round=number,
    )
    return render(request, "participants/receipt.html", {"confirmation": confirmation})


@require_http_methods(["GET", "POST"])
@transaction.atomic
def decisions(request: PersonRequest, pk: int) -> HttpResponse:
    """PPT and the political level, for those who answered "not yet"."""
    editable = Participation.objects.editable_by(request.user).filter(welcomed_at__isnull=False)
    participation = get_object_or_404(editable.select_related("municipality", "cohort"), pk=pk)
    form = DecisionsForm(request.POST or None, participation=participation, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        participation.decide(**form.cleaned_data, by=request.user)
        return redirect(participation)
    status = 422 if form.is_bound else 200
    return render(request, "participants/decisions.html", {"participation": participation, "form": form}, status=status)
