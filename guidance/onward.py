"""Where a form leads when it is done, and what the next page then says."""

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect

from accounts.requests import PersonRequest


def go(request: PersonRequest, address: str) -> HttpResponse:
    """A script that sends the form asks where to go on, for it can't tell where a redirect leads."""
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"to": address})
    return redirect(address)


def say(request: PersonRequest, text: str, *, level: int = messages.SUCCESS) -> None:
    """Say it on the next page: once, also when the answer was lost and the form was sent again."""
    waiting = messages.get_messages(request)
    is_said = text in [str(message) for message in waiting]
    if isinstance(waiting, BaseStorage):
        waiting.used = False  # looked at, and still to be shown
    if not is_said:
        messages.add_message(request, level, text)
