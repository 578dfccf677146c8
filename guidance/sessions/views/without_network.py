"""What a supervisor opens where there is no network: the forms of their own logs, and the page that leads to them.

The device keeps them (static/js/logs-without-network.js), and the service worker shows them.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from guidance.sessions.views.supervisor import cards, memberships

AHEAD = timedelta(days=14)  # of a session that is planned: its form is on the device before it is held
MISSING = 5  # logs of one municipality, the newest


@never_cache
@require_safe
def logs(request: PersonRequest) -> HttpResponse:
    """The logs that this person may have to write: of each municipality, and of each session that lacks one."""
    today = timezone.localdate()
    found = list(cards(list(memberships(request.user, today=today)), request.user, today=today))
    rows = []
    for card in found:
        coming = [session for session in card.coming if session.held_on <= today + AHEAD]
        rows.append((card.member.group.participation, [*card.missing[-MISSING:], *coming]))
    return render(request, "guidance/sessions/logs.html", {"rows": rows, "today": today})


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It holds nothing of anybody, and a browser asks for it also when nobody is signed in."""
    context = {"static": settings.STATIC_URL}
    response = render(request, "guidance/sessions/worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
