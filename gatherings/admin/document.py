"""The documents of a gathering: uploaded, listed and deleted on a page of their own.

Not among the gathering's own fields: a file cannot be carried past the page of what a change does.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.requests import PersonRequest
from gatherings import places
from gatherings.models import Document, Gathering
from parts.admin import admin_page
from parts.files import ACCEPTED, content_type_of
from parts.names import LineField


class DocumentForm(forms.Form):
    title = LineField(
        label=gettext_lazy("Tittel"),
        max_length=200,
        help_text=gettext_lazy("Det deltakerne ser, for eksempel Program dag 1."),
    )
    file = forms.FileField(
        label=gettext_lazy("Fil"),
        max_length=200,
        allow_empty_file=True,
        help_text=gettext_lazy("PDF, Word, Excel, PowerPoint, ODT, PNG, JPG eller TXT på høyst 20 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        self.cleaned_data["content_type"] = content_type_of(file)
        return file


def listed(gathering_id: int | None) -> QuerySet[Document]:
    """Its documents without what is in them: that may be many megabytes."""
    return Document.objects.filter(gathering=gathering_id).defer("content").select_related("uploaded_by")


def _load(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> Gathering:
    gathering = get_object_or_404(Gathering.objects.select_related("cohort"), pk=pk)
    if not modeladmin.has_change_permission(request, gathering):
        raise PermissionDenied
    return gathering


@transaction.atomic
def _keep(gathering: Gathering, form: DocumentForm, request: PersonRequest) -> bool:
    """Store the file, and return whether it is new: the same file with the same title is stored once."""
    places.lock(gathering)
    file, title = form.cleaned_data["file"], form.cleaned_data["title"]
    file.seek(0)
    content = file.read()
    facts = {"gathering": gathering, "title": title, "name": file.name, "size": len(content), "content": content}
    if Document.objects.filter(**facts).exists():
        return False
    Document.objects.create(
        **facts, content_type=form.cleaned_data["content_type"], uploaded_at=timezone.now(), uploaded_by=request.user
    )
    return True


def documents_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    gathering = _load(modeladmin, request, pk)
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    if form.is_bound and form.is_valid():
        title = form.cleaned_data["title"]
        if _keep(gathering, form, request):
            modeladmin.log_change(request, gathering, _("Lastet opp dokumentet %(title)s") % {"title": title})
        messages.success(request, _("%(title)s er lastet opp.") % {"title": title})
        return redirect("admin:gatherings_gathering_documents", gathering.pk)
    context = {
        "title": _("Dokumenter"),
        "gathering": gathering,
        "documents": listed(gathering.pk),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return admin_page(modeladmin, request, "admin/gatherings/gathering/documents.html", context, status=status)


def delete_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int, document_pk: int) -> HttpResponse:
    gathering = _load(modeladmin, request, pk)
    document = listed(gathering.pk).filter(pk=document_pk).first()
    if document is None:  # pressed twice, or a colleague was first
        messages.info(request, _("Dokumentet er slettet."))
        return redirect("admin:gatherings_gathering_documents", gathering.pk)
    if request.method == "POST":
        title = document.title
        document.delete()
        modeladmin.log_change(request, gathering, _("Slettet dokumentet %(title)s") % {"title": title})
        messages.success(request, _("%(title)s er slettet.") % {"title": title})
        return redirect("admin:gatherings_gathering_documents", gathering.pk)
    context = {
        "title": _("Slette dokumentet?"),
        "gathering": gathering,
        "document": document,
    }
    return admin_page(modeladmin, request, "admin/gatherings/gathering/document_delete.html", context)
