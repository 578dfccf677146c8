from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from gatherings.models import Gathering, Registration


@require_safe
def gathering(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Gathering.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    registrations = (
        Registration.objects.visible_to(request.user)
        .filter(gathering=found)
        .select_related("unit", "participation__municipality")
    )
    context = {
        "gathering": found,
        "registrations": list(registrations[:300]),
        "open": found.is_open(today=timezone.localdate()),
    }
    return render(request, "gatherings/gathering.html", context)
