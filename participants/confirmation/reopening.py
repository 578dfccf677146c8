"""A municipality corrects what it has confirmed: at once until the deadline, and by asking staff after it."""

from datetime import datetime

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest
from participants.confirmation import asking
from participants.mails import notices
from participants.models import Confirmation, CorrectionRequest, Participation
from parts.child_names.question import ask_about_children
from parts.dates import through
from parts.forms import say
from parts.names import LineField


class ReasonForm(forms.Form):
    reason = LineField(
        label=gettext_lazy("Hva skal rettes?"),
        max_length=300,
        help_text=gettext_lazy("For eksempel: feil antall elever ved Statsbygd skole. Skriv ikke om enkeltbarn."),
    )

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["reason"])
        return cleaned


@require_http_methods(["GET", "POST"])
@transaction.atomic
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    editable = Participation.objects.editable_by(request.user).filter(confirmations__answered_at__isnull=False)
    found = editable.distinct() if request.method != "POST" else Participation.objects.filter(pk__in=editable)
    if request.method == "POST":
        found = found.select_for_update(of=("self",), no_key=True)
    participation = get_object_or_404(found.select_related("municipality__county", "cohort"), pk=pk)
    if participation.open_confirmation:
        return redirect("participants:confirm", pk)
    newest = participation.confirmations.order_by("-round").select_related("answered_by")[0]
    now = timezone.now()
    form, is_late = ReasonForm(request.POST or None), newest.due_on < timezone.localdate(now)
    if request.method == "POST" and form.is_valid():
        if is_late:
            return _ask(request, participation, form.cleaned_data["reason"], now=now)
        return _open(request, newest, form.cleaned_data["reason"], now=now)
    context = {
        "participation": participation,
        "confirmation": newest,
        "form": form,
        "is_late": is_late,
        "asked": participation.correction_requests.open().select_related("asked_by").first(),
    }
    return render(request, "participants/reopen.html", context, status=422 if form.is_bound else 200)


def _open(request: PersonRequest, newest: Confirmation, reason: str, *, now: datetime) -> HttpResponse:
    """The same deadline: what is asked has been answered in time once, and is to be right in time too."""
    again = asking.reopen(newest, due_on=newest.due_on, reason=reason, by=request.user, now=now)
    notices.round_opened(again, now=now)
    text = _("Bekreftelsen er åpen igjen. Rett det som er feil, og bekreft på nytt %(due)s.")
    say(request, text % {"due": through(again.due_on)})
    return redirect("participants:confirm", again.participation_id)


def _ask(request: PersonRequest, participation: Participation, reason: str, *, now: datetime) -> HttpResponse:
    """One request at a time: who asks again while it waits is told that it does."""
    if not participation.correction_requests.open().exists():
        ask(participation, reason=reason, by=request.user, now=now)
    say(request, _("Vi har fått ønsket om å få rette. Dere får en e-post når bekreftelsen er åpen igjen."))
    return redirect(participation)


def ask(participation: Participation, *, reason: str, by: User, now: datetime) -> CorrectionRequest:
    """Raises IntegrityError when a request waits already."""
    return CorrectionRequest.objects.create(participation=participation, reason=reason, asked_at=now, asked_by=by)
