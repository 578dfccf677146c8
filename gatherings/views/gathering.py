from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from gatherings import places
from gatherings.day import evaluation
from gatherings.models import Answered, Attendance, Gathering, Registration
from gatherings.registration import late_requests, nobody, what_next
from gatherings.registration.registrar import registrar_for

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class EvaluationFacts(TypedDict):
        came: bool
        has_answered: bool

    WithEvaluation = WithAnnotations[Registration, EvaluationFacts]


@require_safe
def gathering(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Gathering.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    now = timezone.now()
    today = timezone.localdate(now)
    functions = dict(Gathering.AUDIENCE)
    registrations = _mine(request, found)
    active = [registration for registration in registrations if registration.is_active]
    mine = registrar_for(request.user, found, today=today)
    may_register, open_now = bool(mine.places), found.is_open(today=today)
    context = {
        "gathering": found,
        "open": open_now,
        "full": open_now and may_register and places.is_full(found),
        "may_say_nobody": may_register and not mine.only_self and nobody.may_be_answered(found, now=now),
        "answers": [] if request.user.is_staff else nobody.answers_to(found, request.user, today=today),
        "not_yet": bool(found.is_settled and found.opens_on and found.opens_on > today),
        "may_register": may_register,
        "audience": [str(functions[function]) for function in found.audience if function in functions],
        "documents": list(found.documents.defer("content")),
        "registrations": registrations,
        "steps": _steps(found, active, now=now) if may_register else [],
        "only_waits": bool(active) and not _has_place(active),
        "may_ask": may_register and late_requests.may_be_asked(found, now=now),
        "evaluates": evaluation.is_open(found, today=today) and any(_is_asked(request, each) for each in registrations),
    }
    return render(request, "gatherings/gathering.html", context)


def _mine(request: PersonRequest, found: Gathering) -> "list[WithEvaluation]":
    """The registrations this person answers for. Staff have their own list, with all of them."""
    if request.user.is_staff:
        return []
    rows: QuerySet[Registration] = (
        Registration.objects.visible_to(request.user)
        .filter(gathering=found)
        .with_places()
        .with_dead_addresses(to=request.user)
        .order_by("participation__municipality__name", "unit__name", "name", "pk")
    )
    return list(
        rows.annotate(
            came=Exists(Attendance.objects.filter(registration=OuterRef("pk"))),
            has_answered=Exists(Answered.objects.filter(gathering=OuterRef("gathering"), user=OuterRef("user"))),
        )
    )


def _has_place(active: "list[WithEvaluation]") -> bool:
    return any(registration.state == Registration.State.PLACED for registration in active)


def _steps(found: Gathering, active: "list[WithEvaluation]", *, now: datetime) -> list[str]:
    """For those who have registered somebody. What only who has a place is to do, is not said to others."""
    if not active:
        return []
    if _has_place(active):
        return what_next.steps(found, now=now)
    active[0].gathering = found
    return what_next.steps(found, now=now, registration=active[0])


def _is_asked(request: PersonRequest, registration: "WithEvaluation") -> bool:
    """Whether this is the person's own, they were there, and they have not said what they think."""
    own = registration.user_id == request.user.pk
    return own and registration.came and not registration.has_answered
