from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guidance.models import GuidanceSettings
from parts.admin import HistoryAdmin, ReadOnly


@admin.register(GuidanceSettings)
class GuidanceSettingsAdmin(ReadOnly, HistoryAdmin):
    """They are kept on the portal's own page, which shows what a change does to the mails."""

    list_display = ["cohort", "units_for_two", "units_for_three", "sessions_per_semester", "silent_after_days"]
    list_select_related = ["cohort"]
    readonly_fields = ["keep"]
    actions = None

    @admin.display(description=gettext_lazy("endre"))
    def keep(self, obj: GuidanceSettings) -> str:
        address = reverse("guidance:cohort_settings", args=[obj.cohort_id])
        return format_html('<a href="{}">{}</a>', address, _("Endre innstillingene i portalen"))
