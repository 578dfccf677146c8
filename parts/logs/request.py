"""The request that a line in the log is about, and the line about each request."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from celery import current_task
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current_id() -> str:
    """Return the id of the request that is answered now, or of the task that runs."""
    return _current.get() or (current_task.request.id or "" if current_task else "")


class RequestLogMiddleware:
    """Gives each request an id, the proxy's own when it sent one, and tells in a line what became of it.

    The line has the pattern of the address, never the address: that may hold a key or what somebody typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _SANE.fullmatch(given) else uuid.uuid4().hex
        token = _current.set(request_id)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = request_id
            match = request.resolver_match
            logger.info(
                "%s %s %s %.0f ms",
                request.method,
                f"/{match.route}" if match else "(no page)",
                response.status_code,
                (time.perf_counter() - begun) * 1000,
            )
            return response
        finally:
            _current.reset(token)
