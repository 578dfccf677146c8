"""Whom a gathering has nobody from: those who have said that nobody comes, and those who have not answered."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.requests import PersonRequest
from gatherings.admin.registration_pages import may_change, page
from gatherings.models import Gathering, NobodyComes
from gatherings.registration import nobody
from gatherings.registration.registrar import Place
from participants.models import Participation, Unit
from parts.forms import number_from
from parts.names import LineField

_NOTE = LineField(required=False, max_length=NobodyComes._meta.get_field("note").max_length)


def answers_view(modeladmin: admin.ModelAdmin, request: PersonRequest, pk: int) -> HttpResponse:
    """Staff answer for those who have said it by telephone or mail, and take an answer back."""
    if not modeladmin.has_view_permission(request):
        raise PermissionDenied
    gathering = get_object_or_404(Gathering.objects.select_related("cohort"), pk=pk)
    places = _places(gathering)
    if request.method == "POST":
        if not may_change(request):
            raise PermissionDenied
        if "take_back" in request.POST:
            _take_back(request, gathering)
            return redirect(request.path)
        if _answer(request, gathering, places):
            return redirect(request.path)
    context = {
        "chosen": request.POST.getlist("places"),
        "note": request.POST.get("note", ""),
        "title": _("Kommuner og enheter uten påmeldte"),
        "subtitle": str(gathering),
        "gathering": gathering,
        "lacking": nobody.lacking(gathering, places),
        "answers": nobody.answers_to(gathering, request.user),
        "may_answer": may_change(request) and nobody.may_be_answered(gathering, now=timezone.now()),
        "may_change": may_change(request),
    }
    status = 422 if request.method == "POST" else 200
    return page(modeladmin, request, "admin/gatherings/registration/answers.html", context, status=status)


def _places(gathering: Gathering) -> list[Place]:
    """Every municipality that takes part and has had its letter, each followed by its units."""
    units = Unit.objects.active().order_by("kind", "name", "pk")
    asked = Participation.objects.taking_part().filter(cohort=gathering.cohort_id, welcomed_at__isnull=False)
    found = asked.select_related("municipality__county", "cohort").order_by("municipality__name", "pk")
    return [
        Place(participation, unit)
        for participation in found.prefetch_related(Prefetch("units", units))
        for unit in (None, *participation.units.all())
    ]


def _answer(request: PersonRequest, gathering: Gathering, places: list[Place]) -> bool:
    """Whether it is answered. If not, the page is drawn again with what was typed."""
    named = set(request.POST.getlist("places"))
    chosen = [place for place in places if place.key in named]
    if not chosen:
        messages.error(request, _("Kryss av for dem det gjelder. Ingenting er lagret."))
        return False
    try:
        note = _NOTE.clean(request.POST.get("note", ""))
        made = nobody.answer(gathering, chosen, note=note, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    if made:
        messages.success(request, nobody.said(made))
    else:
        messages.info(request, _("Dette var svart fra før. Ingenting er endret."))
    return True


def _take_back(request: PersonRequest, gathering: Gathering) -> None:
    number = number_from(request.POST["take_back"])
    related = ("gathering", "unit", "participation__municipality__county")
    found = get_object_or_404(gathering.nobody_comes.select_related(*related), pk=number)
    if nobody.take_back(found, by=request.user, now=timezone.now()):
        messages.success(request, _("Svaret fra %(place)s er trukket tilbake.") % {"place": found.about})
    else:
        messages.info(request, _("Svaret var trukket tilbake fra før. Ingenting er endret."))
