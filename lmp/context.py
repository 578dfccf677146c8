from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from lmp.seeing.request.current import TOKEN

BOKMAL, NYNORSK = "https://uustatus.no/nb/", "https://uustatus.no/nn/"


def site(request: HttpRequest) -> dict:
    found = {
        "demo": settings.DEMO,
        "support_email": settings.SUPPORT_EMAIL,
        "statement_url": _statement(),
        "has_logo": bool(settings.LOGO_FILE),
    }
    # Comes after Django's own: a form that is shown to somebody who only looks has no token that holds.
    return found | {"csrf_token": TOKEN} if getattr(request, "seeing", None) else found


def _statement() -> str:
    """The published statement of accessibility: one page, which uustatus.no shows in both languages."""
    address: str = settings.ACCESSIBILITY_STATEMENT_URL
    if get_language() == "nn" and address.startswith(BOKMAL):
        return NYNORSK + address.removeprefix(BOKMAL)
    return address
