from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from guidance.models import GroupMember
from lmp.governor import access as governor_access
from lmp.mailcalendar.access import told_of
from lmp.overview import access
from lmp.overview.forms import ParticipationFilter
from participants.functions import functions
from participants.models import Contact, Participation, Unit, UnitFigures, in_operation
from participants.todos import draft_saved
from parts.rows import annotated

PAGE_SIZE = 50


@require_safe
def participations(request: PersonRequest) -> HttpResponse:
    form = ParticipationFilter(request.GET)
    found = form.filter(access.with_state(access.participations(request.user)))
    sort = request.GET.get("sorter", "")
    active = in_operation(today=timezone.localdate(), unit="units")
    found = found.annotate(unit_count=Count("units", filter=active, distinct=True)).order_by(
        *ParticipationFilter.SORTS.get(sort, ("-cohort__number", "municipality__name", "pk"))
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "overview/participations.html",
        {
            "form": form,
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "sort": sort,
        },
    )


@require_safe
def participation(request: PersonRequest, pk: int) -> HttpResponse:
    readable = access.with_state(access.participations(request.user)).select_related(
        "nominated_by", "accepted_by", "declined_by"
    )
    found = get_object_or_404(readable, pk=pk)
    today = timezone.localdate()
    heads = Prefetch("contacts", Contact.objects.current().with_dead_addresses(), to_attr="head_contacts")
    units = list(
        found.units.select_related("merged_into")
        .prefetch_related(heads)
        .annotate(
            members=Count("project_group__members"),
            lacks_count=Exists(Unit.objects.lacking_count(today=today).filter(pk=OuterRef("pk"))),
        )
    )
    rounds = list(
        found.confirmations.with_moves().with_draft_of(request.user).select_related("answered_by").order_by("-round")
    )
    mine, active = functions(request.user), [unit for unit in units if unit.is_active(today=today)]
    context = {
        "participation": found,
        "contacts": found.contacts.current().with_dead_addresses().filter(unit__isnull=True).select_related("user"),
        "units": active,
        "closed_units": [unit for unit in units if not unit.is_active(today=today)],
        "figures": UnitFigures.of(units, on=today),
        "without_group": sum(not annotated(unit, "members", int) for unit in active),
        "rounds": rounds,
        "draft_told": _draft_told(rounds, today=today),
        "withdrawals": list(found.withdrawals.all()),
        "registers": request.user.is_staff and request.user.has_perm("participants.change_participation"),
        "gatherings": found.cohort.gatherings.all(),
        "supervisors": GroupMember.objects.current()
        .filter(group__participation=found)
        .select_related("supervisor__user"),
        "editable": pk in mine.answers_for and Participation.objects.answered_for([pk], today=today).exists(),
        "may_add": governor_access.may_add(request.user, found, mine, today=today),
        "follows_nomination": request.user.is_staff or found.municipality.county.governor_id in mine.governs,
        "pauses": told_of(request.user, found, now=timezone.now()),
        "notes": list(found.notes.select_related("noted_by")) if request.user.is_staff else [],
        "sees_units": request.user.is_staff
        or pk in mine.participations
        or found.municipality.county.governor_id in mine.governs,
    }
    return render(request, "overview/participation.html", context)


def _draft_told(rounds: list[Any], *, today: date) -> str:
    """That this person has begun to answer the open round. Load them through `with_draft_of`."""
    saved_at = next((each.draft_saved_at for each in rounds if each.is_open), None)
    return draft_saved(saved_at, today=today) if saved_at else ""
