from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from gatherings.answers_for import answering
from gatherings.models import Gathering, Registration


@require_safe
def gathering(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Gathering.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    today = timezone.localdate()
    functions = dict(Gathering.AUDIENCE)
    context = {
        "gathering": found,
        "sent": "sendt" in request.GET,
        "open": found.is_open(today=today),
        "not_yet": bool(found.is_settled and found.opens_on and found.opens_on > today),
        "may_register": bool(answering(request.user, found, today=today).places),
        "audience": [str(functions[function]) for function in found.audience if function in functions],
        "documents": list(found.documents.defer("content")),
        "registrations": _mine(request, found),
    }
    return render(request, "gatherings/gathering.html", context)


def _mine(request: PersonRequest, found: Gathering) -> list[Registration]:
    """Those that this person answers for. Staff have their own list, with all of them."""
    if request.user.is_staff:
        return []
    return list(
        Registration.objects.visible_to(request.user)
        .filter(gathering=found)
        .select_related("unit", "participation__municipality")
        .order_by("participation__municipality__name", "unit__name", "name", "pk")
    )
