from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from gatherings.models import NeedsErased


@admin.register(NeedsErased)
class NeedsErasedAdmin(admin.ModelAdmin):
    """Kept to show that it was done, so nobody adds to it, changes it or takes from it."""

    list_display = ["about", "cohort", "erased_at", "people", "food", "access"]
    list_filter = ["gathering__cohort"]
    list_select_related = ["gathering__cohort"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: NeedsErased | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: NeedsErased | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("samling"), ordering="gathering__semester")
    def about(self, erased: NeedsErased) -> str:
        return erased.gathering.title

    @admin.display(description=gettext_lazy("pulje"), ordering="gathering__cohort__number")
    def cohort(self, erased: NeedsErased) -> str:
        return str(erased.gathering.cohort)
