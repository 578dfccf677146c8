"""The page between a form and its saving, for every change that others feel: what it does, and to whom."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from outbox.effects import effects
from parts.forms import BACK, CONFIRMED, carried

T = TypeVar("T")
# What moves, what ends, what is restored: a heading, and a line for each.
Section = tuple[str, Sequence[str]]


def is_asked(request: HttpRequest) -> bool:
    """Whether a valid form is to be shown with what it does, and neither saved nor gone back to."""
    return request.method == "POST" and not {CONFIRMED, BACK} & request.POST.keys()


def is_confirmed(request: HttpRequest) -> bool:
    return request.method == "POST" and CONFIRMED in request.POST


def effects_page(
    request: HttpRequest,
    *,
    title: str,
    act: Callable[[], T],
    sections: Callable[[T], Sequence[Section]],
    now: datetime,
    button: str = "",
    scope: str = "",
    breadcrumbs: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Show what `act` would do, found by doing it and taking it back. It carries the form on, to be sent once more.

    `act` does the whole change with `now` as its moment; `sections` tells of what it returned. ValidationError from
    `act` is the caller's to show.
    """
    result, mails = effects(act, now=now, scope=scope)
    context = {
        "title": title,
        "sections": [(heading, lines) for heading, lines in sections(result) if lines],
        "mails": mails,
        "now": now,
        "carried": carried(request.POST),
        "button": button or _("Lagre endringen"),
        "parents": breadcrumbs,
    }
    return render(request, "changes/effects.html", context)
