"""Withdrawing a measure that should not have been entered, and moving it to the unit that it is about."""

from datetime import date
from functools import partial

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance.models import Measure
from lmp.changes.removing.settling import settle
from lmp.changes.removing.unit_forms import OtherUnitForm, WithdrawMeasureForm


def _load(request: PersonRequest, pk: int, *, today: date) -> Measure:
    """One that counts, of those this person may take back; locked while its form is received."""
    measures = Measure.objects.removable_by(request.user, today=today).standing()
    if request.method == "POST":
        measures = measures.select_for_update(of=("self",))
    return get_object_or_404(measures.select_related("unit__participation__municipality__county"), pk=pk)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def withdraw_measure(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    measure = _load(request, pk, today=timezone.localdate(now))
    form = WithdrawMeasureForm(request.POST if request.method == "POST" else None)
    title = _("Trekk tilbake tiltaket")
    if request.method == "POST" and form.is_valid():
        act = partial(measure.withdraw, why=form.cleaned_data["why"], by=request.user, now=now)
        said = [(_("Tiltaket"), [_("Tiltaket teller ikke lenger, og ingen får flere påminnelser om det.")])]
        done, back = _("Tiltaket er trukket tilbake."), partial(_back, request, measure)
        page = settle(request, act, title=title, sections=lambda _done: said, done=done, back=back, now=now)
        if page:
            return page
    return _page(request, measure, form, title=title)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def move_measure(request: PersonRequest, pk: int) -> HttpResponse:
    """To another unit of the same municipality."""
    now = timezone.now()
    today = timezone.localdate(now)
    measure = _load(request, pk, today=today)
    before = measure.unit
    form = OtherUnitForm(
        request.POST if request.method == "POST" else None,
        units=list(before.participation.units.active(today=today).exclude(pk=before.pk)),
    )
    title = _("Flytt tiltaket")
    if request.method == "POST" and form.is_valid():
        words = {"before": before, "after": form.unit}
        said = [(_("Tiltaket"), [_("Tiltaket flyttes fra %(before)s til %(after)s.") % words])]
        act = partial(measure.correct_unit, to=form.unit, by=request.user, now=now)
        done, back = _("Tiltaket er flyttet til %(after)s.") % words, partial(_back, request, measure)
        page = settle(request, act, title=title, sections=lambda _done: said, done=done, back=back, now=now)
        if page:
            return page
    return _page(request, measure, form, title=title)


def _page(request: PersonRequest, measure: Measure, form: forms.Form, *, title: str) -> HttpResponse:
    context: dict[str, object] = {
        "title": title,
        "form": form,
        "lead": f"{measure.unit}: {measure}",
        "back": measure.get_absolute_url(),
    }
    context["has_no_choice"] = isinstance(form, OtherUnitForm) and not form.units
    return render(request, "changes/removing/of_unit.html", context, status=422 if form.errors else 200)


def _back(request: PersonRequest, measure: Measure) -> str:
    """The measure, for whoever still sees it where it is now; else their own page."""
    seen = Measure.objects.visible_to(request.user, today=timezone.localdate()).filter(pk=measure.pk)
    return measure.get_absolute_url() if seen.exists() else reverse("home")
