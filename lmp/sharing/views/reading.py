"""A publication as its readers see it, and its files."""

import io

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from lmp.sharing import access, files, reading
from lmp.sharing.models import FileContent, FileVersion, Publication
from participants.models.strike import struck_texts


@require_safe
def publication(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    found = access.publication(request.user, pk, today=today)
    if request.method == "GET":
        reading.note(found, request.user, now=now)
    title, text, language = found.wording(translation.get_language() or "")
    shown = files.shown(found)
    context = {
        "publication": found,
        "title": title,
        "text": text,
        "language": language,
        "struck": struck_texts(found),
        "files": shown,
        "parents": parents(),
        "changed": found.published_at and found.changed_at > found.published_at,
    }
    if request.user.is_staff:
        context |= _of_staff(request, found, shown)
    return render(request, "sharing/publication.html", context)


def _of_staff(request: PersonRequest, found: Publication, shown: list[files.ShownFile]) -> dict[str, object]:
    today = timezone.localdate()
    readers = reading.readers(found, today=today)
    return {
        "state": found.state(today=today),
        "is_shown": found.is_shown(today=today),
        "may_share": access.may_share(request.user),
        "counts": counted(readers),
        "replaced": any(each.earlier for each in shown),
        "told": any(each.told_at for each in readers),
    }


def counted(readers: list[reading.Reader]) -> dict[str, int]:
    """How many it is for, and how many of them have read it."""
    now = [each for each in readers if each.state != reading.GONE]
    return {"all": len(now), "read": sum(each.state == reading.READ for each in now)}


def parents(*publications: Publication) -> list[tuple[str, str]]:
    """The way to a page about this publication, whose title says which language it is in."""
    found = [(_("Dokumenter og nyheter"), reverse("sharing:list"))]
    for publication in publications:
        title, language = publication.title_in(translation.get_language() or "")
        found.append((format_html('<span lang="{}">{}</span>', language, title), publication.get_absolute_url()))
    return found


@require_safe
def file(request: PersonRequest, pk: int) -> FileResponse:
    """The newest version, whatever link led here."""
    now = timezone.now()
    found = access.file(request.user, pk, today=timezone.localdate(now))
    newest = found.versions.first()
    response = _handed_out(newest)
    if request.method == "GET":
        reading.note(found.publication, request.user, version=newest, now=now)
    return response


@require_safe
def version(request: PersonRequest, pk: int, version: int) -> FileResponse:
    return _handed_out(access.version(request.user, pk, version))


def _handed_out(version: FileVersion | None) -> FileResponse:
    """To keep, never to be shown by the browser on our own address."""
    stored = FileContent.objects.filter(version=version).first()
    if version is None or stored is None:
        raise Http404
    response = FileResponse(
        io.BytesIO(bytes(stored.content)), as_attachment=True, filename=version.name, content_type=version.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
