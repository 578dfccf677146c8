"""The pages about the portal itself, open to everybody."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from lmp.outward.stored import STORED
from lmp.privacy.kinds import SUBJECTS
from parts.logs.reporting import is_reported


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"subjects": SUBJECTS})


@login_not_required
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    names = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "language_cookie": settings.LANGUAGE_COOKIE_NAME,
        "known_cookie": settings.KNOWN_BROWSER_COOKIE_NAME,
        "stored": STORED,
        "session_days": settings.SESSION_COOKIE_AGE // (24 * 60 * 60),
    }
    return render(request, "pages/cookies.html", names)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without the request: what failed may be what every other page is drawn with."""
    told = {"is_reported": is_reported(), "support_email": settings.SUPPORT_EMAIL}
    return HttpResponse(render_to_string("500.html", told), status=500)


def bad_request(request: HttpRequest) -> HttpResponse:
    """What can't be read is not handed on: neither its person nor its language is asked for."""
    return HttpResponse(render_to_string("400.html", {"support_email": settings.SUPPORT_EMAIL}), status=400)
