"""Pages over many measures: the six sub-goals over two years, and lists as spreadsheets."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from guidance import access
from guidance.measures import sub_goal_plan
from guidance.measures.sub_goal_plan import SubGoalPlan
from guidance.models import GroupMember, Measure
from participants.lists import keys
from participants.models import Participation
from parts.sheets import workbook
from parts.sheets.cells import About, Cell, Column


@require_safe
def unit_sub_goals(request: PersonRequest, pk: int) -> HttpResponseBase:
    today = timezone.localdate()
    units = access.units(request.user, today=today).select_related(
        "participation__municipality__county", "participation__cohort"
    )
    unit = get_object_or_404(units, pk=pk)
    plan = sub_goal_plan.of_unit(unit, request.user, today=today)
    return _page(request, [plan], about=f"{unit.name}, {unit.participation.municipality}")


@require_safe
def municipality_sub_goals(request: PersonRequest, pk: int) -> HttpResponseBase:
    today = timezone.localdate()
    seen = access.participations(request.user, today=today).select_related("municipality__county", "cohort")
    participation = get_object_or_404(seen, pk=pk)
    plan = sub_goal_plan.of_municipality(participation, request.user, today=today)
    return _page(request, [plan], about=f"{participation.municipality}, {participation.cohort}")


@require_safe
def supervisor_sub_goals(request: PersonRequest) -> HttpResponseBase:
    """Of all municipalities that this person supervises now."""
    mine = Participation.objects.filter(pk__in=GroupMember.objects.participations_of(request.user))
    participations = list(mine.select_related("municipality__county", "cohort").order_by("municipality__name", "pk"))
    if not participations:
        raise Http404
    plans = sub_goal_plan.of_supervisor(participations, request.user, today=timezone.localdate())
    return _page(request, plans, about=_("Kommunene du veileder"))


def _page(request: PersonRequest, plans: Sequence[SubGoalPlan], *, about: str) -> HttpResponseBase:
    if request.GET.get("fil") == "xlsx":
        told = About(_("Delmål"), timezone.now(), place=about)
        return workbook.answer(told, sub_goal_plan.columns(), sub_goal_plan.rows(plans))
    return render(request, "guidance/measures/sub_goals.html", {"plans": plans, "about": about})


def measures_file(measures: Iterable[Measure], participation: Participation) -> FileResponse:
    """The list as it is narrowed and sorted on the page."""
    columns = [
        Column(_("Enhet"), 30),
        Column(_("Tiltak"), 50),
        Column(_("Delmål"), 40),
        Column(_("Hvorfor"), 50),
        Column(_("Bygger på"), 30),
        Column(_("Ansvar"), 24),
        Column(_("Fra"), 14),
        Column(_("Til"), 14),
        Column(_("Status"), 18),
        Column(_("Hvordan det går"), 50),
        Column(_("Hva det førte til"), 50),
        Column(_("Hvordan dere vet det"), 50),
        Column(_("Hvorfor det ble stoppet"), 50),
        *keys.columns(units=True),
    ]
    place = str(participation.municipality)
    about = About(_("Tiltak"), timezone.now(), cohort=str(participation.cohort), place=place)
    return workbook.answer(about, columns, _rows(measures, participation))


def _rows(measures: Iterable[Measure], participation: Participation) -> Iterator[list[Cell]]:
    for each in measures:
        words = each.words
        yield [
            each.unit.name,
            words["what"],
            str(each.get_sub_goal_display()),
            words["why"],
            ", ".join(each.source_labels),
            words["who"],
            each.starts_on,
            each.ends_on,
            str(each.state.label),
            "" if each.has_ended else words["progress"],
            *(words[name] for name in ("effect", "known_by", "stop_reason")),
            *keys.of_unit(participation, each.unit),
        ]
