from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from participants.models import Participation


@admin.register(Participation)
class ParticipationAdmin(admin.ModelAdmin):
    search_fields = ["municipality__name", "municipality__number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participation]:
        return super().get_queryset(request).select_related("cohort", "municipality")
