"""The calendar entry of one gathering as a file, for a calendar that reads no mail."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from gatherings.mails import calendar_entries
from gatherings.models import Registration
from parts.forms import say


def is_there(registration: Registration, *, today: date) -> bool:
    """Whether the gathering has a day, is to come, and the person has a place at it."""
    gathering = registration.gathering
    placed = registration.state == Registration.State.PLACED
    return placed and gathering.is_settled and bool(gathering.days) and not gathering.is_past(today=today)


@require_http_methods(["GET", "POST"])
def still_coming(request: PersonRequest, pk: int) -> HttpResponse:
    """The person comes, whatever their calendar has said. The registration's own page asks: a link leads there."""
    own = Registration.objects.filter(user=request.user)
    found = get_object_or_404(own, pk=pk)
    if request.method == "POST" and own.filter(pk=pk).update(calendar_declined_at=None):
        say(request, _("Du er fortsatt påmeldt."))
    return redirect(found)


@never_cache
@require_safe
def calendar_entry(request: PersonRequest, pk: int) -> HttpResponse:
    """The person's own, the same as went with the mail: a calendar keeps one, whichever it read last."""
    own = Registration.objects.active().filter(user=request.user)
    related = ("gathering__cohort", "participation__municipality__county", "participation__cohort", "unit", "user")
    found = get_object_or_404(own.select_related(*related), pk=pk)
    if not is_there(found, today=timezone.localdate()):
        raise Http404
    file = calendar_entries.invitation(found, language=found.language, now=timezone.now())
    return HttpResponse(
        file.content,
        content_type=file.content_type,
        headers={"Content-Disposition": 'attachment; filename="samling.ics"'},
    )
