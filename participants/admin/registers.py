"""A municipality's units as the registers have them, beside ours: staff choose what to take."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.requests import PersonRequest
from participants.mails import units
from participants.models import Participation, Unit
from participants.registers import Comparison, RegisterUnit, compare
from parts.admin import admin_page


def registers_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    participation = get_object_or_404(Participation.objects.select_related("municipality__county", "cohort"), pk=pk)
    if not modeladmin.has_change_permission(request, participation):
        raise PermissionDenied
    chosen = request.POST.getlist("unit")
    comparison = compare(participation, count=chosen)  # asks the registers, so before any transaction
    if request.method == "POST":
        _take(request, participation, comparison, chosen)
        return redirect(reverse("admin:participants_participation_change", args=[participation.pk]))
    context = {
        "title": _("Hent fra registrene"),
        "subtitle": participation.municipality.name_and_county,
        "participation": participation,
        "comparison": comparison,
        "today": timezone.localdate(),
    }
    return admin_page(modeladmin, request, "admin/participants/participation/registers.html", context)


def _take(request: PersonRequest, participation: Participation, comparison: Comparison, chosen: list[str]) -> None:
    """Store what the registers say now; the form only says which units."""
    today = timezone.localdate()
    wanted = [entry for entry in comparison.unknown if entry.organisation_number in chosen]
    with transaction.atomic():
        counted = comparison.suggest(on=today)
        added_units = []
        for entry in wanted:
            unit = _add(participation, entry, by=request.user)
            added_units.append(unit)
            if entry.children is not None:
                unit.suggest(children=entry.children, on=today)
                counted += 1
        units.ask_for_counts(participation, added_units, now=timezone.now())
    for error in comparison.errors:
        messages.error(request, error)
    added = ngettext("%(count)s enhet er lagt til.", "%(count)s enheter er lagt til.", len(wanted))
    suggested = ngettext(
        "%(count)s enhet har fått tall fra registrene.", "%(count)s enheter har fått tall fra registrene.", counted
    )
    messages.success(request, f"{added % {'count': len(wanted)}} {suggested % {'count': counted}}")


def _add(participation: Participation, entry: RegisterUnit, *, by: User) -> Unit:
    unit = Unit(
        participation=participation,
        name=entry.name,
        organisation_number=entry.organisation_number,
        kind=entry.kind,
        ownership=entry.ownership,
    )
    unit.save_new(by=by)
    return unit
