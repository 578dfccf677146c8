from django.contrib import admin

from participants.models import Participation


@admin.register(Participation)
class ParticipationAdmin(admin.ModelAdmin):
    search_fields = ["municipality__name", "municipality__number"]
