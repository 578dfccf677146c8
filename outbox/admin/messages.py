"""Staff's view of the mails: what was sent, what was not, what will be, and the wordings."""

from io import BytesIO
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox import posting, texts
from outbox.admin.forms import HandledForm, ResendForm
from outbox.admin.health import Health
from outbox.admin.wordings import edit_page, list_page
from outbox.models import MailboxReading, Message, MessageState, ReturnedMail, Wording
from outbox.returns import addresses
from parts.admin import NeverAdded, NeverDeleted, ReadOnly, admin_page
from parts.dates import short_moment
from parts.forms import number_from, say

UNDELIVERED = "undelivered"


class MessageStateFilter(admin.SimpleListFilter):
    title = gettext_lazy("tilstand")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(UNDELIVERED, _("Kom ikke fram, må ses på")), *MessageState.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        if self.value() == UNDELIVERED:
            return queryset.undelivered()
        return queryset.in_state(self.value(), timezone.now()) if self.value() in MessageState.values else queryset


class PersonFilter(admin.SimpleListFilter):
    """Shown only where a page about a person has led here."""

    title = gettext_lazy("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(str(self.person.pk), str(self.person))] if self.person else []

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        return queryset.to_person(self.person) if self.person else queryset

    @cached_property
    def person(self) -> AbstractBaseUser | None:
        key = number_from(self.value() or "")
        return get_user_model().objects.filter(pk=key).first() if key else None


class TextFilter(admin.SimpleListFilter):
    title = gettext_lazy("e-post")
    parameter_name = "text"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(text.name, text.title) for text in texts.all_texts().values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(text_name=self.value()) if self.value() else queryset


def about_link(message: Message) -> str:
    """What the message is about, with a link where the admin has a page for it."""
    if not message.about_type_id:
        return message.about_label
    kind = ContentType.objects.get_for_id(message.about_type_id)
    try:
        address = reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[message.about_id])
    except NoReverseMatch:
        return message.about_label
    return format_html('<a href="{}">{}</a>', address, message.about_label or kind)


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["created", "state", "recipients", "what", "about_what"]
    list_display_links = ["what"]
    list_filter = [PersonFilter, MessageStateFilter, TextFilter, "created_at"]
    list_per_page = 50
    search_fields = ["to", "further__to", "subject", "why"]
    search_help_text = gettext_lazy("Søk i mottaker, emne og grunn")
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    actions = None
    change_list_template = "admin/outbox/message/list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("body", "html").prefetch_related("further")

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/change/", view(self.message_view), name="outbox_message_change"),
            path("<int:pk>/resend/", view(self.resend_view), name="outbox_message_resend"),
            path("<int:pk>/handled/", view(self.handled_view), name="outbox_message_handled"),
            path("<int:pk>/file/<int:file_pk>/", view(self.file_view), name="outbox_message_file"),
            path("", view(self.changelist_view), name="outbox_message_changelist"),
        ]

    @admin.display(description=gettext_lazy("opprettet"), ordering="created_at")
    def created(self, message: Message) -> str:
        return short_moment(message.created_at)

    @admin.display(description=gettext_lazy("mottaker"), ordering="to")
    def recipients(self, message: Message) -> str:
        return ", ".join(message.addresses)

    @admin.display(description=gettext_lazy("emne"))
    def what(self, message: Message) -> str:
        return message.subject

    @admin.display(description=gettext_lazy("gjelder"))
    def about_what(self, message: Message) -> str:
        return about_link(message)

    @admin.display(description=gettext_lazy("tilstand"))
    def state(self, message: Message) -> str:
        label = str(message.state_at(timezone.now()).label)
        if message.returned_at:
            return format_html('{}<br><span class="outbox-error">{}</span>', label, message.get_returned_why_display())
        doubtful = message.failure == Message.Failure.UNANSWERED
        error = message.get_failure_display() if doubtful else Truncator(message.last_error).chars(120)
        return format_html('{}<br><span class="outbox-error">{}</span>', label, error) if error else label

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {"title": _("E-poster"), "health": Health.at(timezone.now())}
        context["mailbox"] = MailboxReading.objects.first()
        context["not_understood"] = ReturnedMail.objects.to_be_read().count()
        context |= extra_context or {}
        return super().changelist_view(request, context)

    def message_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = self.load(request, pk)
        now = timezone.now()
        text = texts.all_texts().get(message.text_name)
        context = {
            "title": _("E-post"),
            "message": message,
            "state": message.state_at(now),
            "waits": message.state_at(now) in {MessageState.WAITING, MessageState.RETRYING},
            "text_title": text.title if text else message.text_name,
            "about": about_link(message),
            "resends": message.resends.all(),
            "parted": message.parted.defer("body", "html").with_states(now),
            "files": message.attachments.defer("content"),
            "may_resend": self.may_resend(request) and message.may_be_resent(now),
            "is_undelivered": message.is_undelivered,
            "came_back": message.came_back.defer("source"),
            "dead": addresses.dead_of(message.addresses).values(),
        }
        return self.page(request, "message", context)

    def resend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = self.load(request, pk)
        if not self.may_resend(request):
            raise PermissionDenied
        if not message.may_be_resent(timezone.now()):
            messages.error(request, _("Denne e-posten kan ikke sendes på nytt."))
            return redirect("admin:outbox_message_change", message.pk)
        form = ResendForm(request.POST or None, message=message)
        if request.method == "POST" and form.is_valid():
            again = posting.resend(
                message,
                reason=form.cleaned_data["reason"],
                token=str(form.cleaned_data["token"]),
                to=form.cleaned_data.get("to", ""),
                by=cast(AbstractBaseUser, request.user),
                now=timezone.now(),
            )
            to = ", ".join(again.addresses)
            messages.success(request, _("E-posten sendes på nytt til %(to)s.") % {"to": to})
            return redirect("admin:outbox_message_change", again.pk)
        return self.page(request, "resend", {"title": _("Send på nytt"), "message": message, "form": form})

    def handled_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tick off a mail that did not arrive, with what was done about it."""
        message = self.load(request, pk)
        if not self.may_resend(request):
            raise PermissionDenied
        form = HandledForm(request.POST or None)
        is_over = not message.is_undelivered
        if request.method == "POST" and form.is_valid():
            by = cast(AbstractBaseUser, request.user)
            is_over = not message.handle(note=form.cleaned_data["note"], by=by, now=timezone.now())
            if not is_over:
                say(request, _("E-posten er merket som ferdig."))
                return redirect("admin:outbox_message_change", message.pk)
        if is_over:
            say(request, _("Det er ikke noe mer å gjøre med denne e-posten."), level=messages.WARNING)
            return redirect("admin:outbox_message_change", message.pk)
        return self.page(request, "handled", {"title": _("Ferdig"), "message": message, "form": form})

    def file_view(self, request: HttpRequest, pk: int, file_pk: int) -> FileResponse:
        file = get_object_or_404(self.load(request, pk).attachments, pk=file_pk, message__secret=False)
        # Never shown in the browser: its content type is only what the sender claimed.
        content = BytesIO(file.content)
        return FileResponse(content, as_attachment=True, filename=file.name, content_type="application/octet-stream")

    def load(self, request: HttpRequest, pk: int) -> Message:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(
            Message.objects.select_related(
                "about_type", "resend_of", "resent_by", "parted_from", "recipient", "handled_by"
            ).prefetch_related("further__person"),
            pk=pk,
        )

    def may_resend(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.add_message")

    def page(self, request: HttpRequest, name: str, context: dict) -> HttpResponse:
        return admin_page(self, request, f"admin/outbox/message/{name}.html", context)


@admin.register(Wording)
class WordingAdmin(NeverAdded, NeverDeleted, admin.ModelAdmin):
    """One page lists every mail in both languages, one edits a wording; rows exist for staff's own versions only."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("", view(self.list_view), name="outbox_wording_changelist"),
            path("<str:name>/<str:language>/", view(self.edit_view), name="outbox_wording_edit"),
        ]

    def list_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return self.page(request, "list", {"title": _("E-posttekster")} | list_page())

    def edit_view(self, request: HttpRequest, name: str, language: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        text = texts.all_texts().get(name)
        if not text or not text.editable or texts.supported(language) != language:
            raise Http404
        done, context = edit_page(request, text, language)
        if done:
            messages.success(request, done)
            return redirect("admin:outbox_wording_edit", name, language)
        return self.page(request, "edit", {"title": text.title} | context)

    def page(self, request: HttpRequest, name: str, context: dict) -> HttpResponse:
        return admin_page(self, request, f"admin/outbox/wording/{name}.html", context)
