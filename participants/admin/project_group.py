from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from participants.models import ProjectGroup, ProjectGroupMember
from parts.admin import HistoryAdmin, NeverAdded, NeverChanged, ReadOnly


class MemberListing(NeverAdded, NeverChanged, admin.TabularInline):
    model = ProjectGroupMember
    fields = ["name", "part"]
    readonly_fields = ["name", "part"]
    extra = 0
    can_delete = False


@admin.register(ProjectGroup)
class ProjectGroupAdmin(ReadOnly, HistoryAdmin):
    """The units keep their groups themselves; staff read them."""

    list_display = ["unit", "place", "cohort", "member_count", "updated_at"]
    list_filter = ["unit__kind", "unit__participation__cohort"]
    list_select_related = ["unit__participation__municipality__county", "unit__participation__cohort"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["unit__name", "unit__participation__municipality__name", "members__name"]
    search_help_text = gettext_lazy("Søk i enhet, kommune og medlem")
    ordering = ["-updated_at"]
    actions = None
    inlines = [MemberListing]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectGroup]:
        return super().get_queryset(request).annotate(member_total=Count("members"))

    @admin.display(description=gettext_lazy("kommune"), ordering="unit__participation__municipality__name")
    def place(self, group: ProjectGroup) -> str:
        return group.unit.participation.municipality.name_and_county

    @admin.display(description=gettext_lazy("pulje"), ordering="unit__participation__cohort__number")
    def cohort(self, group: ProjectGroup) -> str:
        return str(group.unit.participation.cohort)

    @admin.display(description=gettext_lazy("medlemmer"), ordering="member_total")
    def member_count(self, group: Any) -> int:
        return group.member_total
