"""Withdrawing a project group that should not have been entered, and moving it to the unit whose it is."""

from datetime import date
from functools import partial

from django import forms
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest
from lmp.changes.removing import striking
from lmp.changes.removing.settling import settle
from lmp.changes.removing.unit_forms import OtherUnitForm, WithdrawGroupForm
from participants.models import ProjectGroup, Unit


def _load(user: User, pk: int, *, today: date) -> ProjectGroup:
    """The project group of a unit that this person answers for; Udir's staff all. `pk` is the unit's."""
    units = Unit.objects.editable_by(user, today=today)
    groups = ProjectGroup.objects.filter(Q() if user.is_staff else Q(unit__in=units))
    return get_object_or_404(groups.select_related("unit__participation__municipality__county"), unit=pk)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def withdraw_group(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    group = _load(request.user, pk, today=timezone.localdate(now))
    form = WithdrawGroupForm(request.POST if request.method == "POST" else None)
    title = _("Trekk tilbake prosjektgruppa")
    if request.method == "POST" and form.is_valid():
        said = [
            (_("Dette fjernes for godt"), [str(member) for member in group.members.all()]),
            (_("Enheten"), [_("Enheten står uten prosjektgruppe, til noen setter sammen en ny.")]),
        ]
        act = partial(striking.strike_group, group, reason=form.cleaned_data["reason"], by=request.user, now=now)
        done = _("Prosjektgruppa er trukket tilbake.")
        page = settle(
            request, act, title=title, sections=lambda _done: said, done=done, back=partial(_at, group.unit), now=now
        )
        if page:
            return page
    return _page(request, group, form, title=title)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def move_group(request: PersonRequest, pk: int) -> HttpResponse:
    """To another unit of the municipality, that has none, and that this person answers for too."""
    now = timezone.now()
    today = timezone.localdate(now)
    group = _load(request.user, pk, today=today)
    before = group.unit
    units = before.participation.units.active(today=today).filter(project_group__isnull=True)
    if not request.user.is_staff:
        units = units.filter(pk__in=Unit.objects.editable_by(request.user, today=today))
    form = OtherUnitForm(request.POST if request.method == "POST" else None, units=list(units))
    title = _("Flytt prosjektgruppa")
    if request.method == "POST" and form.is_valid():
        words = {"before": before, "after": form.unit}
        said = [(_("Prosjektgruppa"), [_("Prosjektgruppa flyttes fra %(before)s til %(after)s.") % words])]
        act = partial(group.move, to=form.unit, by=request.user, now=now)
        done, back = _("Prosjektgruppa er flyttet til %(after)s.") % words, partial(_at, form.unit)
        page = settle(request, act, title=title, sections=lambda _done: said, done=done, back=back, now=now)
        if page:
            return page
    return _page(request, group, form, title=title)


def _at(unit: Unit) -> str:
    return reverse("participants:unit", args=[unit.pk])


def _page(request: PersonRequest, group: ProjectGroup, form: forms.Form, *, title: str) -> HttpResponse:
    context: dict[str, object] = {"title": title, "form": form, "lead": str(group), "back": _at(group.unit)}
    context["has_no_choice"] = isinstance(form, OtherUnitForm) and not form.units
    return render(request, "changes/removing/of_unit.html", context, status=422 if form.errors else 200)
