from django.contrib import admin

from guidance.models import GuidanceSettings
from parts.admin import HistoryAdmin


@admin.register(GuidanceSettings)
class GuidanceSettingsAdmin(HistoryAdmin):
    list_display = ["cohort", "units_for_two", "units_for_three", "sessions_per_semester", "silent_after_days"]
    list_select_related = ["cohort"]
