"""One rule for what staff may, in the administration and on the portal's own pages: the rights of their group."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.defaults import permission_denied

from lmp.colleagues.pages import NEEDED, is_own


class StaffRightsMiddleware:
    """Staff without the right to what a page shows, or does, get the administration's answer: 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not (user.is_authenticated and user.is_staff) or user.is_superuser:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if is_own(name):
            return None
        needs = NEEDED.get(name)
        acts = request.method not in ("GET", "HEAD", "OPTIONS")
        if needs is None or not user.has_perms(needs.permissions(acts=acts)):
            return permission_denied(request, PermissionDenied())  # raised, it would be logged with all its way
        return None
