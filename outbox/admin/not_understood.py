"""What came back and was not understood: staff read it, and tick it off."""

from io import BytesIO
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.models import ReturnedMail
from outbox.returns.erasing import KEPT
from outbox.returns.reading import text_of
from parts.admin import ReadOnly, admin_page
from parts.dates import short_moment
from parts.forms import say

TITLE = gettext_lazy("E-poster i retur som ikke ble forstått")


class HandledFilter(admin.SimpleListFilter):
    """Without a choice: those that nobody has seen to."""

    title = gettext_lazy("hva som er gjort")
    parameter_name = "handled"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("yes", _("Ferdige"))]

    def choices(self, changelist: Any) -> Any:
        everything, *others = super().choices(changelist)
        yield everything | {"display": _("Må leses")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.exclude(handled_at=None) if self.value() == "yes" else queryset.filter(handled_at=None)


@admin.register(ReturnedMail)
class NotUnderstoodAdmin(ReadOnly, admin.ModelAdmin):
    """The rest of what is known of returned mail is shown with the mail that came back."""

    list_display = ["received", "sender", "about", "why"]
    list_display_links = ["about"]
    list_filter = [HandledFilter]
    list_per_page = 50
    ordering = ["-received_at", "-pk"]
    search_fields = ["sender", "subject"]
    search_help_text = gettext_lazy("Søk i avsender og emne")
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    actions = None
    change_list_template = "admin/outbox/not_understood/list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnedMail]:
        return ReturnedMail.objects.unread().defer("source").order_by(*self.ordering)

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/change/", view(self.mail_view), name="outbox_returnedmail_change"),
            path("<int:pk>/file/", view(self.file_view), name="outbox_returnedmail_file"),
            path("", view(self.changelist_view), name="outbox_returnedmail_changelist"),
        ]

    def has_view_permission(self, request: HttpRequest, obj: ReturnedMail | None = None) -> bool:
        return request.user.has_perm("outbox.view_message")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=gettext_lazy("mottatt"), ordering="received_at")
    def received(self, mail: ReturnedMail) -> str:
        return short_moment(mail.received_at)

    @admin.display(description=gettext_lazy("emne"), ordering="subject")
    def about(self, mail: ReturnedMail) -> str:
        return mail.subject or _("Uten emne")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": TITLE, "days": KEPT.days} | (extra_context or {}))

    def mail_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail, may_handle = self.load(request, pk), request.user.has_perm("outbox.add_message")
        if request.method == "POST":
            if not may_handle:
                raise PermissionDenied
            if mail.handle(by=cast(AbstractBaseUser, request.user), now=timezone.now()):
                say(request, _("E-posten er merket som ferdig."))
            else:
                say(request, _("Det er ikke noe mer å gjøre med denne e-posten."), level=messages.WARNING)
            return redirect("admin:outbox_returnedmail_changelist")
        context = {
            "title": mail.subject or _("Uten emne"),
            "mail": mail,
            "text": text_of(bytes(mail.source)) if mail.source else "",
            "may_handle": may_handle and mail.handled_at is None,
            "erased_on": timezone.localdate(mail.received_at + KEPT),
        }
        return admin_page(self, request, "admin/outbox/not_understood/mail.html", context)

    def file_view(self, request: HttpRequest, pk: int) -> FileResponse:
        mail = self.load(request, pk, source__isnull=False)
        # Never shown in the browser: anybody may have written it.
        content = BytesIO(bytes(mail.source or b""))
        name = f"retur-{mail.pk}.eml"
        return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")

    def load(self, request: HttpRequest, pk: int, **found_by: Any) -> ReturnedMail:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = ReturnedMail.objects.unread().select_related("handled_by")
        return get_object_or_404(rows, pk=pk, **found_by)
