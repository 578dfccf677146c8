from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from guidance.models import GroupMember, GuidanceGroup, Supervisor


@admin.register(Supervisor)
class SupervisorAdmin(admin.ModelAdmin):
    list_display = ["name", "employer", "knows_kindergarten", "knows_school"]
    list_filter = ["employer", "knows_kindergarten", "knows_school"]
    search_fields = ["name", "user__email"]
    autocomplete_fields = ["user"]


class GroupMemberInline(admin.TabularInline):
    model = GroupMember
    autocomplete_fields = ["supervisor"]
    extra = 0


@admin.register(GuidanceGroup)
class GuidanceGroupAdmin(SimpleHistoryAdmin):
    inlines = [GroupMemberInline]
    list_display = ["participation"]
    list_filter = ["participation__cohort"]
    list_select_related = ["participation__cohort", "participation__municipality"]
    search_fields = ["participation__municipality__name"]
    autocomplete_fields = ["participation"]
