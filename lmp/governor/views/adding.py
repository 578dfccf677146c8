"""More units and contacts for a municipality that is nominated, until its welcome letter is sent."""

from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.governor import access, nominating
from lmp.governor.nomination_form import MAX_ROWS, PREFIX, AddedContactForm, BaseUnitFormSet, unit_rows
from outbox.effects import effects_page
from participants.functions import functions
from participants.models import Participation, Unit
from parts.forms import BACK, is_confirmed, more_rows, say


@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    participation = get_object_or_404(access.to_accept(request.user, today=today), pk=pk)
    if not access.may_add(request.user, participation, functions(request.user), today=today):
        say(request, _("Velkomstbrevet er sendt, eller kommunen er ikke med. Ingenting er lagret."))
        return redirect(participation)
    place, there = participation.municipality, list(participation.units.all())
    if request.method == "POST" and "more" in request.POST:
        with more_rows(request.POST, PREFIX, most=MAX_ROWS):
            return _page(
                request, participation, AddedContactForm(), unit_rows(None, municipality=place, kept=[]), there
            )
    form = AddedContactForm(request.POST or None)
    rows = unit_rows(request.POST or None, municipality=place, kept=there)
    if request.method == "POST" and form.is_valid() and rows.is_valid() and BACK not in request.POST:
        units = [{name: row.cleaned_data[name] for name in nominating.FACTS} for row in rows.written]
        contact = form.contact if form.is_filled else None
        if not (units or contact):
            form.add_error(None, _("Skriv inn en enhet eller en kontaktperson."))
            return _page(request, participation, form, rows, there)
        act = partial(nominating.add, participation, units=units, contact=contact, by=request.user, now=now)
        try:
            if not is_confirmed(request):
                parents = [(place.name, participation.get_absolute_url())]
                return effects_page(
                    request,
                    title=_title(participation),
                    act=act,
                    sections=nominating.added_sections,
                    now=now,
                    scope=f"cohort:{participation.cohort.number}",
                    breadcrumbs=parents,
                )
            act()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            say(request, _("Det er lagt til."))
            return redirect(participation)
    return _page(request, participation, form, rows, there)


def _title(participation: Participation) -> str:
    return _("Legg til i %(name)s") % {"name": participation.municipality.name}


def _page(
    request: PersonRequest,
    participation: Participation,
    form: AddedContactForm,
    rows: BaseUnitFormSet,
    there: list[Unit],
) -> HttpResponse:
    context = {
        "title": _title(participation),
        "participation": participation,
        "there": there,
        "contacts": participation.contacts.current().filter(unit__isnull=True).order_by("name", "pk"),
        "form": form,
        "formset": rows,
        "contact_fields": [form[name] for name in form.contact_names],
        "next_row": rows.total_form_count(),
        "may_have_more": rows.total_form_count() < MAX_ROWS,
        "parents": [(participation.municipality.name, participation.get_absolute_url())],
    }
    is_wrong = form.is_bound and BACK not in request.POST
    return render(request, "governor/add.html", context, status=422 if is_wrong else 200)
