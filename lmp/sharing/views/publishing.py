"""How it will look and who will see it, before it is laid out; and taking it back."""

from collections import Counter
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from gatherings.models import Gathering
from lmp.sharing import access, audience, files, reading
from lmp.sharing.models import Publication, ReaderKind
from lmp.sharing.views.reading import counted, parents
from lmp.sharing.views.writing import is_seen, stamp
from parts.forms import say


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def preview(request: PersonRequest, pk: int) -> HttpResponse:
    found, now = access.shared(request.user, pk, lock=request.method == "POST"), timezone.now()
    today = timezone.localdate(now)
    if request.method == "POST":
        if not is_seen(request, found):
            say(request, _("Innlegget er endret siden du så det. Se over en gang til."), level=messages.WARNING)
            return redirect("sharing:preview", found.pk)
        if found.publish(by=request.user, now=now):
            say(request, _("Innlegget er lagt ut. Ingen har fått e-post om det."))
        return redirect(found)
    if found.is_shown(today=today):
        return redirect(found)
    readers = audience.readers(found, today=today)
    kinds = _by_kind(readers)
    context = {
        "publication": found,
        "seen": stamp(found),
        "wordings": [found.wording(language) for language in found.languages],
        "files": files.shown(found),
        "people": len(readers),
        "kinds": kinds,
        "are_several": sum(count for _label, count in kinds) > len(readers),
        "warnings": _warnings(found, today=today),
        "parents": parents(found),
    }
    return render(request, "sharing/preview.html", context)


def _by_kind(readers: dict[int, list[audience.ReaderRole]]) -> list[tuple[str, int]]:
    """How many of each kind; who is several things counts as each."""
    counts = Counter(kind for roles in readers.values() for kind in {str(role.kind) for role in roles})
    return [(str(kind.label), counts[kind.value]) for kind in ReaderKind if counts[kind.value]]


def _warnings(found: Publication, *, today: date) -> list[str]:
    said = []
    if len(found.languages) == 1:
        one = (
            _("Innlegget er bare skrevet på bokmål. De som leser nynorsk, får det på bokmål.")
            if found.title_nb
            else _("Innlegget er bare skrevet på nynorsk. De som leser bokmål, får det på nynorsk.")
        )
        said.append(one)
    if found.gathering and found.gathering.settled == Gathering.Settled.CANCELLED:
        said.append(_("Samlingen er avlyst."))
    if found.shown_until and found.shown_until < today:
        said.append(_("Datoen innlegget skulle vises til og med, er passert. Endre den, ellers ser ingen innlegget."))
    return said


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    found, now = access.shared(request.user, pk, lock=request.method == "POST"), timezone.now()
    if request.method == "POST":
        if found.take_back(by=request.user, now=now):
            say(request, _("Innlegget er tatt tilbake. Bare ansatte ser det nå."))
        return redirect(found)
    if not found.published_at or found.taken_back_at:
        return redirect(found)
    context = {
        "publication": found,
        "counts": counted(reading.readers(found, today=timezone.localdate(now))),
        "parents": parents(found),
    }
    return render(request, "sharing/take_back.html", context)
