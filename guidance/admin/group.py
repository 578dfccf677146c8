from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.models import GroupMember, GuidanceGroup
from parts.admin import HistoryAdmin, ReadOnly


class GroupMemberListing(ReadOnly, admin.TabularInline):
    """Who is and was in the group. A member is replaced on the portal's own page, which hands over what they had."""

    model = GroupMember
    fields = ["supervisor", "leads", "started_on", "ended_on", "ways"]
    readonly_fields = ["ways"]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroupMember]:
        return super().get_queryset(request).select_related("supervisor")

    @admin.display(description=gettext_lazy("endre"))
    def ways(self, member: GroupMember) -> str:
        if member.ended_on:
            return ""
        pages = (("replace_member", _("Erstatt")), ("end_member", _("Avslutt")))
        links = [(reverse(f"changes:{name}", args=[member.pk]), text) for name, text in pages]
        return format_html_join(", ", '<a href="{}">{}</a>', links)


@admin.register(GuidanceGroup)
class GuidanceGroupAdmin(ReadOnly, HistoryAdmin):
    """Groups are composed, published and changed on the portal's own pages, with handover and mails."""

    inlines = [GroupMemberListing]
    list_display = ["participation", "ways"]
    list_filter = ["participation__cohort"]
    search_fields = ["participation__municipality__name"]
    fields = ["participation", "ways"]
    readonly_fields = ["ways"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[GuidanceGroup]:
        named_by = ("participation__cohort", "participation__municipality__county")
        return super().get_queryset(request).select_related(*named_by)

    @admin.display(description=gettext_lazy("gå til"))
    def ways(self, group: GuidanceGroup) -> str:
        address = reverse("guidance:composition_municipality", args=[group.participation_id])
        return format_html('<a href="{}">{}</a>', address, _("Sett sammen gruppa"))
