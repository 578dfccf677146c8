"""The registrations: to read, filter and export. What is done to one is on pages of its own."""

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.admin import answers, lists, registration_export, registration_pages
from gatherings.models import ExportedList, Gathering, Registration
from gatherings.registration.reimbursement import ReimbursementState, assess, with_reimbursement
from parts.admin import HistoryAdmin, ReadOnly, person_link
from parts.dates import day_in_words, last_day, moment_in_words, short_day, through
from parts.forms import number_from

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.requests import PersonRequest
    from gatherings.registration.reimbursement import WithReimbursement


def chosen_gathering(request: HttpRequest) -> int | None:
    return number_from(request.GET.get(GatheringFilter.parameter_name, ""))


def _export(modeladmin: admin.ModelAdmin, request: "PersonRequest") -> HttpResponseBase:
    return registration_export.export_view(modeladmin, request, of_one=chosen_gathering(request))


class GatheringFilter(admin.SimpleListFilter):
    title = gettext_lazy("samling")
    parameter_name = "gathering"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        gatherings = Gathering.objects.select_related("cohort").order_by("-cohort__number", "semester")
        return [(gathering.pk, str(gathering)) for gathering in gatherings]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = chosen_gathering(request)
        return queryset if chosen is None else queryset.filter(gathering=chosen)


class RegistrationStateFilter(admin.SimpleListFilter):
    title = gettext_lazy("tilstand")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return Registration.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        state = str(self.value())
        return queryset.filter(Registration.is_in_state(state)) if state in Registration.State.values else queryset


