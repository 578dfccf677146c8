"""What has been written: all of it, and one with whom it went to and what became of each mail."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from lmp.writing import access, composing
from lmp.writing.forms import ListFilter, OutcomeFilter
from lmp.writing.models import Recipient, Writing
from outbox.models import Message
from parts import names

PAGE_SIZE = 50


@require_safe
def writings(request: PersonRequest) -> HttpResponse:
    """Those that are sent, and one's own drafts."""
    drafts = access.drafts(request.user).annotate(people=Count("recipients")).order_by("-changed_at", "-pk")
    form = ListFilter(request.GET)
    counted = (
        Writing.objects.sent()
        .select_related("written_by")
        .annotate(
            people=Count("recipients"),
            left_out=Count("recipients", filter=Q(recipients__in=Recipient.objects.left_out())),
        )
    )
    page = Paginator(form.filter(counted).order_by("-ordered_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "drafts": drafts[:PAGE_SIZE],
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "writing/list.html", context)


@require_safe
def sent(request: PersonRequest, pk: int) -> HttpResponse:
    """How far it has come, and the end of it. A script, or the reader, loads it again until everybody is done."""
    writing, now = get_object_or_404(access.readable(request.user), pk=pk), timezone.now()
    if writing.ordered_at is None:
        return redirect("writing:write", writing.pk)
    everybody = Recipient.objects.filter(writing=writing)
    form = OutcomeFilter(request.GET)
    found = (
        composing.with_facts(form.filter(everybody, now=now))
        .select_related("message")
        .prefetch_related("message__resends")
        .defer("message__body", "message__html")
    )
    page = Paginator(found.order_by("person__name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "writing": writing,
        "wordings": _wordings(writing),
        "form": form,
        **everybody.counted(),
        "rows": [_row(recipient, now=now) for recipient in page.object_list],
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "parents": [(_("Skriv til"), reverse("writing:list"))],
    }
    return render(request, "writing/sent.html", context)


def _wordings(writing: Writing) -> list[tuple[str, str, str]]:
    """(language, subject, text) of what was written, where it was."""
    if writing.is_reminder:
        return []
    found = [(language, *writing.wording(language)) for language in ("nb", "nn")]
    return [each for each in found if each[2]]


def _newest(message: Message) -> Message:
    """One that did not arrive may have been sent again."""
    return next(iter(message.resends.all()), message)


def _row(recipient: Recipient, *, now: datetime) -> dict[str, Any]:
    participations = recipient.participations.all()
    return {
        "recipient": recipient,
        "places": names.joined(dict.fromkeys(each.municipality.name_told_apart for each in participations)),
        "state": _newest(recipient.message).state_at(now).label if recipient.message else "",
        "why": recipient.why_left_out or (recipient.message.why if recipient.message else "–"),
    }
