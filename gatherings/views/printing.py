from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from gatherings import access
from gatherings.day import attendance, badges


@require_safe
def badge_sheet(request: PersonRequest, pk: int) -> HttpResponse:
    gathering = get_object_or_404(access.run_by(request.user), pk=pk)
    return _pdf(badges.badges(gathering, now=timezone.now()), name="navneskilt.pdf")


@require_safe
def attendance_list(request: PersonRequest, pk: int) -> HttpResponse:
    """For the day asked for; without one, the same day as the page of attendance opens on."""
    gathering, now = get_object_or_404(access.run_by(request.user), pk=pk), timezone.now()
    asked = request.GET.get("dag", "")
    day = attendance.shown_day(gathering.days, asked=asked, today=timezone.localdate(now))
    if day is None:
        raise Http404
    return _pdf(badges.attendance_list(gathering, day=day, now=now), name=f"oppmoteliste-{day.isoformat()}.pdf")


def _pdf(content: bytes, *, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
