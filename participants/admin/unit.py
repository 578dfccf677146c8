from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.forms import OrganisationNumberField
from participants.mails import units
from participants.models import Participation, Unit, in_operation
from parts.admin import HistoryAdmin


class ClosedFilter(admin.SimpleListFilter):
    title = gettext_lazy("drift")
    parameter_name = "closed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("no", _("i drift")), ("coming", _("i drift, legges ned")), ("yes", _("nedlagt"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        active = in_operation(today=timezone.localdate())
        chosen = {"no": active, "coming": active & Q(closed_on__isnull=False), "yes": ~active}
        return queryset.filter(chosen.get(self.value() or "", Q()))


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ["participation", "name", "organisation_number", "kind", "ownership", "children", "counted_on"]
        field_classes = {"organisation_number": OrganisationNumberField}

    def clean(self) -> dict[str, Any]:
        """An existing unit has no field for its municipality, so the form does not check the constraints."""
        cleaned = super().clean() or self.cleaned_data
        participation = cleaned.get("participation") or self.instance.participation_id
        if number := cleaned.get("organisation_number"):
            kind = cleaned.get("kind") or ""
            others = Unit.objects.in_the_way_of(number=number, kind=kind, participation=[participation])
            if others.exclude(pk=self.instance.pk).exists():
                self.add_error("organisation_number", _("En annen enhet i kommunen har dette organisasjonsnummeret."))
        return cleaned

    def clean_children(self) -> int | None:
        children = self.cleaned_data["children"]
        if children is not None and not self.data.get(self.add_prefix("counted_on")):
            raise ValidationError(_("Skriv også hvilken dag barna ble telt."))
        return children


@admin.register(Unit)
class UnitAdmin(HistoryAdmin):
    form = UnitForm
    list_display = [
        "name",
        "place",
        "cohort",
        "kind",
        "ownership",
        "children",
        "counted_on",
        "register_children",
        "register_on",
        "closed_on",
    ]
    list_filter = ["kind", "ownership", ClosedFilter, "participation__cohort"]
    list_select_related = ["participation__municipality__county", "participation__cohort"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["name", "participation__municipality__name"]
    search_help_text = gettext_lazy("Søk i navn og organisasjonsnummer, også de enheten hadde før, og i kommune")
    ordering = ["name", "pk"]
    actions = None
    change_form_template = "admin/participants/unit/change.html"
    readonly_fields = ["register_children", "register_on"]
    # Others feel these, so each is changed on a page that shows what it does: lmp/changes/unit.
    changed_elsewhere = ["name", "ownership", "closed_on", "merged_into"]
    fieldsets = [
        (None, {"fields": ["participation", "name", "organisation_number", "kind", "ownership"]}),
        (
            gettext_lazy("Barn og elever"),
            {"fields": ["children", "counted_on", "register_children", "register_on"]},
        ),
        (
            gettext_lazy("Nedlagt eller slått sammen"),
            {"fields": ["closed_on", "merged_into"]},
        ),
    ]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "participation__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_fieldsets(self, request: HttpRequest, obj: Unit | None = None) -> list:
        return self.fieldsets if obj else self.fieldsets[:1]

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> list[str]:
        return ["participation", *self.changed_elsewhere, *self.readonly_fields] if obj else list(self.readonly_fields)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Unit], search_term: str
    ) -> tuple[QuerySet[Unit], bool]:
        """Also by a name or number that the unit had before, and by a number however it is written."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if text := search_term.strip():
            also = Unit.objects.called(text).values("pk") | Unit.objects.numbered(text).values("pk")
            found |= queryset.filter(pk__in=also)
        return found, may_repeat

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            units.ask_for_counts(obj.participation, [obj], now=timezone.now())

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "participation":
            kwargs["queryset"] = Participation.objects.taking_part().select_related("municipality__county", "cohort")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("kommune"), ordering="participation__municipality__name")
    def place(self, unit: Unit) -> str:
        return unit.participation.municipality.name_and_county

    @admin.display(description=gettext_lazy("pulje"), ordering="participation__cohort__number")
    def cohort(self, unit: Unit) -> str:
        return str(unit.participation.cohort)
