"""Whom to write to: found by a filter that lives in the address, or handed over by another list, and ticked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from lmp.writing import access
from lmp.writing.choosing import earlier, ticks
from lmp.writing.choosing.filter import HandedOver, PeopleFilter
from lmp.writing.choosing.people import FoundPeople, FoundPerson, find
from lmp.writing.models import MAX_RECIPIENTS, Writing
from participants import states
from participants.models import Participation
from parts.dates import short_moment
from parts.forms import number_from, say, typed_in
from parts.names import LineField
from parts.sheets import workbook
from parts.sheets.cells import About, Column, Verbatim

PAGE_SIZE = 50
FEW = 6  # municipalities that are named of one person: a county governor's may be forty
REMINDER = "reminder"
# What an address carries besides the filter.
OWN = ("utkast", "kind", "participation", "contact")


def _draft(request: PersonRequest) -> Writing | None:
    """The draft that the address names. One that is gone, or sent, is 404: its ticks would be somebody else's.

    Whom an occasion concerns is not chosen here.
    """
    drafts, key = access.drafts(request.user).filter(about_id=None), request.GET.get("utkast")
    return get_object_or_404(drafts, pk=number_from(key) or 0) if key else None


def _found(request: PersonRequest, draft: Writing | None) -> tuple[PeopleFilter, HandedOver, FoundPeople]:
    handed = HandedOver.of(request.GET)
    form = PeopleFilter.of(request.GET, handed)
    return form, handed, find(form, handed, today=timezone.localdate(), draft=draft)


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: PersonRequest) -> HttpResponse:
    draft = _draft(request)
    form, handed, people = _found(request, draft)
    if request.method == "POST":
        return _chosen(request, draft, handed, people)
    page = Paginator(people.users, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = people.load(page.object_list)
    standing = _with_states(rows)
    ticked = _ticks(draft, rows, all_chosen=bool(handed) and draft is None)
    # Who was reminded this morning gets no reminder today: it is seen before they are chosen.
    lately = earlier.lately([row.user.pk for row in rows], now=timezone.now())
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": [
            (
                row,
                row.user.pk in ticked,
                [standing[each.pk] for each in row.participations] if len(row.participations) <= FEW else [],
                next((short_moment(message.created_at) for message in lately.get(row.user.pk, [])), ""),
            )
            for row in rows
        ],
        "count": draft.recipients.count() if draft else page.paginator.count if handed else 0,
        "most": MAX_RECIPIENTS,
        "draft": draft,
        "reminds": draft.is_reminder if draft else request.GET.get("kind") == REMINDER,
        "nobody": _without_people(handed, people),
        "carried": [(name, value) for name in OWN for value in request.GET.getlist(name)],
        "file": reverse("writing:addresses", query=request.GET),
    }
    return render(request, "writing/choose.html", context)


class _Ticks(forms.Form):
    """What the list sends: who was shown, and who of them was ticked."""

    vist = LineField(required=False)
    valgt = LineField(required=False)


def _ticks(draft: Writing | None, rows: list[FoundPerson], *, all_chosen: bool) -> set[int]:
    """Who of these is ticked. What was ticked before a change of language goes before what is stored.

    Who another list has handed over is ticked on every page, until somebody says otherwise.
    """
    shown = {row.user.pk for row in rows}
    if typed := typed_in(_Ticks()):
        return {number_from(key) or 0 for key in typed.getlist("valgt")}
    if all_chosen:
        return shown
    return set(draft.recipients.filter(person__in=shown).values_list("person", flat=True)) if draft else set()


def _with_states(rows: list[FoundPerson]) -> dict[int, Any]:
    """The municipalities of this page, by key, each with how far it has come."""
    keys = {each.pk for row in rows for each in row.participations}
    found = states.with_state(Participation.objects.filter(pk__in=keys), today=timezone.localdate())
    return {each.pk: each for each in found.select_related("municipality__county", "cohort")}


def _without_people(handed: HandedOver, people: FoundPeople) -> list[Participation]:
    """The municipalities that were handed over and have nobody in the list."""
    if not handed.participations:
        return []
    missing = Participation.objects.filter(pk__in=handed.participations).exclude(pk__in=people.participations)
    return list(missing.select_related("municipality__county", "cohort"))


def _chosen(
    request: PersonRequest, draft: Writing | None, handed: HandedOver, people: FoundPeople
) -> HttpResponseRedirect:
    now, posted = timezone.now(), request.POST
    goes_on = {"skriv", "minn"} & posted.keys()
    if draft is None and not (handed or "alle" in posted or "valgt" in posted):
        if goes_on:
            _say_nobody(request)
        return redirect(reverse("writing:choose", query=_address(request, None)))
    with transaction.atomic():
        if draft is None:
            kind = Writing.Kind.CONFIRMATION if request.GET.get("kind") == REMINDER else Writing.Kind.MESSAGE
            draft = ticks.begin(kind=kind, by=request.user, now=now)
            if handed:
                ticks.add_all(draft, people, now=now)
        else:
            draft = ticks.locked(draft)
        if draft.ordered_at:
            return redirect(draft)
        shown, ticked = ({number_from(key) or 0 for key in posted.getlist(name)} for name in ("vist", "valgt"))
        ticks.tick(draft, people, shown=shown, ticked=ticked, now=now)
        if "alle" in posted:
            ticks.add_all(draft, people, now=now)
        elif "ingen" in posted:
            ticks.drop_all(draft)
        if goes_on:
            draft.kind = _kind(draft, reminds="minn" in posted)
        draft.changed_at = now
        draft.save(update_fields=["changed_at", "kind"])
    if goes_on and draft.recipients.exists():
        return redirect("writing:write", draft.pk)
    if goes_on:
        _say_nobody(request)
    return redirect(reverse("writing:choose", query=_address(request, draft)))


def _kind(draft: Writing, *, reminds: bool) -> str:
    if not reminds:
        return Writing.Kind.MESSAGE
    return draft.kind if draft.is_reminder else Writing.Kind.CONFIRMATION


def _address(request: PersonRequest, draft: Writing | None) -> QueryDict:
    """Where one goes on in the list: the filter as it was, or has just been set, and the page that was asked for."""
    address = request.GET.copy()
    if "vis" in request.POST:
        for name in PeopleFilter.base_fields:
            address.pop(name, None)
            if name in request.POST:
                address.setlist(name, request.POST.getlist(name))
        address.pop("page", None)
    if "page" in request.POST:
        address["page"] = request.POST["page"]
    if draft:
        address["utkast"] = str(draft.pk)
    return address


@require_safe
def addresses(request: PersonRequest) -> FileResponse:
    """Those that the list shows with this filter, on all its pages, as a workbook."""
    draft = _draft(request)
    form, _handed, people = _found(request, draft)
    columns = [
        Column(_("Navn"), 28),
        Column(_("Funksjon"), 34),
        Column(_("Kommune"), 24),
        Column(_("Fylke"), 20),
        Column(_("Pulje"), 12),
        Column(_("E-post"), 34),
        Column(_("Telefon"), 16),
        Column(_("Kommunenummer"), 16),
    ]
    rows = (
        [
            person.name,
            ", ".join(person.functions),
            ", ".join(dict.fromkeys(each.municipality.name for each in person.participations)),
            ", ".join(dict.fromkeys(each.municipality.county.name for each in person.participations)),
            Verbatim(", ".join(dict.fromkeys(str(each.cohort.number) for each in person.participations))),
            person.user.email,
            Verbatim(person.phone),
            Verbatim(", ".join(dict.fromkeys(each.municipality.number for each in person.participations))),
        ]
        for person in people.load(people.users)
    )
    return workbook.answer(
        About(_("Adresser"), timezone.now(), cohort=str(form.chosen.get("pulje") or "")), columns, rows
    )


def _say_nobody(request: PersonRequest) -> None:
    say(request, _("Ingen er valgt ennå. Kryss av i lista, eller velg alle."), level=messages.ERROR)
