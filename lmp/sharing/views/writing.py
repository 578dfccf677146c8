"""Writing a publication, and changing one."""

import uuid
from datetime import datetime

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from lmp.sharing import access, audience
from lmp.sharing.forms import PublicationForm
from lmp.sharing.models import Publication
from lmp.sharing.views.reading import parents
from outbox.effects import effects_page
from parts.dates import moment_in_words
from parts.forms import is_asked, is_confirmed, number_from, say
from parts.order import alphabetical

# What an address may say it is about, for who comes from a page of that.
FROM = {"pulje": "cohort", "samling": "gathering", "fylke": "county"}

# What decides who sees it.
AUDIENCE = ("cohort", "gathering", "county", "kinds", "shown_until")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    if not access.may_share(request.user):
        raise Http404
    now = timezone.now()
    initial = {name: number_from(request.GET.get(key, "")) for key, name in FROM.items()}
    form = PublicationForm(request.POST or None, initial=initial, today=timezone.localdate(now))
    if form.is_bound and form.is_valid():
        found = Publication.write(facts=form.facts, token=_token(request), by=request.user, now=now)
        say(request, _("Utkastet er lagret. Legg til filer, eller gå videre uten."))
        return redirect("sharing:files", found.pk)
    context = {"form": form, "token": _token(request), "parents": parents(), "page": _("Nytt innlegg")}
    return render(request, "sharing/write.html", context, status=422 if form.errors else 200)


def _token(request: PersonRequest) -> uuid.UUID:
    """The page's own. One that is not what we made is as good as none."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def change(request: PersonRequest, pk: int) -> HttpResponse:
    found, now = access.shared(request.user, pk, lock=request.method == "POST"), timezone.now()
    form = PublicationForm(request.POST or None, instance=found, today=timezone.localdate(now))
    if form.is_bound and form.is_valid():
        if not is_seen(request, found):
            form.add_error(None, _changed(found))
        elif is_confirmed(request) or not _is_for_others(found, form, now=now):
            return _saved(request, found, form, now=now)
        elif is_asked(request):
            return _effects(request, found, form, now=now)
    context = {
        "form": form,
        "publication": found,
        "seen": stamp(found),
        "parents": parents(found),
        "page": _("Endre"),
    }
    return render(request, "sharing/write.html", context, status=422 if form.errors else 200)


def _saved(request: PersonRequest, found: Publication, form: PublicationForm, *, now: datetime) -> HttpResponse:
    if found.change(facts=form.facts, by=request.user, now=now):
        say(request, _("Innlegget er endret."))
    return redirect(found if found.published_at else reverse("sharing:preview", args=[found.pk]))


def _is_for_others(found: Publication, form: PublicationForm, *, now: datetime) -> bool:
    """Whether somebody sees it who might not any longer, or the other way round."""
    is_shown = found.is_shown(today=timezone.localdate(now))
    return is_shown and any(getattr(found, name) != form.facts[name] for name in AUDIENCE)


def _effects(request: PersonRequest, found: Publication, form: PublicationForm, *, now: datetime) -> HttpResponse:
    """Who comes to see it, and who does no longer: found by doing it and taking it back."""
    today = timezone.localdate(now)

    def act() -> list[list[str]]:
        before = audience.readers(found, today=today)
        found.change(facts=form.facts, by=request.user, now=now)
        after = audience.readers(found, today=today) if found.is_shown(today=today) else {}
        names = {person: roles[0].name for person, roles in (before | after).items()}
        return [
            sorted((names[person] for person in these), key=alphabetical)
            for these in (after.keys() - before.keys(), before.keys() - after.keys())
        ]

    def sections(names: list[list[str]]) -> list[tuple[str, list[str]]]:
        new, out = names
        return [(_("Ser innlegget fra nå"), new), (_("Ser det ikke lenger"), out)]

    title = _("Endre hvem som ser innlegget")
    parts = parents(found)
    return effects_page(request, title=title, act=act, sections=sections, now=now, breadcrumbs=parts)


def stamp(found: Publication) -> str:
    """Stands for the version that a page was drawn from."""
    return found.changed_at.isoformat()


def is_seen(request: PersonRequest, found: Publication) -> bool:
    return request.POST.get("seen") == stamp(found)


def _changed(found: Publication) -> str:
    said = _("%(name)s endret innlegget %(when)s, etter at du åpnet siden. Se over det du skrev, og lagre på nytt.")
    return said % {"name": found.changed_by, "when": moment_in_words(found.changed_at)}
