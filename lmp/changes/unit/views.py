"""What staff change about a unit, each with what it does before it is saved."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest
from lmp.changes.unit import closing
from lmp.changes.unit.forms import ClosingForm, MergingForm, NewUnitForm, OwnerForm, RenamingForm
from lmp.changes.unit.outcome import UnitOutcome
from outbox.effects import Section, effects_page
from participants.mails import units as notices
from participants.models import Participation, Unit
from parts.forms import is_asked, is_confirmed, say

T = TypeVar("T")


def units_changed_by(user: User) -> QuerySet[Unit]:
    """Those whose staff may change what the municipality itself does not: all of them, and nobody else any."""
    related = ("participation__municipality__county", "participation__cohort", "merged_into")
    units = Unit.objects.select_related(*related)
    return units if user.is_staff and user.has_perm("participants.change_unit") else units.none()


@require_http_methods(["GET", "POST"])
def close(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(units_changed_by(request.user), pk=pk)
    form = ClosingForm(request.POST or None, unit=unit)

    def act(now: datetime) -> UnitOutcome:
        return closing.close(unit, on=form.cleaned_data["on"], by=request.user, now=now)

    title = _("Legg ned %(unit)s") % {"unit": unit}
    return _change(request, unit, form, title, act=act, sections=UnitOutcome.sections, saved=_closed)


@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(units_changed_by(request.user), pk=pk)
    form = MergingForm(request.POST or None, unit=unit, today=timezone.localdate())

    def act(now: datetime) -> UnitOutcome:
        chosen = form.cleaned_data
        return closing.merge(unit, chosen["into"], on=chosen["on"], moves=form.moves, by=request.user, now=now)

    title = _("Slå sammen %(unit)s med en annen") % {"unit": unit}
    return _change(request, unit, form, title, act=act, sections=UnitOutcome.sections, saved=_closed)


@require_http_methods(["GET", "POST"])
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(units_changed_by(request.user), pk=pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def act(now: datetime) -> UnitOutcome:
        return closing.reopen(unit, by=request.user, now=now)

    title = _("%(unit)s er i drift likevel") % {"unit": unit}
    return _change(request, unit, form, title, act=act, sections=UnitOutcome.sections, saved=lambda _outcome: title)


@require_http_methods(["GET", "POST"])
def rename(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(units_changed_by(request.user), pk=pk)
    form, before = RenamingForm(request.POST or None, unit=unit), unit.name

    def act(_now: datetime) -> str:
        unit.rename(name=form.cleaned_data["name"], by=request.user)
        return unit.name

    def sections(name: str) -> list[Section]:
        kept = _("Brev, bekreftelser og e-poster som er sendt, har fortsatt %(name)s") % {"name": before}
        used = _("E-poster, brev og lister fra nå av har %(name)s") % {"name": name}
        return [(_("Navnet på enheten"), [f"{before} → {name}", used, kept])]

    title = _("Gi %(unit)s et nytt navn") % {"unit": before}
    saved = _("%(before)s heter nå %(after)s.")
    return _change(
        request,
        unit,
        form,
        title,
        act=act,
        sections=sections,
        saved=lambda after: saved % {"before": before, "after": after},
    )


@require_http_methods(["GET", "POST"])
def change_owner(request: PersonRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(units_changed_by(request.user), pk=pk)
    form, before = OwnerForm(request.POST or None, unit=unit), unit.get_ownership_display()

    def act(_now: datetime) -> str:
        unit.change_owner(ownership=form.cleaned_data["ownership"], by=request.user)
        return unit.get_ownership_display()

    title = _("Endre hvem som eier %(unit)s") % {"unit": unit}
    return _change(
        request,
        unit,
        form,
        title,
        act=act,
        sections=lambda after: [(_("Eierform"), [f"{before} → {after}", _("Historikken har hvem som endret, og når")])],
        saved=lambda after: _("%(unit)s er nå %(ownership)s.") % {"unit": unit, "ownership": after},
    )


@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, pk: int) -> HttpResponse:
    """A unit that comes in mid-year: the municipality is asked for its number of children, and for nothing else."""
    if not (request.user.is_staff and request.user.has_perm("participants.add_unit")):
        raise Http404
    taking_part = Participation.objects.taking_part().select_related("municipality__county", "cohort")
    participation = get_object_or_404(taking_part, pk=pk)
    form = NewUnitForm(request.POST or None, participation=participation)
    unit = form.instance
    unit.participation = participation

    def act(now: datetime) -> tuple[Unit, bool]:
        made = Unit(participation=participation, **form.cleaned_data)
        made.save_new(by=request.user)
        return made, bool(notices.ask_for_counts(participation, [made], now=now))

    def sections(result: tuple[Unit, bool]) -> list[Section]:
        made, asked = result
        alone = _("Kommunen blir bedt om å skrive inn antall barn. Resten av bekreftelsen åpnes ikke.")
        what = f"{made.name}, {made.get_kind_display()}"
        return [(_("Ny enhet"), [what, alone if asked else _("Kommunen blir bedt om antall barn i bekreftelsen.")])]

    title = _("Ny enhet i %(municipality)s") % {"municipality": participation.municipality}
    return _change(
        request,
        unit,
        form,
        title,
        act=act,
        sections=sections,
        saved=lambda result: _("%(unit)s er lagt til.") % {"unit": result[0]},
    )


def _closed(outcome: UnitOutcome) -> str:
    return f"{outcome.unit.closing_in_words()}."


def _change(
    request: PersonRequest,
    unit: Unit,
    form: forms.BaseForm,
    title: str,
    *,
    act: Callable[[datetime], T],
    sections: Callable[[T], Sequence[Section]],
    saved: Callable[[T], str],
) -> HttpResponse:
    """The form, then what saving it does, then the saving. What is wrong is said in the form."""
    participation, now = unit.participation, timezone.now()
    back = reverse("admin:participants_participation_change", args=[participation.pk])
    if unit.pk:
        back = reverse("admin:participants_unit_change", args=[unit.pk])
    parents = [(str(participation.municipality), participation.get_absolute_url())]
    if form.is_bound and form.is_valid():
        try:
            if is_asked(request):
                return effects_page(
                    request,
                    title=title,
                    act=lambda: act(now),
                    sections=sections,
                    now=now,
                    scope=f"cohort:{participation.cohort.number}",
                    breadcrumbs=parents,
                )
            if is_confirmed(request):
                with transaction.atomic():
                    result = act(now)
                say(request, saved(result))
                return redirect(back)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"title": title, "unit": unit, "form": form, "back": back, "parents": parents}
    return render(request, "changes/unit/form.html", context, status=422 if form.errors else 200)
