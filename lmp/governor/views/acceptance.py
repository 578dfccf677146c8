from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.governor import acceptance, access
from lmp.governor.acceptance import AcceptForm
from outbox.effects import effects_page
from participants.models import Participation
from parts.dates import date_in_words
from parts.forms import BACK, is_confirmed, say


@require_http_methods(["GET", "POST"])
def accept(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    participation = get_object_or_404(access.to_accept(request.user, today=today), pk=pk)
    if participation.accepted_at or participation.withdrawn_at:
        return _answered(request, participation)
    form = AcceptForm(request.POST or None, today=today)
    title = _("%(name)s har takket ja") % {"name": participation.municipality.name}
    parents = [(participation.municipality.name, participation.get_absolute_url())]
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        act = partial(acceptance.accept, participation, **form.cleaned_data, by=request.user, now=now)
        if not is_confirmed(request):
            return effects_page(
                request,
                title=title,
                act=act,
                sections=acceptance.sections,
                now=now,
                scope=f"cohort:{participation.cohort.number}",
                breadcrumbs=parents,
            )
        stored = act()
        if (stored.accepted_at, stored.accepted_by) == (now, request.user):
            say(request, _("%(name)s er registrert som takket ja.") % {"name": participation.municipality.name})
            return redirect(participation)
        return _answered(request, get_object_or_404(access.to_accept(request.user, today=today), pk=pk))
    context = {"title": title, "form": form, "participation": participation, "parents": parents}
    return render(request, "governor/accept.html", context, status=422 if form.errors else 200)


def _answered(request: PersonRequest, participation: Participation) -> HttpResponse:
    """What is stored already, and that nothing more was."""
    name = participation.municipality.name
    if participation.withdrawn_at:
        said = _("%(name)s har trukket seg. Ingenting er endret.") % {"name": name}
    else:
        day = participation.accepted_on or timezone.localdate(participation.accepted_at)
        said = _("%(name)s takket ja %(day)s, registrert av %(who)s. Ingenting er endret.") % {
            "name": name,
            "day": date_in_words(day),
            "who": participation.accepted_by,
        }
    say(request, said, level=messages.WARNING)
    return redirect(participation)
