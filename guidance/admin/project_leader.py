from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guidance.models import ProjectLeader
from guidance.staffing import changing
from parts.admin import HistoryAdmin, person_link


@admin.register(ProjectLeader)
class ProjectLeaderAdmin(HistoryAdmin):
    change_form_template = "admin/guidance/project_leader/change.html"
    list_display = ["name", "user", "started_on", "ended_on", "added_by"]
    list_select_related = ["user", "added_by"]
    search_fields = ["name", "user__email"]
    fields = ["user", "name", "started_on", "ended_on", "added_at", "added_by", "whole_person"]
    readonly_fields = ["added_at", "added_by", "whole_person"]
    autocomplete_fields = ["user"]

    def save_model(self, request: HttpRequest, obj: ProjectLeader, form: Any, change: bool) -> None:
        """All project leaders are told when somebody gets the access, also by being let in again."""
        stored = ProjectLeader.objects.filter(pk=obj.pk).first()
        today = timezone.localdate()
        is_new = stored is None or stored.has_ended(today=today) or "user" in form.changed_data
        if is_new and not obj.has_ended(today=today):
            changing.begin_to_lead(obj, by=cast(User, request.user), now=timezone.now())
        else:
            super().save_model(request, obj, form, change)

    @admin.display(description=_("alt om personen"))
    def whole_person(self, obj: ProjectLeader) -> str:
        """The address is the person's: it is changed there."""
        return person_link(obj.user) if obj.pk else ""
