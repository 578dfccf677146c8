from django.contrib import admin
from django.utils.translation import gettext_lazy

from gatherings.models import NeedsErased
from parts.admin import ReadOnly


@admin.register(NeedsErased)
class NeedsErasedAdmin(ReadOnly, admin.ModelAdmin):
    """Kept to show that it was done, so nobody adds to it, changes it or takes from it."""

    list_display = ["about", "cohort", "erased_at", "people", "food", "access"]
    list_filter = ["gathering__cohort"]
    list_select_related = ["gathering__cohort"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    @admin.display(description=gettext_lazy("samling"), ordering="gathering__semester")
    def about(self, erased: NeedsErased) -> str:
        return erased.gathering.title

    @admin.display(description=gettext_lazy("pulje"), ordering="gathering__cohort__number")
    def cohort(self, erased: NeedsErased) -> str:
        return str(erased.gathering.cohort)
