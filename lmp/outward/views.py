"""What the portal shows of who owns it, and tells machines that ask: open to everybody, and no page of anybody's."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lmp.outward import drawings

# How far ahead security.txt expires. It is written anew each day from the settings in force, so it lapses only where
# a copy of it is kept (RFC 9116, 2.5.5: less than a year).
VALID_DAYS = 180
OWN_MARK = settings.BASE_DIR / "static/img/icon.svg"  # the service's, where the owner's symbol is not to be had


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def logo(request: HttpRequest, which: str) -> HttpResponse:
    """The owner's own drawing, or for its symbol the service's."""
    file = {"symbol": settings.LOGO_SYMBOL_FILE or OWN_MARK, "logo": settings.LOGO_FILE}.get(which)
    if not file:
        raise Http404
    return HttpResponse(drawings.as_svg(file), content_type="image/svg+xml")


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    last_day = timezone.localdate() + timedelta(days=VALID_DAYS)
    expires = timezone.make_aware(datetime.combine(last_day, time()))
    contact = settings.SECURITY_CONTACT or f"mailto:{settings.SUPPORT_EMAIL}"
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: nb, nn, en",
        f"Canonical: {settings.SITE_URL.rstrip('/')}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
