from datetime import date
from functools import partial
from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.admin import deadline
from participants.models import Confirmation, CorrectionRequest, Unit
from parts.admin import ReadOnly
from parts.dates import day_in_words


class RoundStateFilter(admin.SimpleListFilter):
    title = gettext_lazy("svar")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("yes", _("bekreftet")), ("no", _("ikke bekreftet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(answered_at__isnull=self.value() == "no")


class CommentFilter(admin.SimpleListFilter):
    title = gettext_lazy("melding")
    parameter_name = "comment"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("yes", _("har melding"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.exclude(comment="") if self.value() == "yes" else queryset


class SettledFilter(admin.SimpleListFilter):
    title = gettext_lazy("svar")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("no", _("venter på svar")), ("yes", _("besvart"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(settled_at__isnull=self.value() == "no")


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(ReadOnly, admin.ModelAdmin):
    """Who wants to correct what. Opening a new round settles it; so does staff's own answer."""

    list_display = ["participation", "reason", "asked_by", "asked_at", "settled_at"]
    list_display_links = None
    list_filter = ["participation__cohort", SettledFilter]
    list_select_related = ["participation__municipality__county", "participation__cohort", "asked_by"]
    list_per_page = 50
    actions = ["settle"]

    @admin.action(description=gettext_lazy("Merk som besvart"), permissions=["view"])
    def settle(self, request: HttpRequest, queryset: QuerySet[CorrectionRequest]) -> None:
        for asked in queryset.filter(settled_at__isnull=True):
            asked.settle(by=cast(User, request.user), now=timezone.now())


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnly, admin.ModelAdmin):
    """What was asked and what was answered. Nobody changes an answer; staff open a new round instead."""

    list_display = [
        "place",
        "cohort",
        "round",
        "year",
        "due",
        "answered_at",
        "answered_by",
        "change_count",
        "has_comment",
    ]
    list_filter = [RoundStateFilter, CommentFilter, "year", "participation__cohort"]
    list_select_related = ["participation__municipality__county", "participation__cohort", "answered_by"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["participation__municipality__name", "=participation__municipality__number"]
    search_help_text = gettext_lazy("Søk i kommune")
    ordering = ["-answered_at", "participation__municipality__name"]
    actions = None
    change_form_template = "admin/participants/confirmation/change.html"
    fieldsets = [
        (None, {"fields": ["participation", "round", "year", "reason", "asked_at", "asked_by", "due", "moved"]}),
        (gettext_lazy("Svaret"), {"fields": ["answered_at", "answered_by", "comment"]}),
        (gettext_lazy("Det som ble endret"), {"fields": ["differences"]}),
        (gettext_lazy("Det som ble bekreftet"), {"fields": ["confirmed"]}),
    ]

    class Media:
        css = {"all": ["css/admin-participants.css"]}

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(partial(deadline.round_view, self))
        return [path("<int:pk>/ny-frist/", view, name="participants_confirmation_deadline"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Confirmation | None = None) -> list[str]:
        return ["due", "moved", "differences", "confirmed"]

    @admin.display(description=gettext_lazy("kommune"), ordering="participation__municipality__name")
    def place(self, confirmation: Confirmation) -> str:
        return confirmation.participation.municipality.name_and_county

    @admin.display(description=gettext_lazy("pulje"), ordering="participation__cohort__number")
    def cohort(self, confirmation: Confirmation) -> str:
        return str(confirmation.participation.cohort)

    @admin.display(description=gettext_lazy("frist"), ordering="due_on")
    def due(self, confirmation: Confirmation) -> str:
        return day_in_words(confirmation.due_on)

    @admin.display(description=gettext_lazy("fristen er flyttet"))
    def moved(self, confirmation: Confirmation) -> str:
        changes = confirmation.deadline_changes.select_related("changed_by")
        return render_to_string("admin/participants/parts/deadline_changes.html", {"changes": changes})

    @admin.display(description=gettext_lazy("endringer"))
    def change_count(self, confirmation: Confirmation) -> int | None:
        return len(confirmation.changes) if confirmation.answered_at else None

    @admin.display(description=gettext_lazy("har melding"), boolean=True)
    def has_comment(self, confirmation: Confirmation) -> bool:
        return bool(confirmation.comment)

    @admin.display(description=gettext_lazy("endringer"))
    def differences(self, confirmation: Confirmation) -> str:
        context = {"confirmation": confirmation, "language": confirmation.participation.language}
        return render_to_string("admin/participants/parts/differences.html", context)

    @admin.display(description=gettext_lazy("opplysninger"))
    def confirmed(self, confirmation: Confirmation) -> str:
        snapshot = confirmation.snapshot
        kinds = dict(Unit.Kind.choices)
        context = {
            "confirmation": confirmation,
            "language": confirmation.participation.language,  # that of the answer, kept as it was written
            "ppt": {"yes": _("Ja"), "no": _("Nei")}.get(snapshot.get("ppt", ""), _("Ikke avgjort")),
            "informed_on": confirmation.informed_on,
            "body": snapshot.get("political", {}).get("body", ""),
            "units": [
                unit
                | {"kind": kinds.get(unit.get("kind"), unit.get("kind")), "counted_on": _day(unit.get("counted_on"))}
                for unit in snapshot.get("units", [])
            ],
            "contacts": snapshot.get("contacts", []),
        }
        return render_to_string("admin/participants/parts/snapshot.html", context)


def _day(text: str | None) -> date | None:
    return parse_date(text) if text else None
