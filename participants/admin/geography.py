"""Municipalities and counties are shipped with the project and read only. Staff register who follows them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import County, CountyGovernor, Municipality
from parts.admin import NeverAdded, NeverDeleted, ReadOnly
from parts.names import joined


class ReferenceAdmin(ReadOnly, admin.ModelAdmin):
    """Reference data: searched and shown."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50


@admin.register(Municipality)
class MunicipalityAdmin(ReferenceAdmin):
    list_display = ["number", "name", "county", "language", "governor"]
    list_display_links = ["number", "name"]
    list_filter = ["language", "county"]
    list_select_related = ["county__governor"]
    search_fields = ["=number", "=number_2020", "name", "name_official", "=organisation_number"]
    search_help_text = gettext_lazy("Søk i kommunenummer (også det fra 2020), navn og organisasjonsnummer")

    @admin.display(description=gettext_lazy("statsforvalter"), ordering="county__governor__name")
    def governor(self, municipality: Municipality) -> str:
        return municipality.county.governor.name


@admin.register(County)
class CountyAdmin(ReferenceAdmin):
    list_display = ["number", "name", "governor"]
    list_display_links = ["number", "name"]
    list_select_related = ["governor"]
    search_fields = ["=number", "name"]
    search_help_text = gettext_lazy("Søk i fylkesnummer og navn")


class UnreachableFilter(admin.SimpleListFilter):
    title = gettext_lazy("kopi av velkomstbrev")
    parameter_name = "kopi"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("mangler", _("kan ikke sendes"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.unreachable() if self.value() == "mangler" else queryset


@admin.register(CountyGovernor)
class CountyGovernorAdmin(NeverAdded, NeverDeleted, admin.ModelAdmin):
    list_display = ["name", "organisation_number", "serves", "people", "email"]
    list_filter = [UnreachableFilter]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["name", "=organisation_number", "counties__name", "contacts__user__email"]
    search_help_text = gettext_lazy("Søk i navn, organisasjonsnummer, fylke og e-postadresse")
    readonly_fields = ["name", "organisation_number", "serves", "names"]
    fields = ["name", "organisation_number", "serves", "email", "names"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CountyGovernor]:
        return super().get_queryset(request).prefetch_related("counties", "contacts")

    @admin.display(description=gettext_lazy("fylker"))
    def serves(self, governor: CountyGovernor) -> str:
        return ", ".join(county.name for county in governor.counties.all())

    @admin.display(description=gettext_lazy("personer hos embetet"))
    def names(self, governor: CountyGovernor) -> str:
        """They are let in and seen off on a page of their own, where each gets a mail."""
        names = joined(contact.called for contact in governor.people()) or _("Ingen")
        return format_html('{} <a href="{}">{}</a>', names, governor.get_people_url(), _("Legg til, rett og avslutt"))

    @admin.display(description=gettext_lazy("personer med innsyn"))
    def people(self, governor: CountyGovernor) -> int:
        return sum(contact.ended_on is None for contact in governor.contacts.all())
