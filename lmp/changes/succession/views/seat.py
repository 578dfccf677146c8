"""Bytt person: somebody else comes to a gathering instead, and the seat stays."""

from collections.abc import Sequence
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from gatherings import places
from gatherings.models import Registration
from lmp.changes.succession import swapping
from lmp.changes.succession.forms import SwapForm
from lmp.changes.succession.swapping import Swapped
from outbox.effects import Section, effects_page
from parts.forms import BACK, is_asked, say


def _load(request: PersonRequest, pk: int, *, lock: bool) -> Registration:
    """The person's own, those one answers for, and all of them for the staff; the gathering's row held for a change."""
    related = ("gathering__cohort", "participation__municipality__county", "participation__cohort", "unit", "user")
    able = swapping.swappable_by(request.user)
    found = get_object_or_404(able.select_related(*related), pk=pk)
    if lock:
        places.lock(found.gathering)
        found = get_object_or_404(able.select_related(*related), pk=pk)
    return found


@require_http_methods(["GET", "POST"])
@transaction.atomic
def swap(request: PersonRequest, pk: int) -> HttpResponse:
    found, now = _load(request, pk, lock=request.method == "POST"), timezone.now()
    if not swapping.may_be_swapped(found, by=request.user, now=now):
        return _too_late(request, found)
    form = SwapForm(request.POST or None, registration=found)
    if form.is_bound and form.is_valid() and BACK not in request.POST:
        act = partial(swapping.swap, found, **form.person, by=request.user, now=now)
        try:
            if is_asked(request):
                title = _("Dette skjer når en annen kommer i stedet for %(name)s") % {"name": found.name}
                scope = f"cohort:{found.participation.cohort.number}"
                return effects_page(request, title=title, act=act, sections=sections, now=now, scope=scope)
            done = act()
        except ValidationError as error:
            form.add_error("email" if error.code == "taken" else None, error)
        else:
            say(request, _said(done))
            return redirect(_on(request, found))
    context = {"registration": found, "gathering": found.gathering, "form": form}
    status = 422 if form.is_bound and BACK not in request.POST else 200
    return render(request, "changes/swap.html", context, status=status)


def sections(done: Swapped) -> Sequence[Section]:
    names = {"new": done.name, "old": done.before}
    return [
        (_("%(new)s kommer i stedet for %(old)s") % names, [done.seat]),
        (_("Dette følger ikke med"), done.left),
    ]


def _said(done: Swapped) -> str:
    names = {"new": done.name, "old": done.before}
    return _("%(new)s kommer nå i stedet for %(old)s. Begge har fått vite det på e-post.") % names


def _on(request: PersonRequest, found: Registration) -> str:
    """To the registration, or to the gathering for one who has given their own away."""
    if Registration.objects.visible_to(request.user).filter(pk=found.pk).exists():
        return found.get_absolute_url()
    return reverse("home")


def _too_late(request: PersonRequest, found: Registration) -> HttpResponse:
    if request.method != "POST":
        return redirect(found)
    context = {"registration": found, "gathering": found.gathering}
    return render(request, "gatherings/too_late.html", context, status=409)
