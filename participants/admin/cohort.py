from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.requests import PersonRequest
from participants import tasks
from participants.admin import deadline, loading
from participants.admin.cohort_deadline import CohortAdminForm, deadline_page, move_rounds
from participants.models import Cohort, Confirmation, Participation, UnitFigures
from parts.admin import DeletedWhileUnused, HistoryAdmin
from parts.dates import day_in_words
from parts.forms import BACK, CONFIRMED


def counted(participations: QuerySet[Participation]) -> Coalesce:
    """How many of these participations are in the cohort of the outer row."""
    per_cohort = participations.filter(cohort=OuterRef("pk")).order_by().values("cohort").annotate(rows=Count("pk"))
    return Coalesce(Subquery(per_cohort.values("rows"), output_field=IntegerField()), 0)


@admin.register(Cohort)
class CohortAdmin(DeletedWhileUnused, HistoryAdmin):
    form = CohortAdminForm
    list_display = [
        *("__str__", "years", "confirm_by_day", "municipalities", "withdrawn", "confirmed", "overdue"),
        *("units", "children", "links"),
    ]
    ordering = ["-number"]
    show_full_result_count = False
    actions = ["ask_registers"]
    change_list_template = "admin/participants/cohort/list.html"
    change_form_template = "admin/participants/cohort/change.html"
    fieldsets = [
        (None, {"fields": ["number", "first_year", "starts_on", "confirm_by"]}),
        (gettext_lazy("Språk og ord"), {"fields": ["neutral_language", "gathering_label"]}),
        (
            gettext_lazy("Påminnelser"),
            {"fields": ["remind_days_before", "remind_overdue_every", "remind_overdue_times"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cohort]:
        taking_part = Participation.objects.taking_part()
        rounds = Confirmation.objects.filter(participation=OuterRef("pk"))
        is_open, late = rounds.open(), rounds.overdue(today=timezone.localdate())
        other = is_open.exclude(due_on=OuterRef("cohort__confirm_by"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                taking_part_count=counted(taking_part),
                withdrawn_count=counted(Participation.objects.withdrawn()),
                confirmed_count=counted(taking_part.filter(~Exists(is_open), Exists(rounds))),
                overdue_count=counted(taking_part.filter(Exists(late))),
                other_deadline_count=counted(taking_part.filter(Exists(other))),
            )
            .prefetch_related(Prefetch("participations", taking_part.prefetch_related("units"), to_attr="taking_part"))
        )

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("last-inn/", view(partial(loading.upload_view, self)), name="participants_cohort_load"),
            path("last-inn/mal/", view(partial(loading.template_view, self)), name="participants_cohort_template"),
            path("last-inn/se-over/", view(partial(loading.preview_view, self)), name="participants_cohort_preview"),
            path("last-inn/kvittering/", view(partial(loading.receipt_view, self)), name="participants_cohort_receipt"),
            path("<int:pk>/ny-frist/", view(partial(deadline.cohort_view, self)), name="participants_cohort_deadline"),
            *super().get_urls(),
        ]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """A new deadline asks about the rounds that are open, which have one of their own."""
        asks = request.method == "POST" and object_id and not {BACK, CONFIRMED} & request.POST.keys()
        if asks and (page := deadline_page(self, cast(PersonRequest, request), str(object_id))):
            return page
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Cohort, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "confirm_by" in form.changed_data:
            move_rounds(cast(PersonRequest, request), obj)

    @admin.display(description=gettext_lazy("skoleår"), ordering="first_year")
    def years(self, cohort: Cohort) -> str:
        return f"{cohort.first_year}–{cohort.first_year + 2}"

    @admin.display(description=gettext_lazy("frist for å bekrefte"), ordering="confirm_by")
    def confirm_by_day(self, cohort: Any) -> str:
        """The deadline of new rounds, and how many open ones have another."""
        day, count = day_in_words(cohort.confirm_by), cohort.other_deadline_count
        said = ngettext(
            "%(day)s (%(count)s åpen runde har en annen frist)",
            "%(day)s (%(count)s åpne runder har en annen frist)",
            count,
        )
        return said % {"day": day, "count": count} if count else day

    @admin.display(description=gettext_lazy("kommuner"), ordering="taking_part_count")
    def municipalities(self, cohort: Any) -> str:
        return self._list(cohort, cohort.taking_part_count)

    @admin.display(description=gettext_lazy("har trukket seg"), ordering="withdrawn_count")
    def withdrawn(self, cohort: Any) -> str:
        return self._list(cohort, cohort.withdrawn_count, state="withdrawn")

    @admin.display(description=gettext_lazy("bekreftet"), ordering="confirmed_count")
    def confirmed(self, cohort: Any) -> str:
        return self._list(cohort, cohort.confirmed_count, state="confirmed")

    @admin.display(description=gettext_lazy("fristen er gått ut"), ordering="overdue_count")
    def overdue(self, cohort: Any) -> str:
        return self._list(cohort, cohort.overdue_count, state="overdue")

    @admin.display(description=gettext_lazy("enheter"))
    def units(self, cohort: Cohort) -> str:
        found = self._figures(cohort)
        since = [
            ngettext("%(count)s lagt ned", "%(count)s lagt ned", found.closed) % {"count": found.closed},
            ngettext("%(count)s slått sammen", "%(count)s slått sammen", found.merged) % {"count": found.merged},
        ]
        told = [said for said, count in zip(since, (found.closed, found.merged), strict=True) if count]
        return f"{found.units} ({', '.join(told)})" if told else str(found.units)

    @admin.display(description=gettext_lazy("barn og elever"))
    def children(self, cohort: Cohort) -> int:
        return self._figures(cohort).children

    def _figures(self, cohort: Any) -> UnitFigures:
        units = [unit for participation in cohort.taking_part for unit in participation.units.all()]
        return UnitFigures.of(units, on=timezone.localdate())

    def _list(self, cohort: Cohort, count: int, state: str = "") -> str:
        address = reverse("admin:participants_participation_changelist", query={"cohort__id__exact": cohort.pk})
        return format_html('<a href="{}{}">{}</a>', address, f"&state={state}" if state else "", count)

    @admin.display(description=gettext_lazy("gå til"))
    def links(self, cohort: Cohort) -> str:
        pages = []
        for name, label in (("admin:welcome_cohortletters_change", _("Velkomstbrev")),):
            try:
                pages.append((reverse(name, args=[cohort.pk]), label))
            except NoReverseMatch:  # the letters belong to a higher app, which may be absent
                continue
        return format_html_join(", ", '<a href="{}">{}</a>', pages)

    @admin.action(description=gettext_lazy("Hent tall fra registrene"), permissions=["change"])
    def ask_registers(self, request: HttpRequest, queryset: QuerySet[Cohort]) -> None:
        for cohort in queryset:
            transaction.on_commit(partial(tasks.refresh_registers.delay, cohort.pk), robust=True)
        messages.success(
            request,
            ngettext(
                "Tallene for %(count)s pulje hentes. De vises på hver enhet når registrene har svart.",
                "Tallene for %(count)s puljer hentes. De vises på hver enhet når registrene har svart.",
                len(queryset),
            )
            % {"count": len(queryset)},
        )
