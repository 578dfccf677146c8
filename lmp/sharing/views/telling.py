"""Who has read it, and telling them that it is there."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from lmp.sharing import access, reading, telling
from lmp.sharing.forms import ReadersFilter
from lmp.sharing.models import Announcement
from lmp.sharing.views.reading import counted, parents
from parts.forms import say

PAGE_SIZE = 50


@require_safe
def readers(request: PersonRequest, pk: int) -> HttpResponse:
    if not request.user.is_staff:
        raise Http404
    today = timezone.localdate()
    found = access.publication(request.user, pk, today=today)
    everybody = reading.readers(found, today=today)
    form = ReadersFilter(request.GET)
    page = Paginator(form.filter(everybody), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "publication": found,
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "labels": dict(reading.STATES),
        "counts": counted(everybody),
        "files": found.files.kept().count(),
        "may_remind": access.may_share(request.user) and found.is_shown(today=today),
        "narrowed": bool(request.GET),
        "parents": parents(found),
    }
    return render(request, "sharing/readers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: PersonRequest, pk: int) -> HttpResponse:
    """Leads on to the mail as each will get it: nothing goes from here."""
    found = access.shared(request.user, pk)
    if request.method != "POST":
        return redirect(found)
    reason = request.POST.get("reason", "")
    if reason not in Announcement.Reason.values:
        reason = Announcement.Reason.NEWS
    try:
        writing = telling.draft(found, reason=reason, by=request.user, now=timezone.now())
    except ValidationError as error:
        say(request, error.messages[0], level=messages.INFO)
        return redirect(found)
    return redirect("writing:preview", writing.pk)
