from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from gatherings.models import Registration


@require_safe
def registration(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Registration.objects.visible_to(request.user).select_related(
            "gathering__cohort", "participation__municipality", "unit", "user"
        ),
        pk=pk,
    )
    return render(request, "gatherings/registration.html", {"registration": found, "gathering": found.gathering})
