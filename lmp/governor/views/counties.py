"""The page of the counties that an office serves."""

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from guidance.follow_up.export import is_asked_for
from lmp.governor import access, export
from lmp.governor.followed import by_cohort, followed
from lmp.governor.forms import FollowedFilter
from parts.names import joined

PAGE_SIZE = 50


@require_safe
def counties(request: PersonRequest) -> HttpResponseBase:
    today = timezone.localdate()
    offices = access.offices(request.user)
    everybody = followed(offices, today=today)
    form, sort = FollowedFilter(request.GET, rows=everybody), request.GET.get("sorter", "")
    rows = form.chosen(sort=sort)
    if is_asked_for(request):
        return export.counties(rows, place=joined(office.name for office in offices))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "offices": offices,
        "cohorts": by_cohort(everybody),
        "form": form,
        "sort": sort,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "governor/counties.html", context)
