"""What the administration's pages of every app are built of."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dateformat
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import DeletedObject, HistoricalChanges, ModelChange
from simple_history.template_utils import HistoricalRecordContextHelper

from parts.dates import day_in_words, moment_in_words
from parts.forms import number_from


class NeverAdded:
    """Rows come about elsewhere in the portal. For an admin or an inline; stands before it among the bases."""

    def has_add_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False


class NeverChanged:
    def has_change_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False


class NeverDeleted:
    """What has happened stays."""

    def has_delete_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False


class ReadOnly(NeverAdded, NeverChanged, NeverDeleted):
    """Shown to whoever may see it, and nothing else."""


class DeletedWhileUnused:
    """What nothing leads to yet was a mistake, and may go from its own page. Never many at once."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        if obj is None or is_used(obj):
            return False
        return request.user.has_perm(f"{obj._meta.app_label}.{get_permission_codename('delete', obj._meta)}")


def is_used(row: models.Model) -> bool:
    """Whether a row of any other table leads to this one, the tables of history too. One query, however many tables."""
    relations = [
        relation.field
        for relation in row._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    ]
    leads_here = [
        models.Exists(field.model._base_manager.filter(**{field.name: models.OuterRef("pk")})) for field in relations
    ]
    found = reduce(or_, (models.Q(each) for each in leads_here), models.Q(pk__in=[]))
    return type(row)._base_manager.filter(found, pk=row.pk).exists()


class ReadableChanges(HistoricalRecordContextHelper):
    """A choice by what it is called, a moment at the hour in Norway, and nothing as a dash.

    `listed`: by field that is a list of codes, what each is called.
    """

    listed: Mapping[str, Sequence[tuple[str, Any]]] = {}

    def prepare_delta_change_value(self, change: ModelChange, value: Any) -> Any:
        value = super().prepare_delta_change_value(change, value)
        if isinstance(value, list):  # of a relation to many: the package has made each of them words
            names = dict(self.listed.get(change.field, ()))
            return ", ".join(str(names.get(each, each)) for each in value) or "–"
        if isinstance(value, DeletedObject) and value.pk is None:  # a link to nobody, not to somebody who is gone
            value = None
        choices = dict(self.model._meta.get_field(change.field).flatchoices)
        return "–" if value in (None, "") and value not in choices else _in_words(choices.get(value, value))


def _in_words(value: Any) -> Any:
    match value:
        case bool():
            return _("ja") if value else _("nei")
        case datetime():
            return moment_in_words(value)
        case date():
            return day_in_words(value)
        case time():
            return dateformat.time_format(value, "H.i")
    return value


class HistoryAdmin(NeverDeleted, SimpleHistoryAdmin):
    """History to read, and nothing else. A row with a history is not deleted, unless its admin says when it may.

    The package saves what is posted to the page of an old version, even with reverting turned off, and even from staff
    who may only look.
    """

    listed_choices: Mapping[str, Sequence[tuple[str, Any]]] = {}

    def get_historical_record_context_helper(
        self, request: HttpRequest, historical_record: HistoricalChanges
    ) -> HistoricalRecordContextHelper:
        helper = ReadableChanges(self.model, historical_record)
        helper.listed = self.listed_choices
        return helper

    def response_post_save_add(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        return _back(request) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: models.Model) -> HttpResponse:
        return _back(request) or super().response_post_save_change(request, obj)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self._refuse_other_than_keys(object_id)
        return super().history_view(request, object_id, *args, **kwargs)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        self._refuse_other_than_keys(object_id, version_id)
        return super().history_form_view(request, object_id, version_id, *args, **kwargs)

    def _refuse_other_than_keys(self, *texts: str) -> None:
        """The package asks the database for whatever stands in the address."""
        if any(number_from(unquote(text)) is None for text in texts):
            raise Http404


def _back(request: HttpRequest) -> HttpResponse | None:
    """To the page of the portal that led here, when one did: its address follows the form's own."""
    address = request.GET.get("tilbake", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return redirect(address)
    return None


def address_link(person: models.Model) -> str:
    """Beneath an address that is shown: it is the person's, and is changed in one place with all that hangs on it."""
    return format_html('<a href="{}">{}</a>', reverse("changes:person_address", args=[person.pk]), _("Endre adressen"))


def person_link(person: models.Model) -> str:
    return format_html('<a href="{}">{}</a>', reverse("changes:person", args=[person.pk]), _("Alt om personen"))


def admin_page(
    modeladmin: admin.ModelAdmin,
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of our own in the administration, within its frame."""
    frame = modeladmin.admin_site.each_context(request) | {"opts": modeladmin.opts}
    return render(request, template, frame | context, status=status)
