from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from guidance.models import ProjectLeader
from parts.admin import HistoryAdmin, person_link


@admin.register(ProjectLeader)
class ProjectLeaderAdmin(HistoryAdmin):
    change_form_template = "admin/guidance/project_leader/change.html"
    list_display = ["name", "user", "started_on", "ended_on"]
    list_select_related = ["user"]
    search_fields = ["name", "user__email"]
    readonly_fields = ["whole_person"]
    autocomplete_fields = ["user"]

    @admin.display(description=_("alt om personen"))
    def whole_person(self, obj: ProjectLeader) -> str:
        """The address is the person's: it is changed there."""
        return person_link(obj.user) if obj.pk else ""
