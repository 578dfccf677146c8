"""Staff's two pages: a municipality has withdrawn, and it is with us again."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest
from gatherings import withdrawal as at_gatherings
from guidance import withdrawal as in_guidance
from lmp.changes.withdrawal import change, wording
from lmp.changes.withdrawal.forms import ReturnForm, WithdrawForm
from lmp.changes.withdrawal.outcome import Ended, Resumed
from outbox.effects import effects_page
from participants.models import Participation
from parts.forms import BACK, is_asked, number_from, say


def decided_on_by(user: User) -> QuerySet[Participation]:
    """Those whose part in the project this person may register: all, for staff with that right. 404 for others."""
    if not (user.is_staff and user.has_perm("participants.change_participation")):
        raise Http404
    return Participation.objects.select_related("municipality__county", "cohort")


@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest) -> HttpResponse:
    """One municipality or several: `kommune` in the address names each."""
    keys = [number_from(key) or 0 for key in request.GET.getlist("kommune")]
    chosen = list(decided_on_by(request.user).filter(pk__in=keys).order_by("municipality__name", "pk"))
    leaving = [participation for participation in chosen if participation.withdrawn_at is None]
    gone = [participation for participation in chosen if participation.withdrawn_at]
    if not leaving:
        return _nobody_leaves(request, gone)
    form, now = WithdrawForm(request.POST or None), timezone.now()
    title = _("%(names)s har trukket seg") % {"names": wording.names_of(leaving)}
    if _is_sent(request) and form.is_valid():
        facts = {"decided_on": form.cleaned_data["day"], "reason": form.cleaned_data["reason"]}
        act = partial(change.withdraw, leaving, **facts, by=request.user, now=now)
        try:
            if is_asked(request):
                return effects_page(request, title=title, act=act, sections=wording.ended_sections, now=now)
            return _ended(request, act())
        except ValidationError as error:
            form.add_error(None, error)
    context = {"title": title, "form": form, "leaving": leaving, "gone": gone, "back": _page_of(chosen)}
    return render(request, "changes/withdraw.html", context, status=422 if form.errors else 200)


def _is_sent(request: PersonRequest) -> bool:
    return request.method == "POST" and BACK not in request.POST


def _page_of(participations: Sequence[Participation]) -> str:
    """The page of the only one, else the list in the administration."""
    if len(participations) == 1:
        return participations[0].get_absolute_url()
    return reverse("admin:participants_participation_changelist")


def _nobody_leaves(request: PersonRequest, gone: list[Participation]) -> HttpResponse:
    said = _("%(names)s har allerede trukket seg. Ingenting er endret.") % {"names": wording.names_of(gone)}
    say(request, said if gone else _("Velg minst én kommune."), level=messages.WARNING)
    return redirect(_page_of(gone))


def _ended(request: PersonRequest, ended: list[Ended]) -> HttpResponse:
    """What has happened, counted from what was stored."""
    for one in ended:
        signed_off, told = len(one.gatherings.registrations), len(one.told)
        counts = [
            ngettext("%(count)s påmelding er meldt av.", "%(count)s påmeldinger er meldt av.", signed_off),
            ngettext("%(count)s person har fått e-post om det.", "%(count)s personer har fått e-post om det.", told),
        ]
        said = [text % {"count": count} for text, count in zip(counts, (signed_off, told), strict=True) if count]
        first = _("Det er registrert at %(name)s har trukket seg.") % {
            "name": one.withdrawal.participation.municipality
        }
        say(request, " ".join([first, *said]))
    return redirect(_page_of([one.withdrawal.participation for one in ended]))


@require_http_methods(["GET", "POST"])
def come_back(request: PersonRequest, pk: int) -> HttpResponse:
    participation = get_object_or_404(decided_on_by(request.user), pk=pk)
    over, now = participation.withdrawal, timezone.now()
    if over is None:
        said = _("%(name)s er med i prosjektet. Ingenting er endret.") % {"name": participation.municipality}
        say(request, said, level=messages.WARNING)
        return redirect(participation)
    form = _return_form(request, participation, now=now)
    title = _("%(name)s er med igjen") % {"name": participation.municipality}
    if _is_sent(request) and form.is_valid():
        act = partial(change.come_back, participation, **form.facts, by=request.user, now=now)
        sections = partial(wording.resumed_sections, could_come=form.could_come)
        try:
            if is_asked(request):
                return effects_page(request, title=title, act=act, sections=sections, now=now)
            return _resumed(request, participation, act())
        except ValidationError as error:
            form.add_error(None, error)
    sessions, measures = in_guidance.to_resume(over, now=now)
    context = {"title": title, "form": form, "withdrawal": over, "sessions": sessions, "measures": measures}
    context["participation"] = participation
    return render(request, "changes/come_back.html", context, status=422 if form.errors else 200)


def _return_form(request: PersonRequest, participation: Participation, *, now: datetime) -> ReturnForm:
    today = timezone.localdate(now)
    return ReturnForm(
        request.POST or None,
        elsewhere=list(participation.municipality.participations.besides(participation.cohort, today=today)),
        asked=participation.open_confirmation,
        rooms=in_guidance.rooms(participation),
        could_come=at_gatherings.may_come_again(participation.withdrawal, today=today),
    )


def _resumed(request: PersonRequest, participation: Participation, resumed: Resumed | None) -> HttpResponse:
    if resumed:
        registered, told = len(resumed.registered), len(resumed.told)
        counts = [
            ngettext("%(count)s person er meldt på igjen.", "%(count)s personer er meldt på igjen.", registered),
            ngettext("%(count)s person har fått e-post om det.", "%(count)s personer har fått e-post om det.", told),
        ]
        said = [text % {"count": count} for text, count in zip(counts, (registered, told), strict=True) if count]
        first = _("Det er registrert at %(name)s er med igjen.") % {"name": participation.municipality}
        say(request, " ".join([first, *said]))
    return redirect(participation)
