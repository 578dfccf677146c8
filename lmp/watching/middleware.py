"""The three addresses for whoever watches the portal, answered before anything else is asked of a request.

So they work by any host name and without TLS, from a container's own health check; they open no session, and say
nothing of anybody.
"""

import ipaddress
import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST

from lmp.watching import figures, health

Handler = Callable[[HttpRequest], HttpResponse]


class WatchMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.own: dict[str, Handler] = {"/livez": livez, "/healthz": healthz, "/metrics": metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if view := self.own.get(request.path_info):
            response = view(request)
            response["Cache-Control"] = "no-store"
            return response
        begun = time.perf_counter()
        response = self.get_response(request)
        page = request.resolver_match.view_name if request.resolver_match else "none"
        figures.answered.labels(page=page, status=response.status_code).inc()
        figures.seconds.observe(time.perf_counter() - begun)
        return response


def livez(request: HttpRequest) -> HttpResponse:
    """Whether this process answers. Open to everybody, and asks nothing of the database: it is no reason to kill us."""
    return HttpResponse("ok\n", content_type="text/plain")


def healthz(request: HttpRequest) -> HttpResponse:
    if not may_watch(request):
        return HttpResponseNotFound()
    findings = health.look(timezone.now())
    is_well = all(finding.is_well for finding in findings.values())
    checks = {name: {"ok": finding.is_well, "told": finding.told} for name, finding in findings.items()}
    response = JsonResponse({"ok": is_well, "checks": checks}, status=200 if is_well else 503)
    vars(response)["_has_been_logged"] = True  # else Django tells ADMINS of an error each time that a monitor asks
    return response


def metrics(request: HttpRequest) -> HttpResponse:
    if not may_watch(request):
        return HttpResponseNotFound()
    return HttpResponse(figures.text(), content_type=CONTENT_TYPE_LATEST)


def may_watch(request: HttpRequest) -> bool:
    """Whoever has the token, or asks from one of the addresses. With neither set, nobody."""
    token = settings.MONITORING_TOKEN
    if token and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return True
    return bool(settings.MONITORING_ADDRESSES) and _is_near(request)


def _is_near(request: HttpRequest) -> bool:
    if "X-Forwarded-For" in request.headers and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return False  # through a proxy that the settings do not know: its own address says nothing
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (ValueError, PermissionDenied):
        return False
    return any(address in ipaddress.ip_network(network) for network in settings.MONITORING_ADDRESSES)
