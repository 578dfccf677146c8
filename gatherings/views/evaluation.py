from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from gatherings import access
from gatherings.day.evaluation import (
    MIN_ANSWERS,
    EvaluationForm,
    answer,
    closes_on,
    evaluation_results,
    has_answered,
    is_open,
)
from participants.models import Strike


@never_cache
@require_http_methods(["GET", "POST"])
def evaluation(request: PersonRequest, pk: int) -> HttpResponse:
    """The five questions, or afterwards the thanks, the same to one who comes back and one who pressed twice."""
    gathering = get_object_or_404(access.evaluated_by(request.user), pk=pk)
    today = timezone.localdate()
    if has_answered(gathering, request.user):
        again = request.method == "POST"
        return render(request, "gatherings/evaluation_done.html", {"gathering": gathering, "again": again})
    if not is_open(gathering, today=today):
        past = gathering.is_past(today=today)
        context = {"gathering": gathering, "past": past, "closed_on": closes_on(gathering)}
        return render(request, "gatherings/evaluation_closed.html", context, status=409 if request.POST else 200)
    form = EvaluationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer(gathering, user=request.user, scores=form.scores, comment=form.cleaned_data["comment"])
        return redirect("gatherings:evaluation", gathering.pk)
    context = {"gathering": gathering, "form": form, "closes_on": closes_on(gathering)}
    return render(request, "gatherings/evaluation.html", context, status=422 if form.is_bound else 200)


@require_safe
def results(request: PersonRequest, pk: int) -> HttpResponse:
    gathering = get_object_or_404(access.run_by(request.user), pk=pk)
    context = {
        "gathering": gathering,
        "results": evaluation_results(gathering),
        "fewest": MIN_ANSWERS,
        "closes_on": closes_on(gathering),
        "strikes": Strike.objects.about(gathering).filter(text="comment"),
    }
    return render(request, "gatherings/results.html", context)
