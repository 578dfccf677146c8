"""The help, open to everybody: how one signs in is what one needs before it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from lmp.help import shelf
from lmp.help.guides import Guide


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The person's own pages first."""
    own: list[Guide] = []
    if isinstance(request.user, User):
        own = shelf.own(request.user, today=timezone.localdate())
    others = [guide for guide in shelf.OPEN if guide not in (*own, shelf.SIGN_IN)]
    return render(request, "help/index.html", {"own": own, "others": others, "sign_in": shelf.SIGN_IN})


@login_not_required
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    guide = shelf.GUIDES.get(key)
    is_staff = isinstance(request.user, User) and request.user.is_staff
    if guide is None or (guide in shelf.STAFF and not is_staff):
        raise Http404
    return render(request, "help/page.html", {"guide": guide, "siblings": shelf.STAFF if guide in shelf.STAFF else ()})
