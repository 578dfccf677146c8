"""The gatherings in the admin: the list, and the page where one is set up and changed."""

from functools import partial
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from gatherings import changing
from gatherings.admin import document, making
from gatherings.admin.changing import effects_page
from gatherings.admin.gathering_form import GatheringForm
from gatherings.models import Gathering, LateRequest, Registration
from parts.admin import DeletedWhileUnused, HistoryAdmin
from parts.dates import day_in_words
from parts.forms import BACK, CONFIRMED, number_from


class TimeFilter(admin.SimpleListFilter):
    title = gettext_lazy("tid")
    parameter_name = "tid"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("kommende", _("kommende")), ("holdt", _("holdt"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        over = Q(ends_on__lt=today) | Q(ends_on__isnull=True, starts_on__lt=today)
        match self.value():
            case "holdt":
                return queryset.filter(over)
            case "kommende":
                return queryset.filter(Q(starts_on__isnull=True) | ~over)
        return queryset


def counted(rows: QuerySet) -> Coalesce:
    """How many of these rows belong to the gathering of the outer row."""
    mine = rows.filter(gathering=OuterRef("pk")).order_by().values("gathering").annotate(rows=Count("pk"))
    return Coalesce(Subquery(mine.values("rows"), output_field=IntegerField()), 0)


@admin.register(Gathering)
class GatheringAdmin(DeletedWhileUnused, HistoryAdmin):
    form = GatheringForm
    listed_choices = {"audience": Gathering.AUDIENCE}
    list_display = ["title", "cohort", "dates", "venue", "settled", "registered", "waits"]
    list_filter = [TimeFilter, "cohort", "settled", "kind"]
    list_select_related = ["cohort"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["venue", "address", "programme"]
    search_help_text = gettext_lazy("Søk i sted, adresse og program")
    ordering = ["-cohort__number", F("semester").asc(nulls_first=True)]
    actions = None
    change_list_template = "admin/gatherings/gathering/list.html"
    change_form_template = "admin/gatherings/gathering/change.html"
    fieldsets: ClassVar[list[tuple[Any, dict[str, Any]]]] = [
        (
            gettext_lazy("Hva, når og hvor"),
            {
                "fields": [
                    "cohort",
                    "kind",
                    "semester",
                    "settled",
                    ("starts_on", "ends_on"),
                    ("starts_at", "ends_at"),
                    "venue",
                    "address",
                ]
            },
        ),
        (gettext_lazy("Påmelding"), {"fields": ["audience", ("opens_on", "closes_on")]}),
        (
            gettext_lazy("Plasser"),
            {"fields": ["capacity", "capacity_a_municipality", "capacity_a_unit", "offer_days"]},
        ),
        (gettext_lazy("Reise og hotell"), {"fields": ["travel_closes_on", "procedure"]}),
        (gettext_lazy("Program"), {"fields": ["programme"]}),
    ]

    telling = (gettext_lazy("Si fra om endringen"), {"fields": ["sentence", "tell_invited"]})

    class Media:
        css = {"all": ["css/admin-participants.css", "css/admin-gatherings.css"]}

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("lag/", view(partial(making.make_view, self)), name="gatherings_gathering_make"),
            path(
                "<int:pk>/dokumenter/",
                view(partial(document.documents_view, self)),
                name="gatherings_gathering_documents",
            ),
            path(
                "<int:pk>/dokumenter/<int:document_pk>/slett/",
                view(partial(document.delete_view, self)),
                name="gatherings_gathering_document_delete",
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gathering]:
        registrations = Registration.objects.all()
        return (
            super()
            .get_queryset(request)
            .annotate(
                taken_count=counted(registrations.placed()) + counted(registrations.offered()),
                waiting_count=counted(registrations.waiting()),
            )
        )

    def get_fieldsets(self, request: HttpRequest, obj: Gathering | None = None) -> list:
        """What a change may do, and tell, is asked where there is something to change."""
        if obj is None:
            return self.fieldsets
        what, *rest = self.fieldsets
        days: list[Any] = list(what[1]["fields"])
        days.insert(days.index(("starts_on", "ends_on")) + 1, "along")
        return [(what[0], {"fields": days}), *rest, self.telling]

    def get_readonly_fields(self, request: HttpRequest, obj: Gathering | None = None) -> list[str]:
        # People are registered for this gathering, so what it is called and whose it is stays.
        return ["cohort", "kind", "semester"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A gathering that somebody may know of is cancelled; what was only a plan may go."""
        unknown = isinstance(obj, Gathering) and obj.settled == Gathering.Settled.TENTATIVE
        return unknown and super().has_delete_permission(request, obj)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """A change that concerns somebody is shown before it is saved."""
        asks = request.method == "POST" and object_id and not {BACK, CONFIRMED} & request.POST.keys()
        if asks and (page := effects_page(self, request, str(object_id))):
            return page
        found = number_from(object_id or "")
        below = {
            "documents": document.listed(found),
            "open_late_requests": LateRequest.objects.open().filter(gathering=found).count() if found else 0,
        }
        return super().changeform_view(request, object_id, form_url, below | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Gathering, form: Any, change: bool) -> None:
        if change:
            by = cast(User, request.user)
            given = {name: form.cleaned_data[name] for name in ("seen", "sentence", "tell_invited")}
            changing.save(obj, by=by, now=timezone.now(), **given)
        else:
            super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("samling"), ordering="semester")
    def title(self, gathering: Gathering) -> str:
        return gathering.title

    @admin.display(description=gettext_lazy("dager"), ordering="starts_on")
    def dates(self, gathering: Gathering) -> str:
        days = dict.fromkeys([gathering.starts_on, gathering.last_day])
        return " – ".join(day_in_words(day) for day in days if day)

    @admin.display(description=gettext_lazy("påmeldt"), ordering="taken_count")
    def registered(self, gathering: Any) -> str:
        if gathering.capacity is None:
            return str(gathering.taken_count)
        return _("%(taken)s av %(capacity)s") % {"taken": gathering.taken_count, "capacity": gathering.capacity}

    @admin.display(description=gettext_lazy("på venteliste"), ordering="waiting_count")
    def waits(self, gathering: Any) -> str:
        count = gathering.waiting_count
        return ngettext("%(count)s person", "%(count)s personer", count) % {"count": count} if count else ""
