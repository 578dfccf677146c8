"""What is asked after the deadline: the list, and the page where the staff answer once."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.models import LateRequest
from gatherings.registration import late_requests
from parts.admin import HistoryAdmin, NeverAdded, admin_page
from parts.child_names.question import ask_about_children
from parts.dates import short_moment
from parts.forms import number_from


def _moment(moment: datetime) -> str:
    return short_moment(moment)


class LateRequestAnsweredFilter(admin.SimpleListFilter):
    title = gettext_lazy("svar")
    parameter_name = "svar"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("venter", _("venter på svar")), ("besvart", _("besvart"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = {"venter": True, "besvart": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(answered_at__isnull=wanted)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Svar"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Sendes på e-post til den som spurte. Svaret kan ikke endres etterpå."),
    )

    def __init__(self, *args: Any, late_request: LateRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.late_request = late_request

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        asked, registration = self.late_request, self.late_request.registration
        about = [registration.name, registration.represents] if registration else []
        ask_about_children(self, ["answer"], known=[asked.participation.municipality.name, str(asked.asked_by), *about])
        return cleaned


@admin.register(LateRequest)
class LateRequestAdmin(NeverAdded, HistoryAdmin):
    list_display = ["asked", "gathering", "participation", "asked_by", "beginning", "answered"]
    list_filter = [LateRequestAnsweredFilter, "gathering__cohort", "asked_at"]
    list_select_related = [
        "gathering__cohort",
        "participation__cohort",
        "participation__municipality__county",
        "asked_by",
    ]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["text", "answer", "asked_by__name", "asked_by__email", "participation__municipality__name"]
    search_help_text = gettext_lazy("Søk i spørsmål og svar, kommune og den som spurte")
    ordering = [F("answered_at").desc(nulls_first=True), "-asked_at", "-pk"]
    actions = None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        rows = LateRequest.objects.select_related(
            "gathering__cohort",
            "participation__municipality__county",
            "participation__cohort",
            "registration__unit",
            "asked_by",
            "answered_by",
        )
        late_request = get_object_or_404(rows, pk=number_from(object_id))
        if not self.has_view_or_change_permission(request, late_request):
            raise PermissionDenied
        may_answer = self.has_change_permission(request, late_request)
        form = AnswerForm(request.POST or None, late_request=late_request)
        unsent = ""
        if request.method == "POST":
            if not may_answer:
                raise PermissionDenied
            if form.is_valid():
                text = form.cleaned_data["answer"]
                now_is = late_requests.answer(
                    late_request, answer=text, by=cast(User, request.user), now=timezone.now()
                )
                if now_is.answer == text:
                    if not late_request.answered_at:
                        self.log_change(request, late_request, _("Besvarte spørsmålet"))
                    messages.success(request, _("Svaret er sendt til %(who)s.") % {"who": late_request.asked_by})
                    return redirect("admin:gatherings_laterequest_changelist")
                # A colleague was first: what was typed is shown, so that nobody has to write it again.
                late_request, unsent = rows.get(pk=late_request.pk), text
        context = {
            "title": _("Spørsmål etter fristen"),
            "late_request": late_request,
            "form": form if may_answer and not late_request.answered_at else None,
            "unsent": unsent,
        }
        status = 409 if unsent else 422 if form.is_bound else 200
        return admin_page(self, request, "admin/gatherings/late_request/late_request.html", context, status=status)

    @admin.display(description=gettext_lazy("spurt"), ordering="asked_at")
    def asked(self, late_request: LateRequest) -> str:
        return _moment(late_request.asked_at)

    @admin.display(description=gettext_lazy("spørsmål"))
    def beginning(self, late_request: LateRequest) -> str:
        return Truncator(late_request.text).chars(120)

    @admin.display(description=gettext_lazy("svar"), ordering="answered_at")
    def answered(self, late_request: LateRequest) -> str:
        return _moment(late_request.answered_at) if late_request.answered_at else _("venter på svar")
