"""The person's own mails: which come and why, which have gone, and what each said."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from io import BytesIO

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from lmp.changes.people.person_page import why_silent
from outbox import plan
from outbox.models import Message
from outbox.plan import Planned

# How far ahead one is told what comes: a school year and the summer before it.
AHEAD = timedelta(days=365)
PAGE_SIZE = 25
# An old entry would take the place of a newer one in a calendar: the registration's page has today's.
CALENDAR = "text/calendar"


@never_cache
@require_safe
def own_mails(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    sent = Message.objects.to_person(request.user).defer("body", "html").order_by("-created_at", "-pk")
    page = Paginator(sent, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "coming": _by_matter(
            mail for mail in plan.everything(now, now + AHEAD) if mail.recipient.pk == request.user.pk
        ),
        "successors": [each.words for each in plan.coming_successors() if each.is_of(request.user.pk)],
        "silent": why_silent(request.user),
        "sent": [(message, message.state_at(now).label) for message in page.object_list],
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "overview/own_mails.html", context)


def _by_matter(mails: Iterable[Planned]) -> list[list[Planned]]:
    """Those that say the same about the same thing together, by the first of each."""
    found: dict[tuple[str, str], list[Planned]] = defaultdict(list)
    for mail in mails:
        found[mail.text.name, mail.why].append(mail)
    return list(found.values())


@never_cache
@require_safe
def own_mail(request: PersonRequest, pk: int) -> HttpResponse:
    """As it was written. A code is not shown, whether it has been used or not."""
    mail = get_object_or_404(Message.objects.to_person(request.user), pk=pk)
    context = {
        "mail": mail,
        "state": mail.state_at(timezone.now()).label,
        "text": "" if mail.secret else mail.body,
        "files": [] if mail.secret else list(mail.attachments.defer("content")),
        "calendar": CALENDAR,
        "parents": [(_("E-poster til deg"), reverse("overview:own_mails"))],
    }
    return render(request, "overview/own_mail.html", context)


@never_cache
@require_safe
def own_file(request: PersonRequest, pk: int, file: int) -> FileResponse:
    mail = get_object_or_404(Message.objects.to_person(request.user).filter(secret=False), pk=pk)
    found = get_object_or_404(mail.attachments.exclude(content_type__startswith=CALENDAR), pk=file)
    # Never shown in the browser: its content type is only what the sender claimed.
    content = BytesIO(found.content)
    return FileResponse(content, as_attachment=True, filename=found.name, content_type="application/octet-stream")
