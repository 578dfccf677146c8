"""Nominating: which municipality and pulje, then its contact and units, then what happens, then it is stored."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from lmp.governor import access, nominating
from lmp.governor.nomination_form import (
    MAX_ROWS,
    PREFIX,
    BaseUnitFormSet,
    ChooseForm,
    NominationForm,
    unit_rows,
)
from outbox.effects import effects_page
from participants.models import Cohort, Municipality, Participation
from parts.dates import day_in_words
from parts.forms import BACK, is_confirmed, more_rows, say


@require_safe
def choose(request: PersonRequest) -> HttpResponse:
    access.offices(request.user)
    cohorts = Cohort.objects.open_for_nominations(today=timezone.localdate()).order_by("number")
    asked = {"kommune", "pulje"} <= request.GET.keys()
    form = ChooseForm(
        request.GET if asked else None,
        initial=request.GET.dict(),
        cohorts=cohorts,
        municipalities=access.municipalities(request.user),
    )
    if asked and form.is_valid():
        return redirect("governor:nominate", form.cleaned_data["pulje"].pk, form.cleaned_data["kommune"].pk)
    context = {"form": form, "cohorts": cohorts, "parents": [_counties()]}
    return render(request, "governor/choose.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def nominate(request: PersonRequest, cohort: int, municipality: int) -> HttpResponse:
    place = get_object_or_404(access.municipalities(request.user), pk=municipality)
    pulje, now = get_object_or_404(Cohort, pk=cohort), timezone.now()
    today = timezone.localdate(now)
    if answer := _in_the_way(request, place, pulje):
        return answer
    known = nominating.known_units(place, today=today)
    elsewhere = list(place.participations.besides(pulje, today=today))
    if request.method == "POST" and "more" in request.POST:
        with more_rows(request.POST, PREFIX, most=MAX_ROWS):
            form = NominationForm(known=known, elsewhere=elsewhere)
            return _page(request, place, pulje, form, unit_rows(None, municipality=place, kept=[]))
    form = NominationForm(request.POST or None, known=known, elsewhere=elsewhere)
    rows = unit_rows(request.POST or None, municipality=place, kept=form.kept if form.is_valid() else [])
    if request.method == "POST" and form.is_valid() and rows.is_valid() and BACK not in request.POST:
        units = [{name: getattr(unit, name) for name in nominating.FACTS} for unit in form.kept]
        units += [{name: row.cleaned_data[name] for name in nominating.FACTS} for row in rows.written]
        contact = form.contact
        act = partial(nominating.nominate, place, pulje, units=units, contact=contact, by=request.user, now=now)
        try:
            if not is_confirmed(request):
                return effects_page(
                    request,
                    title=_title(place, pulje),
                    act=act,
                    sections=nominating.sections,
                    now=now,
                    button=_("Nominer"),
                    scope=f"cohort:{pulje.number}",
                    breadcrumbs=[_counties()],
                )
            done = act()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = _("%(name)s er nominert til %(cohort)s. Registrer svaret her når kommunen har svart.")
            say(request, said % {"name": place.name, "cohort": str(pulje).lower()})
            return redirect(done.participation)
    return _page(request, place, pulje, form, rows)


def _in_the_way(request: PersonRequest, place: Municipality, pulje: Cohort) -> HttpResponse | None:
    """It is in the pulje, has withdrawn from it, or the pulje has begun: said on the page that it leads to."""
    names = {"name": place.name, "cohort": str(pulje).lower(), "day": day_in_words(pulje.starts_on)}
    if there := Participation.objects.filter(municipality=place, cohort=pulje).first():
        withdrawn = _(
            "%(name)s har trukket seg fra %(cohort)s. Utdanningsdirektoratet kan registrere at kommunen er med igjen."
        )
        declined = _("%(name)s har takket nei til %(cohort)s. Utdanningsdirektoratet kan angre det.")
        already = _("%(name)s er allerede ført opp i %(cohort)s. Ingenting mer er lagret.")
        say(
            request,
            (withdrawn if there.withdrawn_at else declined if there.declined_at else already) % names,
            level=messages.WARNING,
        )
        return redirect(there)
    if not pulje.is_open_for_nominations(today=timezone.localdate()):
        said = _("Ingen kan nomineres til %(cohort)s lenger: den begynte %(day)s. Ingenting er lagret.")
        say(request, said % names, level=messages.WARNING)
        return redirect("governor:choose")
    return None


def _counties() -> tuple[str, str]:
    return _("Kommunene i fylket"), reverse("governor:counties")


def _title(place: Municipality, pulje: Cohort) -> str:
    return _("Nominer %(name)s til %(cohort)s") % {"name": place.name, "cohort": str(pulje).lower()}


def _page(
    request: PersonRequest, place: Municipality, pulje: Cohort, form: NominationForm, rows: BaseUnitFormSet
) -> HttpResponse:
    context = {
        "title": _title(place, pulje),
        "place": place,
        "cohort": pulje,
        "form": form,
        "formset": rows,
        "contact_fields": [form[name] for name in form.contact_names],
        "next_row": rows.total_form_count(),
        "may_have_more": rows.total_form_count() < MAX_ROWS,
        "parents": [_counties(), (_("Nominer en kommune"), reverse("governor:choose"))],
    }
    is_wrong = form.is_bound and BACK not in request.POST
    return render(request, "governor/nominate.html", context, status=422 if is_wrong else 200)
