from django.conf import settings
from django.http import HttpRequest

from lmp.seeing.request.current import TOKEN


def site(request: HttpRequest) -> dict:
    found = {"demo": settings.DEMO, "support_email": settings.SUPPORT_EMAIL}
    # Comes after Django's own: a form that is shown to somebody who only looks has no token that holds.
    return found | {"csrf_token": TOKEN} if getattr(request, "seeing", None) else found
