"""For those who follow the guidance in every municipality: Udir's staff and Læringsmiljøsenteret's project leaders."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from guidance import access
from guidance.follow_up import export
from guidance.follow_up.continuity import content_of, continuity_of, withdrawn_from, workloads_of
from guidance.follow_up.continuity_form import ContinuityFilter, WorkloadFilter
from guidance.follow_up.lacks import lacks_of, running
from guidance.follow_up.semesters import current_semester, semesters_of
from guidance.models import Composition, GuidanceSession, GuidanceSettings
from guidance.sub_goals import SUB_GOALS
from participants.models import Cohort
from parts.sheets.cells import About

PAGE_SIZE = 50


@require_safe
def cohorts(request: PersonRequest) -> HttpResponse:
    if not access.leads_guidance(request.user, today=timezone.localdate()):
        raise Http404
    waiting = Composition.objects.open().filter(cohort=OuterRef("pk"), proposed_at__isnull=False)
    found = Cohort.objects.annotate(waits=Exists(waiting))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "pages": page.paginator.get_elided_page_range(page.number)}
    return render(request, "guidance/follow_up/cohorts.html", context)


@require_safe
def continuity(request: PersonRequest, pk: int) -> HttpResponseBase:
    today = timezone.localdate()
    cohort = access.followed_cohort(request.user, pk, today=today)
    settings = GuidanceSettings.objects.of(cohort)
    everybody = continuity_of(cohort, settings, today=today)
    spans = semesters_of(cohort)
    now = current_semester(spans, today=today)
    form, sort = ContinuityFilter(request.GET), request.GET.get("sorter", "")
    lacks = lacks_of(running(today=today).filter(cohort=cohort), today=today)
    rows = form.filter(everybody, sort=sort)
    if export.is_asked_for(request):
        return export.continuity(_about(_("Møter i pulje %(number)s"), cohort), rows, lacks)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    expected = [row.expected[now.number - 1] or 0 for row in everybody]
    context = {
        "cohort": cohort,
        "withdrawn": withdrawn_from(cohort),
        "settings": settings,
        "spans": spans,
        "now": now,
        "form": form,
        "sort": sort,
        "page": page,
        "rows": [(row, lacks.get(row.participation.pk, [])) for row in page.object_list],
        "pages": page.paginator.get_elided_page_range(page.number),
        "held": sum(row.held[now.number - 1] for row in everybody),
        "expected": sum(expected),
        "silent": sum(row.is_silent for row in everybody),
        "missing": sum(row.missing for row in everybody),
        "without": sum(row.since is None for row in everybody),
    }
    return render(request, "guidance/follow_up/continuity.html", context)


@require_safe
def workload(request: PersonRequest, pk: int) -> HttpResponseBase:
    today = timezone.localdate()
    cohort = access.followed_cohort(request.user, pk, today=today)
    everybody = workloads_of(cohort, today=today)
    form, sort = WorkloadFilter(request.GET), request.GET.get("sorter", "")
    rows = form.filter(everybody, sort=sort)
    if export.is_asked_for(request):
        return export.workload(_about(_("Belastning i pulje %(number)s"), cohort), rows, cohort=cohort)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "withdrawn": withdrawn_from(cohort),
        "form": form,
        "sort": sort,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "over": sum(row.is_over for row in everybody),
    }
    return render(request, "guidance/follow_up/workload.html", context)


@require_safe
def content(request: PersonRequest, pk: int) -> HttpResponseBase:
    cohort = access.followed_cohort(request.user, pk, today=timezone.localdate())
    found = content_of(cohort)
    own = GuidanceSettings.objects.of(cohort).themes
    fixed = dict(GuidanceSession.Theme.choices)
    used = {theme for one in found for theme in one.themes}
    themes = [*fixed, *own, *sorted(used - {*fixed, *own})]
    by_theme = [(fixed.get(theme, theme), [one.themes[theme] for one in found]) for theme in themes]
    if export.is_asked_for(request):
        return export.content(_about(_("Temaer i pulje %(number)s"), cohort), found, by_theme, cohort=cohort)
    context = {
        "cohort": cohort,
        "withdrawn": withdrawn_from(cohort),
        "found": found,
        "any": any(one.sessions for one in found),
        "hours": [one.minutes / 60 for one in found],
        "formats": [(label, [one.formats[value] for one in found]) for value, label in GuidanceSession.Format.choices],
        "themes": by_theme,
        "sub_goals": [(label, [one.sub_goals[number] for one in found]) for number, label in SUB_GOALS],
    }
    return render(request, "guidance/follow_up/content.html", context)


def _about(title: str, cohort: Cohort) -> About:
    return About(title % {"number": cohort.number}, timezone.now(), cohort=str(cohort))
