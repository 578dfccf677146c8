from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.models import Capacity, Supervisor
from parts.admin import HistoryAdmin, ReadOnly, person_link


class CapacityInline(ReadOnly, admin.TabularInline):
    model = Capacity
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capacity]:
        return super().get_queryset(request).select_related("cohort", "supervisor")


@admin.register(Supervisor)
class SupervisorAdmin(ReadOnly, HistoryAdmin):
    """Supervisors are kept on the portal's own pages, which tell the project leaders and the supervisor."""

    inlines = [CapacityInline]
    list_display = ["name", "employer", "knows_kindergarten", "knows_school"]
    list_filter = ["employer", "knows_kindergarten", "knows_school", "capacities__cohort"]
    search_fields = ["name", "user__email"]
    readonly_fields = ["keep", "whole_person"]
    actions = None

    @admin.display(description=gettext_lazy("endre"))
    def keep(self, obj: Supervisor) -> str:
        address = reverse("guidance:staffing_supervisor", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', address, _("Se og endre veilederen i portalen"))

    @admin.display(description=gettext_lazy("alt om personen"))
    def whole_person(self, obj: Supervisor) -> str:
        """The address is the person's: it is changed there."""
        return person_link(obj.user) if obj.pk else ""
