"""The gatherings in the admin: the list, and the page where one is set up and changed."""

from datetime import time
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from gatherings import changing
from gatherings.admin import document, making
from gatherings.admin.changing import effects_page, overtaken
from gatherings.models import Gathering, LateRequest, Registration
from parts.admin import HistoryAdmin
from parts.dates import day_in_words
from parts.forms import BACK, CONFIRMED, number_from


class LinesField(forms.CharField):
    """Text in lines. A browser sends its line breaks as two characters, which would count as a change."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class GatheringForm(forms.ModelForm):
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("For hvem"),
        choices=Gathering.AUDIENCE,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Funksjonene som er invitert. Ingen valgt betyr alle."),
    )
    # The row as it was when the page was opened, so that nobody overwrites what they have not seen.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Gathering
        field_classes = {"procedure": LinesField, "programme": LinesField}
        fields = [
            "cohort",
            "kind",
            "semester",
            "settled",
            "starts_on",
            "ends_on",
            "starts_at",
            "ends_at",
            "venue",
            "address",
            "audience",
            "opens_on",
            "closes_on",
            "capacity",
            "capacity_a_municipality",
            "capacity_a_unit",
            "offer_days",
            "travel_closes_on",
            "procedure",
            "programme",
        ]
        help_texts = {
            "settled": gettext_lazy("Bare en avklart samling kan åpne for påmelding."),
            "ends_on": gettext_lazy("Tom når samlingen varer én dag."),
            "opens_on": gettext_lazy("Fra denne dagen kan de inviterte melde på. Uten dato åpner ikke påmeldingen."),
            "closes_on": gettext_lazy(
                "Siste dag for å melde på, endre og melde av. Sett den så tidlig at hotellet rekker å få navnene."
            ),
            "travel_closes_on": gettext_lazy(
                "Siste dag for å bestille reise, gjerne noen dager etter påmeldingsfristen. "
                "Tom når reisen ikke bestilles etter noen framgangsmåte."
            ),
            "procedure": gettext_lazy(
                "Skriv hvem som bestiller, hvor og hva de må oppgi. Utgiftene dekkes når deltakeren følger dette."
            ),
            "programme": gettext_lazy("Vises for alle som ser samlingen. Filer laster du opp under Dokumenter."),
            "capacity_a_unit": gettext_lazy("Tomt: ingen grense."),
            "capacity_a_municipality": gettext_lazy("Tomt: ingen grense. Enhetenes plasser er regnet med."),
            "offer_days": gettext_lazy("Når noen på ventelista får tilbud om plass."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = changing.fingerprint(self.instance)

    def is_valid(self) -> bool:
        """Save nothing, and show the form as typed, after "back" on the page of what a change does."""
        return BACK not in self.data and super().is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_days(cleaned)
        if self.instance.pk and (change := overtaken(self.instance, seen=cleaned.get("seen", ""))):
            message, now_seen = change
            self.add_error(None, message)
            # After that message the same page may be saved again: the person has read it, and means it.
            data = cast(QueryDict, self.data).copy()
            data["seen"] = now_seen
            self.data = data
        return cleaned

    def _check_days(self, cleaned: dict[str, Any]) -> None:
        def lacks(name: str, other: str) -> bool:
            return bool(cleaned.get(name)) and name not in self.errors and other in cleaned and not cleaned[other]

        if lacks("ends_on", "starts_on"):
            self.add_error("starts_on", _("Skriv også første dag."))
        if lacks("opens_on", "closes_on"):
            self.add_error("closes_on", _("Skriv også påmeldingsfristen."))
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on") or cleaned.get("starts_on")
        begins: time | None = cleaned.get("starts_at")
        ends: time | None = cleaned.get("ends_at")
        if begins and ends and first == last and ends <= begins:
            self.add_error("ends_at", _("Samlingen kan ikke slutte før den begynner."))
        orders_by = cleaned.get("travel_closes_on")
        if orders_by and first and orders_by > first:
            self.add_error("travel_closes_on", _("Fristen for å bestille reise kan ikke være etter første dag."))


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
class GatheringAdmin(HistoryAdmin):
    form = GatheringForm
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
    fieldsets = [
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

    def get_readonly_fields(self, request: HttpRequest, obj: Gathering | None = None) -> list[str]:
        # People are registered for this gathering, so what it is called and whose it is stays.
        return ["cohort", "kind", "semester"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Gathering | None = None) -> bool:
        """A gathering that somebody may know of is cancelled; what was only a plan may go."""
        unknown = obj is None or obj.settled == Gathering.Settled.TENTATIVE
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
            changing.save(obj, by=by, now=timezone.now(), seen=form.cleaned_data["seen"])
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
