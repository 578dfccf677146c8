from django.contrib import admin

from guidance.models import ProjectLeader
from parts.admin import HistoryAdmin


@admin.register(ProjectLeader)
class ProjectLeaderAdmin(HistoryAdmin):
    list_display = ["name", "user", "started_on", "ended_on"]
    list_select_related = ["user"]
    search_fields = ["name", "user__email"]
    autocomplete_fields = ["user"]
