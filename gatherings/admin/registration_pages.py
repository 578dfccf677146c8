"""What staff do to a registration: decide on its expenses, cancel it, or make one after the deadline."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.requests import PersonRequest
from gatherings import places
from gatherings.admin.registration_forms import LateForm, MunicipalityForm, ReimbursementForm
from gatherings.mails import notices, values
from gatherings.models import Gathering, Registration
from gatherings.registration import registering
from gatherings.registration.registering import RegistrationOutcome
from gatherings.registration.reimbursement import assess
from participants.models import Participation
from parts.admin import admin_page

if TYPE_CHECKING:
    from gatherings.registration.reimbursement import WithReimbursement


def may_change(request: HttpRequest) -> bool:
    user: Any = request.user
    return user.has_perm("gatherings.change_registration")


def _load(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> "WithReimbursement":
    if not may_change(request):
        raise PermissionDenied
    return get_object_or_404(modeladmin.get_queryset(request), pk=pk)


def page(
    modeladmin: admin.ModelAdmin, request: PersonRequest, template: str, context: dict, *, status: int = 200
) -> HttpResponse:
    return admin_page(modeladmin, request, template, context, status=status)


def _to(registration: Registration) -> HttpResponseRedirect:
    return redirect(reverse("admin:gatherings_registration_change", args=[registration.pk]))


def _status(form: forms.Form) -> int:
    """Of a page that shows the form again."""
    return 422 if form.is_bound else 200


def reimbursement_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    registration = _load(modeladmin, request, pk)
    if registration.state != Registration.State.PLACED:
        messages.error(request, _("Personen har ikke plass på samlingen, så det er ingenting å avgjøre."))
        return _to(registration)
    form = ReimbursementForm(
        request.POST if request.method == "POST" else None,
        initial={"reimbursement": registration.reimbursement, "reason": registration.reimbursement_reason},
    )
    if form.is_bound and form.is_valid():
        answers, now = form.cleaned_data, timezone.now()
        registration.decide_reimbursement(
            reimbursement=answers["reimbursement"], reason=answers["reason"], by=request.user, now=now
        )
        modeladmin.log_change(request, registration, _("Avgjorde om utgiftene dekkes"))
        messages.success(request, assess(_load(modeladmin, request, pk)).text)
        return _to(registration)
    context = {
        "title": _("Avgjør dekning"),
        "registration": registration,
        "form": form,
        "reimbursement": assess(registration),
    }
    return page(modeladmin, request, "admin/gatherings/registration/decide.html", context, status=_status(form))


def cancel_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    registration = _load(modeladmin, request, pk)
    if request.method == "POST":
        now = timezone.now()
        with transaction.atomic():
            done = places.cancel(registration, by=request.user, now=now)
            if done:
                cancelled, passed = done
                notices.cancelled(cancelled, by=request.user, now=now)
                notices.passed(passed, now=now)
                modeladmin.log_change(request, cancelled, _("Meldte av"))
        if done is None:
            messages.info(request, _("Påmeldingen gjaldt ikke lenger. Ingenting er endret."))
        else:
            messages.success(request, _cancelled_text(registration, len(done[1].offered)))
        return _to(registration)
    if not registration.is_active:
        messages.info(request, _("Påmeldingen gjelder ikke lenger."))
        return _to(registration)
    context = {
        "title": _("Meld av"),
        "registration": registration,
        "waiting": registration.gathering.registrations.waiting().count(),
    }
    return page(modeladmin, request, "admin/gatherings/registration/cancel.html", context)


def _cancelled_text(registration: Registration, offered: int) -> str:
    said = _("%(name)s er meldt av.") % {"name": registration.name}
    if not offered:
        return said
    passed = ngettext(
        "Én person på ventelista har fått tilbud om plass.",
        "%(count)s personer på ventelista har fått tilbud om plass.",
        offered,
    )
    return f"{said} {passed % {'count': offered}}"


def late_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    """First the municipality, by the address; then the person, for it or for one of its units."""
    if not may_change(request):
        raise PermissionDenied
    gathering = get_object_or_404(Gathering.objects.select_related("cohort"), pk=pk)
    choice = MunicipalityForm(request.GET if "kommune" in request.GET else None, gathering=gathering)
    context = {"title": _("Meld på en deltaker"), "gathering": gathering, "choice": choice}
    if not choice.is_bound or not choice.is_valid():
        return page(
            modeladmin,
            request,
            "admin/gatherings/registration/late.html",
            context,
            status=_status(choice),
        )
    participation = choice.cleaned_data["kommune"]
    form = LateForm(
        request.POST if request.method == "POST" else None, gathering=gathering, participation=participation
    )
    if form.is_bound and form.is_valid():
        outcome = _register(request, form, gathering, participation)
        if outcome is not None:
            if outcome.is_new:
                modeladmin.log_addition(request, outcome.registration, _("Meldte på"))
            return _to(outcome.registration)
    context |= {"form": form, "participation": participation}
    return page(modeladmin, request, "admin/gatherings/registration/late.html", context, status=_status(form))


def _register(
    request: PersonRequest, form: LateForm, gathering: Gathering, participation: Participation
) -> RegistrationOutcome | None:
    """Register the person and notify them. Return what became of it, or None with what is wrong on the form."""
    now = timezone.now()
    try:
        with transaction.atomic():
            outcomes = registering.register(gathering, [form.row()], by=request.user, now=now, late=True)
            notices.outcomes(outcomes, by=request.user, now=now)
    except ValidationError as error:
        form.refuse(error)
        return None
    [outcome] = outcomes
    stored = outcome.is_new or outcome.added
    messages.add_message(request, messages.SUCCESS if stored else messages.INFO, values.outcome(outcome))
    return outcome
