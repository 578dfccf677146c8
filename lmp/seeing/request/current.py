"""Whether the one who asks sees as somebody else now, as their session says, and the end of it when they may not."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from accounts.authentication import second_factor
from lmp.seeing.models import Viewing

KEY, LAST = "seeing", "seen_last"
# What the forms of such a page send as their token: they are never accepted, also when it is over.
TOKEN = "se-som"  # noqa: S105 – no secret: it says where the form was drawn


@dataclass(frozen=True)
class Current:
    """`language` is the seen person's place's, `own_language` the one that the staff member reads."""

    viewing: Viewing
    language: str
    own_language: str


def begin(request: HttpRequest, viewing: Viewing) -> None:
    request.session[KEY] = {
        "viewing": viewing.pk,
        "language": import_string(settings.PLACE_LANGUAGE)(viewing.person),
        "own_language": get_language() or settings.LANGUAGE_CODE,
    }
    request.session.pop(LAST, None)


def current(request: HttpRequest, *, now: datetime) -> Current | HttpResponseRedirect | None:
    """What goes on; a way to the page that says that it has ended; or None. One query while it goes on."""
    if KEY not in request.session or not request.user.is_authenticated:
        return None
    facts = request.session[KEY]
    mine = Viewing.objects.filter(pk=facts["viewing"], begun_by=request.user.pk).select_related("person", "begun_by")
    if second_factor.is_used(request):
        found = mine.going_on(now=now).allowed().first()
        if found:
            return Current(found, facts["language"], facts["own_language"])
    for lost in mine:
        lost.end(how=Viewing.End.ACCESS, now=now)
    leave(request)
    return redirect("seeing:viewing", facts["viewing"])


def leave(request: HttpRequest) -> int | None:
    """The browser is the staff member's own again. Return the key of what they saw last."""
    if KEY in request.session:
        request.session[LAST] = request.session.pop(KEY)["viewing"]
    return request.session.get(LAST)
