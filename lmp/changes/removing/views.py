"""Striking a text: what is chosen, then what it does, then it is gone."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.changes.removing import striking
from lmp.changes.removing.forms import StrikeForm
from lmp.changes.removing.settling import settle
from lmp.changes.removing.strikable import KINDS, Strikable
from parts.forms import say


@never_cache
@require_http_methods(["GET", "POST"])
def strike(request: PersonRequest, pk: int | str, kind: str) -> HttpResponse:
    now = timezone.now()
    found = KINDS[kind](request.user, pk, today=timezone.localdate(now))
    if not found.texts:
        return _gone(request, found)
    form = StrikeForm(request.POST if request.method == "POST" else None, texts=found.texts, whole=found.whole)
    if request.method == "POST" and form.is_valid():
        act = partial(striking.strike, found, **form.facts, by=request.user, now=now)
        tell = partial(striking.sections, found, form.facts["texts"])
        words = {"title": found.title, "done": _("Teksten er fjernet.")}
        if page := settle(request, act, **words, sections=tell, back=lambda: found.back, now=now):
            return page
    context = {"found": found, "form": form}
    return render(request, "changes/removing/strike.html", context, status=422 if form.errors else 200)


def _gone(request: PersonRequest, found: Strikable) -> HttpResponse:
    say(request, _("Teksten er allerede fjernet."), level=messages.INFO)
    return redirect(found.back)
