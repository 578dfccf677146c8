"""Staff's pages about the letters: the texts, who gets what, the sending, and those that were sent."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from lmp.welcome.admin import views
from lmp.welcome.admin.confirm import confirm
from lmp.welcome.admin.earlier_texts import copy_texts
from lmp.welcome.admin.journal import journal
from lmp.welcome.admin.letter_to import letter_to
from lmp.welcome.admin.preview import preview
from lmp.welcome.admin.trying import send_try, unsent
from lmp.welcome.models import LANGUAGES, PLACEHOLDERS, CohortLetters, Letter, LetterText, Sending
from parts.admin import HistoryAdmin, NeverAdded, NeverDeleted


def allowed(page: admin.ModelAdmin, view: Any) -> Any:
    """The view within the administration's frame, for those who may change what the page is about."""

    def inner(request: HttpRequest, **keys: Any) -> HttpResponse:
        if not page.has_change_permission(request):
            raise PermissionDenied
        return view(request, **keys, context=page.admin_site.each_context(request) | {"opts": page.opts})

    return inner


@admin.register(LetterText)
class LetterTextAdmin(HistoryAdmin):
    list_display = ["cohort", "language"]
    list_filter = ["cohort", "language"]
    list_select_related = ["cohort"]
    change_form_template = "admin/welcome/lettertext/change_form.html"
    fieldsets = [
        (None, {"fields": ["cohort", "language"]}),
        (_("Brødtekst"), {"fields": ["intro", "kick_off_note", "reply", "closing"]}),
        (_("Personer"), {"fields": ["case_worker", "project_leaders", "senders"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("hent/<int:pk>/", wrap(allowed(self, copy_texts)), name="welcome_copy_texts"),
            path("forhandsvis/", wrap(allowed(self, preview)), name="welcome_preview_texts"),
        ]
        return own + super().get_urls()

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        fields = {
            field.name: field.verbose_name for field in LetterText._meta.fields if field.name in LetterText.WORDED
        }
        text = kwargs.get("obj")
        context["letters"] = unsent(text.cohort if text else None)
        context["placeholders"] = [(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()]
        context["shipped"] = [
            (code, language, [(fields[name], text) for name, text in LetterText(language=code).shipped().items()])
            for code, language in LANGUAGES
        ]
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Letter)
class LetterAdmin(NeverAdded, NeverDeleted, admin.ModelAdmin):
    """The letters that were sent. The case number and journal post are filled in when the letter is archived."""

    list_display = ["municipality", "cohort", "language", "archival", "sent_at", "case_number", "journal_post"]
    list_filter = ["language", "archival", "participation__cohort", "sent_at"]
    list_select_related = ["participation__municipality__county", "participation__cohort"]
    search_fields = ["participation__municipality__name", "participation__municipality__number", "case_number"]
    date_hierarchy = "sent_at"
    list_per_page = 50
    change_list_template = "admin/welcome/letter/change_list.html"
    readonly_fields = [
        "participation",
        "language",
        "file",
        "archival",
        "note",
        "sha256",
        "created_at",
        "created_by",
        "sent_at",
        "sent_by",
    ]
    fields = [*readonly_fields, "case_number", "journal_post"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        read = partial(journal, log=self.log_change)
        own = [
            path("til/<int:pk>/", wrap(allowed(self, letter_to)), name="welcome_letter_to"),
            path("journal/<int:pk>/", wrap(allowed(self, read)), name="welcome_journal"),
        ]
        return own + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return super().get_queryset(request).defer("pdf")

    @admin.display(description=_("kommune"), ordering="participation__municipality__name")
    def municipality(self, letter: Letter) -> str:
        return letter.participation.municipality.name_and_county

    @admin.display(description=_("pulje"), ordering="participation__cohort__number")
    def cohort(self, letter: Letter) -> int:
        return letter.participation.cohort.number

    @admin.display(description=_("brevet"))
    def file(self, letter: Letter) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("welcome:letter", args=[letter.participation_id]), letter.file_name
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        years = Letter.objects.sent().values("sent_at__year").order_by("-sent_at__year")
        totals = years.annotate(
            letters=Count("pk"), nb=Count("pk", filter=Q(language="nb")), nn=Count("pk", filter=Q(language="nn"))
        )
        for year in totals:
            year["nn_percent"] = 100 * year["nn"] / year["letters"]
        return super().changelist_view(request, {"totals": totals} | (extra_context or {}))


@admin.register(CohortLetters)
class CohortLettersAdmin(NeverAdded, NeverDeleted, admin.ModelAdmin):
    list_display = ["__str__", "municipalities", "sent", "confirm_by"]
    ordering = ["-number"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[CohortLetters]:
        taking_part = Q(participations__withdrawn_at__isnull=True, participations__declined_at__isnull=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                municipality_count=Count("participations", filter=taking_part),
                sent_count=Count("participations", filter=Q(participations__welcomed_at__isnull=False)),
            )
        )

    @admin.display(description=_("kommuner"))
    def municipalities(self, cohort: Any) -> int:
        return cohort.municipality_count

    @admin.display(description=_("brev sendt"))
    def sent(self, cohort: Any) -> int:
        return cohort.sent_count

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/send/", wrap(allowed(self, confirm)), name="welcome_confirm"),
            path("<int:pk>/arkiv.zip", wrap(allowed(self, views.archive)), name="welcome_archive"),
            path("<int:pk>/prove/", wrap(allowed(self, send_try)), name="welcome_send_try"),
            path("utsending/<int:pk>/", wrap(allowed(self, views.progress)), name="welcome_progress"),
            path("kopi/<int:pk>/send/", wrap(allowed(self, views.send_copy)), name="welcome_send_copy"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        return allowed(self, views.cohort)(request, pk=object_id)


@admin.register(Sending)
class SendingAdmin(NeverAdded, NeverDeleted, admin.ModelAdmin):
    list_display = ["__str__", "ordered_at", "ordered_by", "letters"]
    list_filter = ["cohort"]
    list_select_related = ["cohort", "ordered_by"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sending]:
        return super().get_queryset(request).annotate(letter_count=Count("items"))

    @admin.display(description=_("brev"))
    def letters(self, sending: Any) -> int:
        return sending.letter_count

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        sending = self.get_object(request, unquote(object_id))
        if sending is None:
            raise Http404
        return redirect("admin:welcome_progress", pk=sending.pk)