class ReturnedFilter(admin.SimpleListFilter):
    title = gettext_lazy("e-post")
    parameter_name = "returned"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("1", _("Kommer i retur"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(dead_reason__isnull=False) if self.value() == "1" else queryset


class ReimbursementFilter(admin.SimpleListFilter):
    title = gettext_lazy("dekning")
    parameter_name = "covered"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return ReimbursementState.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        state = self.value()
        return queryset.filter(reimbursement_state=state) if state in ReimbursementState.values else queryset


@admin.register(Registration)
class RegistrationAdmin(ReadOnly, HistoryAdmin):
    list_display = ["name", "comes_for", "title", "at", "state_shown", "coming", "journey", "covered"]
    # Of one gathering, the columns that would say the same in every row, or are in the lists, make room for the rest.
    list_display_of_one = ["name", "comes_for", "title", "state_shown", "journey", "covered"]
    list_filter = [
        GatheringFilter,
        RegistrationStateFilter,
        ReturnedFilter,
        ReimbursementFilter,
        "function",
        ("participation__municipality__county", admin.RelatedOnlyFieldListFilter),
    ]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["name", "user__email", "unit__name", "participation__municipality__name"]
    search_help_text = gettext_lazy("Søk i navn, e-postadresse, enhet og kommune")
    ordering = ["-gathering__cohort__number", "-gathering__semester", "name", "pk"]
    actions = None
    change_list_template = "admin/gatherings/registration/list.html"
    change_form_template = "admin/gatherings/registration/change.html"
    fieldsets = [
        (None, {"fields": ["name", "email", "title", "comes_for", "municipality", "gathering_link", "state_shown"]}),
        (gettext_lazy("Dager og reise"), {"fields": ["coming", "nights_shown", "journey"]}),
        (gettext_lazy("Dekning av utgifter"), {"fields": ["reimbursement_shown", "decided"]}),
        (
            gettext_lazy("Det som har skjedd"),
            {"fields": ["registered", "placed", "offered", "expired", "cancelled"]},
        ),
    ]
    readonly_fields = [
        *("email", "title", "comes_for", "municipality", "gathering_link", "state_shown", "coming", "nights_shown"),
        *("journey", "reimbursement_shown", "decided", "registered", "placed", "offered", "expired", "cancelled"),
    ]

    class Media:
        css = {"all": ["css/admin-gatherings.css"]}

    def get_urls(self) -> list:
        def page(address: str, view: Any, name: str):
            return path(
                address, self.admin_site.admin_view(partial(view, self)), name=f"gatherings_registration_{name}"
            )

        hotel, travel = ExportedList.Kind.HOTEL, ExportedList.Kind.TRAVEL
        return [
            page("regneark/", _export, "export"),
            page("<int:pk>/dekning/", registration_pages.reimbursement_view, "reimbursement"),
            page("<int:pk>/meld-av/", registration_pages.cancel_view, "cancel"),
            page("samlinger/", lists.gatherings_view, "gatherings"),
            page("samlinger/<int:pk>/meld-paa/", registration_pages.late_view, "late"),
            page("samlinger/<int:pk>/uten-paameldte/", answers.answers_view, "answers"),
            page("samlinger/<int:pk>/hotell/", partial(lists.list_view, hotel), "hotel"),
            page("samlinger/<int:pk>/reise/", partial(lists.list_view, travel), "travel"),
            page("lister/<int:pk>/", lists.exported_view, "exported"),
            page("samlinger/<int:pk>/behov/", lists.needs_view, "needs"),
            page("samlinger/<int:pk>/behov/navn/", lists.needs_names_view, "needs_names"),
            *super().get_urls(),
        ]

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return self.list_display_of_one if request.GET.get(GatheringFilter.parameter_name) else self.list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        related = ("gathering__cohort", "participation__municipality__county", "participation__cohort", "unit", "user")
        people = ("registered_by", "cancelled_by", "reimbursement_decided_by")
        found = Registration.objects.with_places().select_related(*related, *people)
        found = found.with_dead_addresses(to=cast("User", request.user))
        return with_reimbursement(found, today=timezone.localdate()).annotate(state_order=Registration.state_place())

    def has_view_permission(self, request: HttpRequest, obj: Registration | None = None) -> bool:
        user: Any = request.user
        return user.has_perm("gatherings.view_registration") or user.has_perm("gatherings.change_registration")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {
            "title": _("Påmeldinger"),
            "chosen": chosen_gathering(request),
            "may_change": registration_pages.may_change(request),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None):
        context = {"title": _("Påmelding"), "may_change": registration_pages.may_change(request)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(
        description=gettext_lazy("kommer for"), ordering=Coalesce("unit__name", "participation__municipality__name")
    )
    def comes_for(self, registration: Registration) -> str:
        return registration.represents

    @admin.display(description=gettext_lazy("funksjon"), ordering="function")
    def title(self, registration: Registration) -> str:
        return registration.function_title

    @admin.display(description=gettext_lazy("samling"), ordering="gathering__starts_on")
    def at(self, registration: Registration) -> str:
        return str(registration.gathering)

    @admin.display(description=gettext_lazy("tilstand"), ordering="state_order")
    def state_shown(self, registration: Registration) -> str:
        if not registration.mail_trouble:
            return str(registration.state.label)
        said = _("%(state)s. E-posten kommer i retur. %(why)s.")
        return said % {"state": registration.state.label, "why": registration.mail_trouble}

    @admin.display(description=gettext_lazy("dager"), ordering="days")
    def coming(self, registration: Registration) -> str:
        return ", ".join(short_day(day) for day in registration.dates)

    @admin.display(description=gettext_lazy("reise"), ordering="travel")
    def journey(self, registration: Registration) -> str:
        if registration.travel != Registration.Travel.ORDERS:
            return str(registration.get_travel_display())
        if registration.travel_ordered_on is None:
            return _("Ikke bestilt")
        return _("Bestilt %(day)s") % {"day": day_in_words(registration.travel_ordered_on)}

    @admin.display(
        description=gettext_lazy("dekning"),
        ordering=Case(
            *(When(reimbursement_state=state, then=Value(place)) for place, state in enumerate(ReimbursementState)),
            output_field=IntegerField(),
        ),
    )
    def covered(self, registration: Any) -> str:
        return str(ReimbursementState(registration.reimbursement_state).label)

    @admin.display(description=gettext_lazy("e-postadresse"))
    def email(self, registration: Registration) -> str:
        return format_html("{} {}", registration.user.email, person_link(registration.user))

    @admin.display(description=gettext_lazy("kommune"))
    def municipality(self, registration: Registration) -> str:
        address = reverse("admin:participants_participation_change", args=[registration.participation_id])
        return format_html('<a href="{}">{}</a>', address, registration.participation.municipality.name_and_county)

    @admin.display(description=gettext_lazy("samling"))
    def gathering_link(self, registration: Registration) -> str:
        address = reverse("admin:gatherings_gathering_change", args=[registration.gathering_id])
        return format_html('<a href="{}">{}</a>', address, registration.gathering)

    @admin.display(description=gettext_lazy("netter"))
    def nights_shown(self, registration: Registration) -> str:
        return ", ".join(short_day(night) for night in registration.night_dates)

    @admin.display(description=gettext_lazy("utgiftene"))
    def reimbursement_shown(self, registration: "WithReimbursement") -> str:
        found = {"reimbursement": assess(registration)}
        return render_to_string("admin/gatherings/parts/reimbursement.html", found)

    @admin.display(description=gettext_lazy("avgjort"))
    def decided(self, registration: Registration) -> str:
        return self._fact(registration.reimbursement_decided_at, registration.reimbursement_decided_by)

    @admin.display(description=gettext_lazy("påmeldt"))
    def registered(self, registration: Registration) -> str:
        return self._fact(registration.registered_at, registration.registered_by)

    @admin.display(description=gettext_lazy("fikk plass"))
    def placed(self, registration: Registration) -> str:
        return self._fact(registration.placed_at)

    @admin.display(description=gettext_lazy("fikk tilbud"))
    def offered(self, registration: Registration) -> str:
        if not registration.offered_at or not registration.offered_until:
            return ""
        deadline = through(last_day(registration.offered_until))
        return _("%(moment)s, gjelder %(deadline)s") % {
            "moment": self._fact(registration.offered_at),
            "deadline": deadline,
        }

    @admin.display(description=gettext_lazy("tilbudet gikk ut"))
    def expired(self, registration: Registration) -> str:
        return self._fact(registration.expired_at)

    @admin.display(description=gettext_lazy("meldt av"))
    def cancelled(self, registration: Registration) -> str:
        return self._fact(registration.cancelled_at, registration.cancelled_by)

    def _fact(self, when, who=None) -> str:
        if not when:
            return ""
        moment = moment_in_words(when)
        return _("%(moment)s, av %(person)s") % {"moment": moment, "person": who} if who else moment
