from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from participants.confirmation import confirm as confirming
from participants.confirmation import counting
from participants.confirmation.form import ConfirmForm
from participants.confirmation.received import Received, signed
from participants.confirmation.values import StoredFacts
from participants.forms import DecisionsForm
from participants.mails import notices
from participants.models import Confirmation, Draft, Participation, Strike
from parts.forms import go, say


@require_http_methods(["GET", "POST"])
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        with transaction.atomic():
            return _answer(request, pk)
    return _show(request, pk)


def _load(request: PersonRequest, pk: int, *, lock: bool = False) -> tuple[Participation, Confirmation | None]:
    editable = Participation.objects.editable_by(request.user).filter(welcomed_at__isnull=False)
    if lock:
        # Its key stays as it is: whoever registers somebody from here need not wait, with their gathering locked.
        editable = editable.select_for_update(of=("self",), no_key=True)
    participation = get_object_or_404(editable.select_related("municipality__county", "cohort"), pk=pk)
    confirmation = participation.open_confirmation
    if confirmation:
        confirmation.participation = participation
    return participation, confirmation


def _show(request: PersonRequest, pk: int) -> HttpResponse:
    """What is stored, with the person's own draft on top."""
    participation, confirmation = _load(request, pk)
    if confirmation is None:
        return _already_confirmed(request, participation)
    today = timezone.localdate()
    facts = StoredFacts.load(participation, today=today)
    draft = confirmation.drafts.filter(user=request.user).first()
    if draft and not request.user.seen_by:
        received = Received.from_draft(draft, facts=facts)
        shown = received.values
    else:
        received, shown = None, _untouched(facts, confirmation.corrected)
    form = ConfirmForm(facts, user=request.user, today=today, initial=shown)
    response = _page(request, confirmation, form, shown=shown, draft=draft, received=received)
    # Somebody who goes back here after confirming is sent on to the receipt, not shown the form as it was.
    add_never_cache_headers(response)
    return response


def _untouched(facts: StoredFacts, corrected: Confirmation | None) -> dict[str, str]:
    """Nothing is chosen beforehand: "not decided" must be somebody's answer. What is corrected has been answered."""
    stored = facts.values()
    if corrected:
        days = {counting.day_name(unit.kind): (unit.counted_on or "") for unit in facts.units}
        political = "now" if stored["political_on"] else "later"
        return stored | {name: str(day) for name, day in days.items()} | {"political": political}
    shown = {key: value for key, value in stored.items() if (key, value) != ("ppt", "undecided")}
    return shown | {"political": "now"} if stored["political_on"] else shown


def _answer(request: PersonRequest, pk: int) -> HttpResponse:
    participation, confirmation = _load(request, pk, lock=True)
    if confirmation is None:
        return _already_confirmed(request, participation)
    now = timezone.now()
    facts = StoredFacts.load(participation, today=timezone.localdate(now))
    draft = confirmation.drafts.filter(user=request.user).first()
    received = Received.from_page(request.POST, facts=facts, user=request.user, draft=draft)
    action = request.POST.get("action")
    if action == "registers":
        figures = counting.registers_figures(facts.units, received.typed)
        received.with_typed(figures).keep(confirmation, seen=False, by=request.user, now=now)
        _say_filled_in(request, len(figures) // 2)
        return redirect(f"{request.path}#units")
    if action != "confirm":
        received.keep(confirmation, seen=False, by=request.user, now=now)
        return redirect("participants:contacts", pk) if action == "contacts" else go(request, request.path)
    form = ConfirmForm(
        facts, user=request.user, today=timezone.localdate(now), data=received.values, initial=received.stored
    )
    if received.has_news or not form.is_valid():
        received.keep(confirmation, seen=True, by=request.user, now=now)
        status = 409 if received.has_news else 422
        return _page(request, confirmation, form, shown=received.values, received=received, status=status)
    new = confirming.confirm(confirmation, facts=facts, answers=form.cleaned_data, by=request.user, now=now)
    notices.receipt(confirmation, now=now)
    for contact in new:
        notices.access_given(contact, now=now)
        if contact.replaces:
            notices.access_ended(contact.replaces, by=request.user, now=now, successor=contact.name)
    notices.access_given_to_heads(participation, now=now)
    return redirect("participants:receipt", pk, confirmation.round)


def _say_filled_in(request: PersonRequest, units: int) -> None:
    if not units:
        say(request, _("Ingen av de tomme feltene har et tall i registrene."), level=messages.INFO)
        return
    text = ngettext(
        "Registerets tall er fylt inn for %(count)s enhet. Se over det før du bekrefter.",
        "Registrenes tall er fylt inn for %(count)s enheter. Se over dem før du bekrefter.",
        units,
    )
    say(request, text % {"count": units})


def _page(
    request: PersonRequest,
    confirmation: Confirmation,
    form: ConfirmForm,
    *,
    shown: dict[str, str],
    received: Received | None,
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "participation": confirmation.participation,
        "confirmation": confirmation,
        "form": form,
        "base": signed(base=form.stored, shown=shown, seen=received.other_tabs if received else {}),
        "draft": draft,
        "changes": received.changes if received else [],
        "two_answers": received.two_answers if received else [],
        "other_drafts": confirmation.drafts.exclude(user=request.user).select_related("user").order_by("-saved_at"),
        "overdue": confirmation.is_overdue(today=today),
        "moved": confirmation.deadline_changes.first(),
    }
    return render(request, "participants/confirm.html", context, status=status)


def _already_confirmed(request: PersonRequest, participation: Participation) -> HttpResponse:
    """The round is closed. Somebody who comes with typed values sees what of it was not stored."""
    newest = participation.confirmations.select_related("answered_by").order_by("-round").first()
    if newest is None:
        return redirect("overview:participation", participation.pk)
    if request.method == "POST":
        facts = StoredFacts.load(participation, today=timezone.localdate())
        received = Received.from_page(request.POST, facts=facts, user=request.user)
        unsaved = received.unlike_what_is_stored()
        # Line breaks come back from a browser as two characters.
        comment = received.typed.get("comment", "")
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
        .select_related("participation__municipality__county", "participation__cohort", "answered_by"),
        participation=pk,
        round=number,
    )
    answers_for = Participation.objects.editable_by(request.user).filter(pk=pk).exists()
    newer = Confirmation.objects.filter(participation=pk, round__gt=number)
    starts_on = confirmation.participation.cohort.starts_on
    context = {
        "may_correct": answers_for and not newer.exists(),
        "groups_by": starts_on if starts_on > timezone.localdate() else None,
        "confirmation": confirmation,
        "strikes": Strike.objects.about(confirmation)[:1],
        "may_strike": bool(confirmation.comment) and (request.user.is_staff or answers_for),
    }
    return render(request, "participants/receipt.html", context)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def decisions(request: PersonRequest, pk: int) -> HttpResponse:
    """PPT and the political level, for those who answered "not yet"."""
    editable = Participation.objects.editable_by(request.user).filter(welcomed_at__isnull=False)
    participation = get_object_or_404(editable.select_related("municipality__county", "cohort"), pk=pk)
    form = DecisionsForm(request.POST or None, participation=participation, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        participation.decide(**form.cleaned_data, by=request.user)
        return redirect(participation)
    status = 422 if form.is_bound else 200
    return render(request, "participants/decisions.html", {"participation": participation, "form": form}, status=status)
