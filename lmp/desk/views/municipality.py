"""Staff's pages of a municipality: the mails of those who belong to it, and who changed what."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from gatherings.models import Registration
from lmp.desk.trail import trail
from outbox import plan
from outbox.models import Message
from participants.mails.scopes import of_participation
from participants.models import Contact, Participation

AHEAD = timedelta(days=90)
PAGE_SIZE = 50


def _found(request: PersonRequest, pk: int) -> Participation:
    if not request.user.is_staff:
        raise Http404
    return get_object_or_404(Participation.objects.select_related("municipality__county", "cohort"), pk=pk)


@require_safe
def mails(request: PersonRequest, pk: int) -> HttpResponse:
    """What went and will go to those with a function in the municipality, or a registration for it."""
    participation, now = _found(request, pk), timezone.now()
    people = set(Contact.objects.filter(participation=participation).values_list("user", flat=True))
    people |= set(Registration.objects.filter(participation=participation).values_list("user", flat=True))
    page = Paginator(_sent(people), PAGE_SIZE).get_page(request.GET.get("page"))
    going, left_out = plan.with_left_out(now, now + AHEAD)
    context = {
        "participation": participation,
        "coming": [mail for mail in going if mail.recipient.pk in people],
        "left_out": [each for each in left_out if of_participation(pk) in each.mail.scope],
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "sent": [(message, message.state_at(now).label) for message in page],
    }
    return render(request, "desk/municipality_mails.html", context)


def _sent(people: set[int]) -> QuerySet[Message]:
    theirs = Message.objects.filter(Q(recipient__in=people) | Q(further__person__in=people)).distinct()
    return theirs.defer("body", "html").prefetch_related("further").order_by("-created_at", "-pk")


@require_safe
def history(request: PersonRequest, pk: int) -> HttpResponse:
    participation = _found(request, pk)
    page = Paginator(trail(participation), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "participation": participation,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "desk/municipality_history.html", context)
