from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from gatherings import access
from gatherings.day.attendance import AttendanceRow, at_the_door, attendance_rows, mark_arrival, shown_day, undo_arrival
from gatherings.day.turnout import turnout_of
from gatherings.models import Gathering, Registration
from parts.forms import number_from

PAGE_SIZE = 60


@never_cache
@require_http_methods(["GET", "POST"])
def attendance(request: PersonRequest, pk: int) -> HttpResponse:
    """The list at the  It is opened on a phone, in a hall where the network comes and goes."""
    gathering, now = get_object_or_404(access.run_by(request.user), pk=pk), timezone.now()
    today = timezone.localdate(now)
    day = shown_day(gathering.days, asked=request.GET.get("dag", ""), today=today)
    if request.method == "POST" and day:
        return _mark(request, gathering, day=day, now=now)
    search = request.GET.get("sok", "").strip()[:100]
    everybody = attendance_rows(gathering, day=day) if day else []
    page = Paginator(at_the_door(everybody, search=search), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "gathering": gathering,
        "day": day,
        "search": search,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "may_mark": day is not None and day <= today,
        **_counts(everybody),
    }
    return render(request, "gatherings/attendance.html", context)


def _counts(everybody: list[AttendanceRow]) -> dict[str, int]:
    return {
        "arrived": sum(row.arrival is not None for row in everybody),
        "missing": sum(row.due and row.arrival is None for row in everybody),
    }


def _mark(request: PersonRequest, gathering: Gathering, *, day: date, now: datetime) -> HttpResponse:
    """One tap. A script gets the row as it is now; without one, the page again, at the same person."""
    undo = "angre" in request.POST
    if not undo and "mott" not in request.POST:
        return redirect(request.get_full_path())  # Enter in a browser that presses no button
    key = request.POST.get("angre" if undo else "mott", "")
    registration = get_object_or_404(
        gathering.registrations.select_related("unit", "participation__municipality__county"),
        pk=number_from(key),
    )
    registration.gathering = gathering
    error = ""
    try:
        if undo:
            undo_arrival(registration, day=day)
        else:
            mark_arrival(registration, day=day, by=request.user, now=now, today=timezone.localdate(now))
    except ValidationError as refused:
        error = " ".join(refused.messages)
    if request.headers.get("X-Requested-With") == "fetch":
        return _row(request, registration, day=day, error=error)
    if error:
        messages.error(request, error)
    return redirect(f"{request.get_full_path()}#p{registration.pk}")


def _row(request: PersonRequest, registration: Registration, *, day: date, error: str) -> HttpResponse:
    everybody = attendance_rows(registration.gathering, day=day)
    row = next((row for row in everybody if row.registration == registration), None)
    context = {"row": row, "error": error, "may_mark": True, **_counts(everybody)}
    return render(request, "gatherings/attendance_marked.html", context, status=409 if error else 200)


@require_safe
def by_function(request: PersonRequest, pk: int) -> HttpResponse:
    gathering = get_object_or_404(access.run_by(request.user), pk=pk)
    context = {"gathering": gathering, "turnout": turnout_of(gathering)}
    return render(request, "gatherings/by_function.html", context)
