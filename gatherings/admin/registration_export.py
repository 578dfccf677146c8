"""The filtered list of registrations as a workbook."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.requests import PersonRequest
from gatherings.models import Gathering
from gatherings.registration.reimbursement import assess
from participants.lists import keys
from parts.sheets import workbook
from parts.sheets.cells import About, Cell, Column

if TYPE_CHECKING:
    from gatherings.registration.reimbursement import WithReimbursement

AT_A_TIME = 2000


def export_view(
    modeladmin: admin.ModelAdmin, request: PersonRequest, *, of_one: int | None
) -> FileResponse | HttpResponseRedirect:
    """What the list shows with the same filters, search and order, on all its pages. `of_one`: the gathering chosen."""
    if not modeladmin.has_view_permission(request):
        raise PermissionDenied
    try:
        changelist = modeladmin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return redirect("admin:gatherings_registration_changelist")
    about = About(_("Påmeldinger"), timezone.now())
    if of_one and (gathering := Gathering.objects.select_related("cohort").filter(pk=of_one).first()):
        about = gathering.about_list(about.title, at=about.at)
    return workbook.answer(about, columns(), rows(changelist.get_queryset(request)))


def columns() -> list[Column]:
    return [
        Column(_("Navn"), 28),
        Column(_("E-postadresse"), 32),
        Column(_("Kommer for"), 30),
        Column(_("Kommune"), 20),
        Column(_("Fylke"), 18),
        Column(_("Funksjon"), 22),
        Column(_("Samling"), 26),
        Column(_("Tilstand"), 18),
        Column(_("Første dag"), 12),
        Column(_("Siste dag"), 12),
        Column(_("Antall dager"), 10),
        Column(_("Første natt"), 12),
        Column(_("Antall netter"), 10),
        Column(_("Reise"), 34),
        Column(_("Reisen er bestilt"), 12),
        Column(_("Dekning"), 24),
        Column(_("Begrunnelse"), 60),
        Column(_("Påmeldt"), 12),
        *keys.columns(units=True),
    ]


def rows(registrations: "QuerySet[WithReimbursement]") -> Iterator[list[Cell]]:
    for registration in registrations.iterator(chunk_size=AT_A_TIME):
        municipality, found = registration.participation.municipality, assess(registration)
        days, nights = registration.dates, registration.night_dates
        yield [
            registration.name,
            registration.user.email,
            registration.represents,
            municipality.name,
            municipality.county.name,
            registration.function_title,
            str(registration.gathering),
            str(registration.state.label),
            days[0] if days else None,
            days[-1] if days else None,
            len(days),
            nights[0] if nights else None,
            len(nights),
            str(registration.get_travel_display()),
            registration.travel_ordered_on,
            str(found.state.label),
            " ".join(found.why) or found.text,
            timezone.localdate(registration.registered_at),
            *keys.of_unit(registration.participation, registration.unit),
        ]
