from django.contrib import admin

from guidance.models import Capacity, Supervisor
from participants.admin.history import HistoryAdmin


class CapacityInline(admin.TabularInline):
    model = Capacity
    extra = 0


@admin.register(Supervisor)
class SupervisorAdmin(HistoryAdmin):
    inlines = [CapacityInline]
    list_display = ["name", "employer", "knows_kindergarten", "knows_school"]
    list_filter = ["employer", "knows_kindergarten", "knows_school"]
    search_fields = ["name", "user__email"]
    autocomplete_fields = ["user", "not_with"]
    filter_horizontal = ["preferred_counties"]
