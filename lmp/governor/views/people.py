"""The office's people: who they are, and letting in, putting right and seeing off."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from lmp.changes.people import telling
from lmp.governor import access
from lmp.governor import people as office_people
from lmp.governor.people import CorrectPersonForm, EndAtOfficeForm, PersonAtOfficeForm
from outbox.effects import effects_page
from participants.models import CountyGovernor, GovernorContact
from parts.forms import BACK, is_confirmed, say


@require_safe
def people(request: PersonRequest, pk: int) -> HttpResponse:
    office = access.kept_office(request.user, pk)
    former = office.contacts.filter(ended_on__isnull=False).select_related("user", "governor")
    context = {
        "office": office,
        "people": list(office.people()),
        "former": list(former.order_by("-ended_on", "-pk")),
        "parents": _parents(request),
    }
    return render(request, "governor/people.html", context)


@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, pk: int) -> HttpResponse:
    office, now = access.kept_office(request.user, pk), timezone.now()
    form = PersonAtOfficeForm(request.POST or None, office=office)
    if request.method == "POST" and form.is_valid():
        try:
            name, email = form.cleaned_data["name"], form.cleaned_data["email"]
            contact = office_people.add(office, name=name, email=email, by=request.user, now=now)
        except ValidationError as error:
            form.add_error("email", error)
        else:
            said = _("%(name)s er lagt til, og har fått en e-post om tilgangen.")
            say(request, said % {"name": contact.called})
            return redirect("governor:people", office.pk)
    context = {"office": office, "form": form, "parents": _parents(request, office), "back": _page(office)}
    return render(request, "governor/add_person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def correct(request: PersonRequest, pk: int) -> HttpResponse:
    contact, now = access.kept_person(request.user, pk), timezone.now()
    office = contact.governor
    if contact.ended_on:
        return _gone(request, contact)
    refusal = office_people.why_not(contact, by=request.user, today=timezone.localdate(now))
    form = CorrectPersonForm(request.POST or None, contact=contact, why_not=refusal)
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        act = partial(office_people.correct, contact, **form.cleaned_data, by=request.user, now=now)
        title = _("Rette e-postadressen til %(name)s?") % {"name": contact.called}
        try:
            if form.changes_address and not is_confirmed(request):
                return effects_page(
                    request,
                    title=title,
                    act=act,
                    sections=lambda done: telling.of(done[1]),
                    now=now,
                    breadcrumbs=_parents(request, office),
                )
            renamed, moved = act()
        except ValidationError as error:
            form.add_error("email", error)
        else:
            changed = telling.corrected(form.cleaned_data["name"]) if renamed else _("Ingenting er endret.")
            say(request, telling.done(moved) if moved else changed)
            return redirect("governor:people", office.pk)
    context = {
        "office": office,
        "contact": contact,
        "form": form,
        "parents": _parents(request, office),
        "back": _page(office),
    }
    return render(request, "governor/correct_person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    contact, now = access.kept_person(request.user, pk), timezone.now()
    office = contact.governor
    if contact.ended_on:
        return _gone(request, contact)
    form = EndAtOfficeForm(request.POST if request.method == "POST" else None, contact=contact)
    title = _("Avslutt tilgangen til %(name)s") % {"name": contact.called}
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        act = partial(office_people.end, contact, **form.cleaned_data, by=request.user, now=now)
        try:
            if not is_confirmed(request):
                return effects_page(
                    request,
                    title=title,
                    act=act,
                    sections=office_people.ended_sections,
                    now=now,
                    button=_("Avslutt tilgangen"),
                    breadcrumbs=_parents(request, office),
                )
            done = act()
        except ValidationError:
            form = EndAtOfficeForm({}, contact=contact)  # the others have left meanwhile: it asks now
        else:
            return _gone(request, done.contact)
    context = {
        "title": title,
        "office": office,
        "contact": contact,
        "own": contact.user == request.user,
        "form": form,
        "parents": _parents(request, office),
        "back": _page(office),
    }
    return render(request, "governor/end_person.html", context, status=422 if form.errors else 200)


def _gone(request: PersonRequest, contact: GovernorContact) -> HttpResponse:
    said = _("Tilgangen til %(name)s er avsluttet.") % {"name": contact.called}
    say(request, said, level=messages.SUCCESS)
    return redirect("home" if contact.user == request.user else _page(contact.governor))


def _page(office: CountyGovernor) -> str:
    return reverse("governor:people", args=[office.pk])


def _parents(request: PersonRequest, office: CountyGovernor | None = None) -> list[tuple[str, str]]:
    """Staff come from the administration, and have no page of an office's counties."""
    admin = (_("Statsforvaltere"), reverse("admin:participants_countygovernor_changelist"))
    first = admin if request.user.is_staff else (_("Kommunene i fylket"), reverse("governor:counties"))
    return [first, (_("Personer hos embetet"), _page(office))] if office else [first]
