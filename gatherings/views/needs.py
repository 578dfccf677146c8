from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from accounts.unsent_forms import never_kept
from gatherings import access
from gatherings.day.needs import NeedsForm, deleted_by, keep
from gatherings.models import Needs
from parts.forms import say


@never_kept
@never_cache
@require_http_methods(["GET", "POST"])
def needs(request: PersonRequest, pk: int) -> HttpResponse:
    """Read and write one's own needs. After the gathering they may still be deleted."""
    registration = get_object_or_404(access.with_own_needs(request.user), pk=pk)
    now = timezone.now()
    past = registration.gathering.is_past(today=timezone.localdate(now))
    held = Needs.objects.filter(registration=registration).first()
    form = NeedsForm(None if past else request.POST or None, instance=held)
    if past and "slett" in request.POST:
        keep(registration, food="", access="", now=now)
        return redirect("gatherings:needs", pk)
    if form.is_bound and form.is_valid():
        needed = form.cleaned_data
        keep(registration, food=needed["food"], access=needed["access"], now=now)
        said = _("Det du trenger, er lagret.") if any(needed.values()) else _("Ingenting er lagret om hva du trenger.")
        say(request, said)
        return redirect("gatherings:needs", pk)
    context = {
        "registration": registration,
        "gathering": registration.gathering,
        "form": form,
        "held": held,
        "past": past,
        "deleted_by": deleted_by(registration.gathering),
    }
    return render(
        request, "gatherings/needs.html", context, status=422 if form.is_bound else 409 if request.POST else 200
    )
