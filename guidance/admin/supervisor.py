from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guidance.models import Capacity, Supervisor
from participants.models import Cohort
from parts.admin import HistoryAdmin, person_link


class CapacityInline(admin.TabularInline):
    model = Capacity
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capacity]:
        return super().get_queryset(request).select_related("cohort", "supervisor")

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and db_field.name == "cohort":
            # Read once for the page: each row and each form would read them again
            if not hasattr(request, "cohorts_to_choose"):
                request.cohorts_to_choose = [(one.pk, str(one)) for one in Cohort.objects.all()]  # type: ignore[attr-defined]
            field.choices = [("", field.empty_label), *request.cohorts_to_choose]  # type: ignore[attr-defined]
        return field


@admin.register(Supervisor)
class SupervisorAdmin(HistoryAdmin):
    inlines = [CapacityInline]
    list_display = ["name", "employer", "knows_kindergarten", "knows_school"]
    list_filter = ["employer", "knows_kindergarten", "knows_school", "capacities__cohort"]
    search_fields = ["name", "user__email"]
    readonly_fields = ["whole_person"]
    autocomplete_fields = ["user", "not_with"]
    filter_horizontal = ["preferred_counties"]

    @admin.display(description=_("alt om personen"))
    def whole_person(self, obj: Supervisor) -> str:
        """The address is the person's: it is changed there."""
        return person_link(obj.user) if obj.pk else ""
