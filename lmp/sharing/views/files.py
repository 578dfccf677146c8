"""The files of a publication: added, replaced, taken away."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.sharing import access
from lmp.sharing import files as shared_files
from lmp.sharing.forms import AddFilesForm, VersionForm
from lmp.sharing.models import Publication, SharedFile
from lmp.sharing.views.reading import parents
from parts.forms import say


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def files(request: PersonRequest, pk: int) -> HttpResponse:
    found = access.shared(request.user, pk, lock=request.method == "POST")
    form = AddFilesForm(request.POST, request.FILES) if request.method == "POST" else AddFilesForm()
    if form.is_bound and form.is_valid() and _added(request, found, form):
        return redirect("sharing:files", found.pk)
    context = {
        "publication": found,
        "form": form,
        "files": shared_files.shown(found),
        "parents": parents(found),
    }
    return render(request, "sharing/files.html", context, status=422 if form.errors else 200)


def _added(request: PersonRequest, found: Publication, form: AddFilesForm) -> bool:
    """Whether all were stored. The form says why not of the others."""
    made, refused = shared_files.add(found, form.cleaned_data["uploads"], by=request.user, now=timezone.now())
    if made:
        said = ngettext("%(count)s fil er lastet opp.", "%(count)s filer er lastet opp.", len(made))
        say(request, said % {"count": len(made)})
    for name in shared_files.same_name(found, made):
        said = _("Innlegget har to filer som heter %(name)s. Skulle den nye erstatte den gamle, tar du bort den gamle.")
        say(request, said % {"name": name}, level=messages.WARNING)
    for why in refused:
        form.add_error("uploads", why)
    return not refused


def _file(request: PersonRequest, pk: int) -> SharedFile:
    """With its publication, locked when something is sent; one that is taken away is found too, for a second press."""
    file = get_object_or_404(SharedFile, pk=pk) if access.may_share(request.user) else None
    found = access.shared(request.user, file.publication_id if file else 0, lock=request.method == "POST")
    return found.files.select_related("publication").get(pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def replace(request: PersonRequest, pk: int) -> HttpResponse:
    file = _file(request, pk)
    if file.removed_at:
        return redirect("sharing:files", file.publication_id)
    form = VersionForm(request.POST, request.FILES) if request.method == "POST" else VersionForm()
    if form.is_bound and form.is_valid():
        try:
            made = shared_files.replace(file, form.cleaned_data["file"], by=request.user, now=timezone.now())
        except ValidationError as error:
            form.add_error("file", error)
        else:
            said = _("Den nye versjonen er lastet opp. Den gamle er tatt vare på.")
            say(request, said if made else _("Denne versjonen ligger der allerede."))
            return redirect("sharing:files", file.publication_id)
    page = reverse("sharing:files", args=[file.publication_id])
    context = {
        "file": file,
        "form": form,
        "page": page,
        "parents": [*parents(file.publication), (_("Filer"), page)],
    }
    return render(request, "sharing/replace.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """A link to the address itself leads to the files, where the button is."""
    file, now = _file(request, pk), timezone.now()
    if request.method == "POST" and file.remove(by=request.user, now=now):
        file.publication.touch(by=request.user, now=now)
        say(request, _("Fila er tatt bort. Ingen kan laste den ned herfra lenger."))
    return redirect("sharing:files", file.publication_id)
