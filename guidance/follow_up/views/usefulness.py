"""Whether the sessions are of use: a head answers, and the leaders and the supervisors see the figures."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from guidance import access
from guidance.follow_up import pulse
from guidance.models import PulseAnswer, PulseAnswered, Supervisor
from participants.models import Strike
from parts.child_names.question import ask_about_children
from parts.names import LineField


class PulseForm(forms.Form):
    use = forms.TypedChoiceField(
        label=_("Var møtet nyttig?"),
        choices=[(value, capfirst(label)) for value, label in reversed(PulseAnswer.Use.choices)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg ett av svarene.")},
    )
    line = LineField(
        label=_("Vil du si noe mer?"),
        required=False,
        max_length=200,
        help_text=_("Skriv aldri navn på barn, og ikke hvem du selv er, så er svaret anonymt."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ask_about_children(self, ["line"])
        return cleaned


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: PersonRequest, pk: int) -> HttpResponse:
    """The question, or afterwards the thanks, the same to one who comes back."""
    today = timezone.localdate()
    session = get_object_or_404(pulse.asked(request.user, today=today), pk=pk)
    if pulse.has_answered(session, request.user):
        context = {"session": session, "again": request.method == "POST"}
        return render(request, "guidance/follow_up/pulse_done.html", context)
    form = PulseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pulse.answer(session, user=request.user, use=form.cleaned_data["use"], line=form.cleaned_data["line"])
        return redirect("guidance:pulse", pk)
    context = {"session": session, "form": form, "closes_on": pulse.closes_on(session)}
    return render(request, "guidance/follow_up/pulse.html", context, status=422 if form.errors else 200)


@require_safe
def cohort(request: PersonRequest, pk: int) -> HttpResponse:
    found = access.followed_cohort(request.user, pk, today=timezone.localdate())
    answers = PulseAnswer.objects.filter(group__participation__cohort=found)
    answered = PulseAnswered.objects.filter(session__group__participation__cohort=found)
    strikes = Strike.objects.about(found).filter(text="line")
    context = {"cohort": found, "pulse": pulse.pulse_of(answers, answered), "strikes": strikes, "may_strike": True}
    return render(request, "guidance/follow_up/cohort_pulse.html", context | {"fewest": pulse.MIN_ANSWERS})


@require_safe
def own(request: PersonRequest) -> HttpResponse:
    """A supervisor's own, of all sessions they were at."""
    supervisor = get_object_or_404(Supervisor, user=request.user)
    answers = PulseAnswer.objects.filter(supervisors=supervisor)
    answered = PulseAnswered.objects.filter(session__supervisors=supervisor)
    context = {"pulse": pulse.pulse_of(answers, answered), "fewest": pulse.MIN_ANSWERS}
    return render(request, "guidance/follow_up/own_pulse.html", context)
