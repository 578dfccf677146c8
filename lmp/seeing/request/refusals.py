"""What is shown instead: of what was sent, and of a page that isn't shown. In the staff member's own language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from accounts.middleware import page_before
from lmp.seeing.request.current import Current


def refused(request: HttpRequest, seeing: Current, *, kept: bool) -> HttpResponse:
    """Nothing is sent. `kept`: it came from a page of the staff member's own, and waits there."""
    context = {"person": seeing.viewing.person, "kept": kept, "back": page_before(request)}
    with translation.override(seeing.own_language):
        return render(request, "seeing/refused.html", context, status=403)


def hidden(request: HttpRequest, seeing: Current, *, why: str) -> HttpResponse:
    with translation.override(seeing.own_language):
        context = {"person": seeing.viewing.person, "why": why, "back": page_before(request)}
        return render(request, "seeing/hidden.html", context, status=403)


def too_late(request: HttpRequest) -> HttpResponse:
    """A form of a page that was shown before it ended: it would be sent by the staff member themselves."""
    return render(request, "seeing/too_late.html", {"back": page_before(request)}, status=403)
