from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest

from guidance.models import GroupMember, GuidanceGroup, Supervisor
from parts.admin import HistoryAdmin


class GroupMemberInline(admin.TabularInline):
    model = GroupMember
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupMember]:
        return super().get_queryset(request).select_related("supervisor")

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and db_field.name == "supervisor":
            # Read here once: each row would read them again
            field.choices = [
                ("", field.empty_label),
                *((person.pk, str(person)) for person in Supervisor.objects.all()),
            ]
        return field


@admin.register(GuidanceGroup)
class GuidanceGroupAdmin(HistoryAdmin):
    inlines = [GroupMemberInline]
    list_display = ["participation"]
    list_filter = ["participation__cohort"]
    search_fields = ["participation__municipality__name"]
    autocomplete_fields = ["participation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GuidanceGroup]:
        named_by = ("participation__cohort", "participation__municipality")
        return super().get_queryset(request).select_related(*named_by)
