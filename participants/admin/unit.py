from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.forms import OrganisationNumberField
from participants.models import Participation, Unit, in_operation
from parts.admin import HistoryAdmin, NeverDeleted


class ClosedFilter(admin.SimpleListFilter):
    title = gettext_lazy("drift")
    parameter_name = "closed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("no", _("i drift")), ("yes", _("nedlagt"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"yes", "no"}:
            return queryset
        active = in_operation(today=timezone.localdate())
        return queryset.filter(active if self.value() == "no" else ~active)


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = [
            "participation",
            "name",
            "organisation_number",
            "kind",
            "ownership",
            "children",
            "counted_on",
            "closed_on",
            "merged_into",
        ]
        field_classes = {"organisation_number": OrganisationNumberField}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "merged_into" in self.fields:
            others = Unit.objects.filter(participation=self.instance.participation_id).exclude(pk=self.instance.pk)
            cast(forms.ModelChoiceField, self.fields["merged_into"]).queryset = others
        if "organisation_number" in self.fields:
            self.fields["organisation_number"].widget.attrs["maxlength"] = 20  # room for the blanks people write

    def clean(self) -> dict[str, Any]:
        """An existing unit has no field for its municipality, so the form does not check the constraints."""
        cleaned = super().clean() or self.cleaned_data
        participation = cleaned.get("participation") or self.instance.participation_id
        if number := cleaned.get("organisation_number"):
            others = Unit.objects.filter(participation=participation, organisation_number=number)
            kinds = others.exclude(pk=self.instance.pk).values_list("kind", flat=True)
            if not all(Unit.may_share_number(cleaned.get("kind"), kind) for kind in kinds):
                self.add_error("organisation_number", _("En annen enhet i kommunen har dette organisasjonsnummeret."))
        return cleaned

    def clean_children(self) -> int | None:
        children = self.cleaned_data["children"]
        if children is not None and not self.data.get(self.add_prefix("counted_on")):
            raise ValidationError(_("Skriv også hvilken dag barna ble talt."))
        return children


@admin.register(Unit)
class UnitAdmin(NeverDeleted, HistoryAdmin):
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
    search_fields = ["name", "=organisation_number", "participation__municipality__name"]
    search_help_text = gettext_lazy("Søk i navn, organisasjonsnummer og kommune")
    ordering = ["name", "pk"]
    actions = None
    readonly_fields = ["register_children", "register_on"]
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
        return ["participation", *self.readonly_fields] if obj else list(self.readonly_fields)

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        if db_field.name == "participation":
            kwargs["queryset"] = Participation.objects.taking_part().select_related("municipality", "cohort")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("kommune"), ordering="participation__municipality__name")
    def place(self, unit: Unit) -> str:
        return unit.participation.municipality.name_and_county

    @admin.display(description=gettext_lazy("pulje"), ordering="participation__cohort__number")
    def cohort(self, unit: Unit) -> str:
        return str(unit.participation.cohort)
