"""A project leader, or one of the staff, hands over to somebody else."""

from functools import partial

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest
from guidance import access
from guidance.models import ProjectLeader
from lmp.changes.succession import appointing
from lmp.changes.succession.forms import AppointForm
from lmp.changes.succession.views.contact import said, succession_page
from parts.forms import BACK, is_asked, say


@require_http_methods(["GET", "POST"])
def leader(request: PersonRequest, pk: int) -> HttpResponse:
    """By the project leaders, and the staff."""
    today = timezone.localdate()
    if not access.leads_guidance(request.user, today=today):
        raise Http404
    current = ProjectLeader.objects.current(today=today).select_related("user")
    return _replace(request, get_object_or_404(current, pk=pk))


@require_http_methods(["GET", "POST"])
def staff(request: PersonRequest, pk: int) -> HttpResponse:
    """By superusers, who alone decide who is staff."""
    if not request.user.is_superuser:
        raise Http404
    return _replace(request, get_object_or_404(User, is_staff=True, is_active=True, pk=pk))


def _replace(request: PersonRequest, person: ProjectLeader | User) -> HttpResponse:
    now = timezone.now()
    own = request.user in (person, getattr(person, "user", None))
    form = AppointForm(request.POST or None, held=appointing.holdings(person), today=timezone.localdate(now))
    if form.is_bound and form.is_valid() and BACK not in request.POST:
        act = partial(appointing.agree, person, **form.facts, by=request.user, now=now)
        try:
            if is_asked(request):
                return succession_page(request, str(person), own=own, act=act, now=now)
            done = act()
        except ValidationError as error:
            form.add_error("email" if error.code == "same" else None, error)
        else:
            say(request, said(done, reader=request.user))
            return redirect("home")
    context = {
        "person": person,
        "own": own,
        "form": form,
        "shared": appointing.shared(person),
        "coming": person.successions.coming().in_words().first(),
    }
    status = 422 if form.is_bound and BACK not in request.POST else 200
    return render(request, "changes/appoint.html", context, status=status)
