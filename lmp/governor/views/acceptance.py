from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.governor import acceptance, access
from lmp.governor.acceptance import AcceptForm, DeclineForm
from outbox.effects import effects_page
from participants.models import Participation
from parts.dates import date_in_words
from parts.forms import BACK, is_confirmed, say


@require_http_methods(["GET", "POST"])
def accept(request: PersonRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, is_yes=True)


@require_http_methods(["GET", "POST"])
def decline(request: PersonRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, is_yes=False)


def _answer(request: PersonRequest, pk: int, *, is_yes: bool) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    participation = get_object_or_404(access.to_accept(request.user, today=today), pk=pk)
    if participation.accepted_at or participation.declined_at or participation.withdrawn_at:
        return _answered(request, participation)
    form = (AcceptForm if is_yes else DeclineForm)(request.POST or None, today=today)
    name = {"name": participation.municipality.name}
    title = (_("%(name)s har takket ja") if is_yes else _("%(name)s har takket nei")) % name
    parents = [(participation.municipality.name, participation.get_absolute_url())]
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        store = acceptance.accept if is_yes else acceptance.decline
        act = partial(store, participation, **form.cleaned_data, by=request.user, now=now)
        if not is_confirmed(request):
            return effects_page(
                request,
                title=title,
                act=act,
                sections=acceptance.sections if is_yes else acceptance.declined_sections,
                now=now,
                scope=f"cohort:{participation.cohort.number}",
                breadcrumbs=parents,
            )
        stored = act()
        at, who = (stored.accepted_at, stored.accepted_by) if is_yes else (stored.declined_at, stored.declined_by)
        if (at, who) == (now, request.user):
            said = (
                _("Det er registrert at %(name)s har takket ja.")
                if is_yes
                else _("Det er registrert at %(name)s har takket nei.")
            )
            say(request, said % name)
            return redirect(participation)
        return _answered(request, get_object_or_404(access.to_accept(request.user, today=today), pk=pk))
    context = {"title": title, "form": form, "participation": participation, "parents": parents, "is_yes": is_yes}
    return render(request, "governor/accept.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """By staff alone: the no was a mistake, or the municipality has changed its mind."""
    if not access.may_change(request.user):
        raise Http404
    participation = get_object_or_404(access.to_accept(request.user, today=timezone.localdate()), pk=pk)
    if request.method == "POST" and participation.take_back_decline(by=request.user):
        say(request, _("Det er angret at %(name)s takket nei.") % {"name": participation.municipality.name})
    if request.method == "POST" or participation.declined_at is None:
        return redirect(participation)
    return render(request, "governor/take_back.html", {"participation": participation})


def _answered(request: PersonRequest, participation: Participation) -> HttpResponse:
    """What is stored already, and that nothing more was."""
    name = participation.municipality.name
    if participation.withdrawn_at:
        said = _("%(name)s har trukket seg. Ingenting er endret.") % {"name": name}
    elif participation.declined_at:
        said = _("%(name)s takket nei %(day)s, registrert av %(who)s. Ingenting er endret.") % {
            "name": name,
            "day": date_in_words(participation.declined_on or timezone.localdate(participation.declined_at)),
            "who": participation.declined_by,
        }
    else:
        day = participation.accepted_on or timezone.localdate(participation.accepted_at)
        said = _("%(name)s takket ja %(day)s, registrert av %(who)s. Ingenting er endret.") % {
            "name": name,
            "day": date_in_words(day),
            "who": participation.accepted_by,
        }
    say(request, said, level=messages.WARNING)
    return redirect(participation)
