"""The three things a valid form of this room leads to: what it would do, that it is done, or the form once more."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from outbox.effects import Section, effects_page
from parts.forms import is_asked, is_confirmed, say

T = TypeVar("T")


def settle(
    request: HttpRequest,
    act: Callable[[], T],
    *,
    title: str,
    sections: Callable[[T], Sequence[Section]],
    done: str,
    back: Callable[[], str],
    now: datetime,
) -> HttpResponse | None:
    """Show what `act` would do, or do it, say `done` and go back. None when the form is to be shown again.

    What somebody else has done meanwhile (ValidationError from `act`) is said where the form leads back to.
    """
    try:
        if is_confirmed(request):
            act()
            say(request, done)
            return redirect(back())
        if is_asked(request):
            return effects_page(request, title=title, act=act, sections=sections, now=now, button=title)
    except ValidationError as error:
        say(request, " ".join(error.messages), level=messages.WARNING)
        return redirect(back())
    return None
