from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict:
    return {"demo": settings.DEMO, "support_email": settings.SUPPORT_EMAIL}
