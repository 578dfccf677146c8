"""What a gathering's organisers send on: the rooming list, the travel list, and what people need."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import PrivateReading
from accounts.requests import PersonRequest
from gatherings.admin.registration_pages import may_change, page
from gatherings.day import lists, needs
from gatherings.day.lists import Kind, ListLine, MarkedList
from gatherings.models import ExportedList, Gathering, Needs, Registration
from parts.sheets import workbook
from parts.sheets.cells import Cell, Column, Marked

EARLIER = 20  # exported lists, offered again


def _may_see(modeladmin: admin.ModelAdmin, request: PersonRequest) -> None:
    if not modeladmin.has_view_permission(request):
        raise PermissionDenied


def _gathering(pk: int) -> Gathering:
    return get_object_or_404(Gathering.objects.select_related("cohort"), pk=pk)


def gatherings_view(modeladmin: admin.ModelAdmin, request: PersonRequest) -> HttpResponse:
    _may_see(modeladmin, request)
    active = Q(registrations__cancelled_at__isnull=True, registrations__expired_at__isnull=True)
    gatherings = (
        Gathering.objects.select_related("cohort")
        .annotate(
            placed=Count("registrations", filter=active & Q(registrations__placed_at__isnull=False)),
            without_place=Count("registrations", filter=active & Q(registrations__placed_at__isnull=True)),
        )
        .order_by("-cohort__number", "semester")
    )
    context = {"title": _("Lister og påmelding"), "gatherings": gatherings, "may_change": may_change(request)}
    return page(modeladmin, request, "admin/gatherings/lists_gatherings.html", context)


def list_view(kind: str, modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse | FileResponse:
    """The list to read and print, with its marks; a POST exports it."""
    _may_see(modeladmin, request)
    gathering = _gathering(pk)
    if request.method == "POST":
        if not may_change(request):
            raise PermissionDenied
        with transaction.atomic():  # what nobody got is not exported
            return _file(lists.export(gathering, kind, by=request.user, now=timezone.now()))
    earlier = list(
        gathering.exported_lists.filter(kind=kind).select_related("exported_by").defer("rows").order_by("-pk")[:EARLIER]
    )
    sheet = lists.since_export(gathering, kind, lists.latest(gathering, kind))
    context = {
        "title": _title(kind),
        "subtitle": str(gathering),
        "gathering": gathering,
        "sheet": sheet,
        "headings": [lists.heading(column) for column in sheet.columns],
        "rows": [_shown(sheet, line) for line in sheet.lines],
        "totals": [sheet.totals.get(column, "") for column in sheet.columns[1:]],
        "earlier": earlier,
        "last": earlier[0] if earlier else None,
        "may_change": may_change(request),
    }
    return page(modeladmin, request, "admin/gatherings/lists_sheet.html", context)


def exported_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> FileResponse:
    """Download an exported list again, with the marks it had."""
    _may_see(modeladmin, request)
    return _file(get_object_or_404(ExportedList.objects.select_related("gathering__cohort"), pk=pk))


def _title(kind: str) -> str:
    return _("Hotelliste") if kind == Kind.HOTEL else _("Reiseliste")


def _shown(sheet: MarkedList, line: ListLine) -> dict:
    """A line for the page: its mark, and each cell with what it was before when that has changed."""
    return {
        "line": line,
        "mark": lists.mark_text(line),
        "cells": [
            {
                "heading": lists.heading(column),
                "value": lists.value(column, line.cells.get(column, "")),
                "before": lists.before_text(column, line.before.get(column, "")),
                "changed": column in line.before,
            }
            for column in sheet.columns
        ],
    }


def _file(exported: ExportedList) -> FileResponse:
    sheet, title = lists.as_exported(exported), _title(exported.kind)
    columns = [
        Column(_("Endring"), 26),
        *(Column(lists.heading(column), lists.width(column)) for column in sheet.columns),
    ]
    rows = [_row(sheet, line) for line in sheet.lines]
    totals: list[Cell] = [Marked(sheet.totals[column]) if column in sheet.totals else None for column in sheet.columns]
    about = exported.gathering.about_list(title, at=exported.exported_at)
    return workbook.answer(about, columns, rows, total=[Marked(_("Til sammen")), *totals])


def _row(sheet: MarkedList, line: ListLine) -> list[Cell]:
    cells: list[Cell] = []
    for column in sheet.columns:
        value = lists.value(column, line.cells.get(column, "")) or None
        is_marked = line.mark in {"new", "gone"} or column in line.before
        cells.append(Marked(value, struck=line.mark == "gone") if is_marked else value)
    said = lists.mark_text(line)
    if line.mark == "changed":
        said = f"{said}: {'; '.join(lists.was(column, cell) for column, cell in line.before.items())}"
    return [Marked(said) if said else None, *cells]


def needs_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    """How many wrote what, for the kitchen and the venue. By name only for the group that may."""
    _may_see(modeladmin, request)
    gathering = _gathering(pk)
    if _may_read_names(request):
        _log_reading(request, gathering, gathering.registrations.placed().filter(needs__isnull=False))
    context = {
        "title": _("Mat og tilrettelegging"),
        "subtitle": str(gathering),
        "gathering": gathering,
        "totals": needs.total(gathering, with_rare=_may_read_names(request)),
        "erased": gathering.needs_erased.order_by("-pk").first(),
        "may_read_names": _may_read_names(request),
        "group": settings.NEEDS_GROUP,
    }
    return page(modeladmin, request, "admin/gatherings/lists_needs.html", context)


def _may_read_names(request: PersonRequest) -> bool:
    """To be in the group, and nothing else: not even a superuser is by being one."""
    return request.user.groups.filter(name=settings.NEEDS_GROUP).exists()


def _log_reading(request: PersonRequest, gathering: Gathering, whose: QuerySet[Registration]) -> None:
    """By whom, when, at which gathering and about whom, never what was read. The people see it under their data."""
    PrivateReading.log(
        PrivateReading.Kind.NEEDS,
        what=f"{gathering.title}, {gathering.cohort}",
        path=request.path,
        by=request.user,
        about=whose.values_list("user_id", flat=True),
        now=timezone.now(),
    )


def needs_names_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    """Show needs by name. Each opening is logged, and shown to those it is about."""
    _may_see(modeladmin, request)
    if not _may_read_names(request):
        raise PermissionDenied
    gathering = _gathering(pk)
    needs = (
        Needs.objects.filter(registration__in=gathering.registrations.placed())
        .exclude(food="", access="")
        .prefetch_related(Prefetch("registration", Registration.objects.with_places()))
        .order_by("registration__name", "pk")
    )
    _log_reading(request, gathering, gathering.registrations.placed().filter(needs__in=needs))
    context = {
        "title": _("Mat og tilrettelegging med navn"),
        "subtitle": str(gathering),
        "gathering": gathering,
        "needs": needs,
    }
    response = page(modeladmin, request, "admin/gatherings/lists_needs_names.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
