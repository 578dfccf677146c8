import uuid
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from guidance import access
from guidance.measures.filter import FEW, MeasureFilter
from guidance.measures.form import ChangeMeasureForm, FromSession, MeasureEndForm, OpeningForm, suggested
from guidance.measures.overviews import measures_file
from guidance.measures.statuses import statuses
from guidance.models import GuidanceSession, Measure
from guidance.models.measure import MeasureQuerySet
from participants.models import Contact, Unit
from parts.dates import through
from parts.forms import say
from parts.names import joined
from parts.rows import annotated

PAGE_SIZE = 50
MAX_STATUSES = 30


@require_safe
def measures(request: PersonRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    unit = get_object_or_404(_with_ways(access.units(request.user, today=today), request.user, today=today), pk=pk)
    form = MeasureFilter(request.GET)
    mine = Measure.objects.standing().editable_by(request.user, today=today).filter(pk=OuterRef("pk"))
    measures = _with_session(Measure.objects.filter(unit=unit), request.user, today=today)
    found = form.filter(measures.annotate(editable=Exists(mine)), today=today)
    found = found.prefetch_related("strikes__struck_by")
    page = _page(request, found.most_urgent_first(), today=today)
    context = {"unit": unit, "parents": _breadcrumbs(unit), "form": form, "page": page, "pages": _pages(page)}
    context["many"] = page.paginator.count > FEW
    return render(request, "guidance/measures/measures.html", context)


@require_safe
def municipality_measures(request: PersonRequest, pk: int) -> HttpResponseBase:
    today = timezone.localdate()
    seen = access.participations(request.user, today=today).select_related("municipality__county", "cohort")
    participation = get_object_or_404(seen, pk=pk)
    form = MeasureFilter(request.GET, participation=participation)
    found = form.filter(Measure.objects.filter(unit__participation=participation), today=today)
    sort = request.GET.get("sorter", "")
    order = MeasureFilter.SORTS.get(sort)
    found = found.order_by(*order) if order else found.most_urgent_first()
    found = found.select_related("unit")
    if request.GET.get("fil") == "xlsx":
        rows = found.prefetch_related("strikes__struck_by")
        return measures_file(rows, participation)
    page = _page(request, found, today=today)
    context = {"participation": participation, "form": form, "page": page, "pages": _pages(page), "sort": sort}
    context["many"] = page.paginator.count > FEW
    return render(request, "guidance/measures/municipality_measures.html", context)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def add_measure(request: PersonRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    units = _with_ways(access.units_to_enter_measures_for(request.user, today=today), request.user, today=today)
    unit = get_object_or_404(units, pk=pk)
    others = list(units.filter(participation=unit.participation_id).exclude(pk=pk).order_by("name", "pk"))
    sessions = GuidanceSession.objects.editable_by(request.user).filter(
        units=unit, cancelled_at__isnull=True, withdrawn_at__isnull=True
    )
    session = FromSession(request.GET, sessions=sessions).session
    facts: dict[str, Any] = {"unit": unit, "others": others, "today": today}
    if request.method == "POST":
        form = OpeningForm(request.POST, **facts)
        Unit.objects.select_for_update().get(pk=unit.pk)  # the same form sent twice at once waits here
        if form.is_valid() and (opened := _open(form, session, by=request.user)):
            return _opened(request, opened)
    else:
        first = session.held_on if session else today
        form = OpeningForm(initial=suggested(unit, first=first) | {"token": uuid.uuid4()}, **facts)
    context = {
        "unit": unit,
        "parents": _breadcrumbs(unit, to_measures=True),
        "form": form,
        "session": session,
        "tells": Contact.objects.current()
        .filter(function=Contact.Function.HEAD, unit__in=[unit, *others])
        .exclude(user=request.user)
        .exists(),
    }
    return render(request, "guidance/measures/add_measure.html", context, status=422 if form.is_bound else 200)


def _open(form: OpeningForm, session: GuidanceSession | None, *, by: User) -> list[Measure]:
    """The new measures, or those this form was before: all of one moment, so that who gets several hears of it once.

    None when the form was sent before with something else in it. After the back button a browser may load the page
    again, with a new token, and put back what was typed.
    """
    before: dict[Unit, Measure | None] = {}
    for unit in form.units:
        facts = form.facts_for(unit)
        typed_again = Q(unit=unit, opened_by=by, **facts)
        known = Measure.objects.filter(Q(token=form.token_for(unit)) | typed_again).order_by("pk").first()
        if known and (known.unit_id != unit.pk or known.facts != facts):
            form.refuse(token=uuid.uuid4())
            return []
        before[unit] = known
    in_session = set(session.units.values_list("pk", flat=True)) if session else set()
    now = timezone.now()
    return [
        known
        or Measure.open(
            unit=unit,
            facts=form.facts_for(unit),
            token=form.token_for(unit),
            opened_in=session if unit.pk in in_session else None,
            by=by,
            now=now,
        )
        for unit, known in before.items()
    ]


def _opened(request: PersonRequest, opened: list[Measure]) -> HttpResponse:
    if len(opened) == 1:
        say(request, _("Tiltaket er lagt til."))
        return redirect(opened[0].get_absolute_url() + "?fort-opp")
    say(request, _("Tiltaket er lagt til ved %(units)s.") % {"units": joined(each.unit.name for each in opened)})
    return redirect("guidance:measures", opened[0].unit_id)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def measure(request: PersonRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    writes = request.method == "POST"
    seen = Measure.objects.standing().correctable_by if writes else Measure.objects.visible_to
    found = _load(seen(request.user, today=today), request.user, pk, today=today, lock=writes)
    reports, corrects = annotated(found, "editable", bool), annotated(found, "correctable", bool)
    form = ChangeMeasureForm(request.POST if writes else None, measure=found, today=today, reports=reports)
    if writes and form.is_valid():
        if not form.has_newer_change():
            found.change(facts=form.facts, **form.report, by=request.user, now=timezone.now())
            say(request, _("Tiltaket er lagret."))
            return redirect(found)
        form.refuse()
    context = {
        "measure": found,
        "parents": _breadcrumbs(found.unit, to_measures=True),
        "form": form if writes or corrects else None,
        "moves": list(found.moves.select_related("before", "moved_by")),
        "statuses": statuses(found, most=MAX_STATUSES),
        "enters_more": "fort-opp" in request.GET,  # somebody who enters one often has another
    }
    return render(request, "guidance/measures/measure.html", context, status=422 if writes else 200)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def new_deadline(request: PersonRequest, pk: int) -> HttpResponse:
    """One field, for one that is over its deadline."""
    today = timezone.localdate()
    found = _load(
        Measure.objects.going_on().editable_by(request.user, today=today),
        request.user,
        pk,
        today=today,
        lock=request.method == "POST",
    )
    form = MeasureEndForm(request.POST if request.method == "POST" else None, measure=found, today=today)
    if request.method == "POST" and form.is_valid():
        found.change(
            facts={"ends_on": form.cleaned_data["ends_on"]},
            state=found.state,
            progress=found.progress,
            by=request.user,
            now=timezone.now(),
        )
        say(request, _("Ny frist: %(day)s.") % {"day": through(found.ends_on)})
        return redirect("guidance:measures", found.unit_id)
    context = {"measure": found, "parents": [*_breadcrumbs(found.unit, to_measures=True)], "form": form}
    return render(request, "guidance/measures/new_deadline.html", context, status=422 if form.is_bound else 200)


def _load(measures: MeasureQuerySet, user: User, pk: int, *, today: date, lock: bool) -> Measure:
    """With what the page says of it, and whether this person may change it. Locked, so that no other change gets by."""
    editable = Measure.objects.standing().editable_by(user, today=today).filter(pk=OuterRef("pk"))
    correctable = Measure.objects.standing().correctable_by(user, today=today).filter(pk=OuterRef("pk"))
    removable = Measure.objects.removable_by(user, today=today).filter(pk=OuterRef("pk"))
    found = _with_session(measures, user, today=today).annotate(
        editable=Exists(editable), correctable=Exists(correctable), removable=Exists(removable)
    )
    if lock:
        found = found.select_for_update(of=("self",))
    measure = get_object_or_404(
        found.select_related("opened_by", "withdrawn_by").prefetch_related("strikes__struck_by"), pk=pk
    )
    measure.unit = _with_ways(Unit.objects.all(), user, today=today).get(pk=measure.unit_id)
    measure.count_days_over(today=today)
    return measure


def _with_session(measures: MeasureQuerySet, user: User, *, today: date) -> MeasureQuerySet:
    """With the session that each was opened in, and whether this person may know of it."""
    known = GuidanceSession.objects.visible_to(user, today=today).filter(pk=OuterRef("opened_in"))
    return measures.select_related("opened_in").annotate(sees_session=Exists(known))


def _with_ways(units: QuerySet[Unit], user: User, *, today: date) -> QuerySet[Unit]:
    """With what the pages lead on to: whether this person may add a measure, open the unit and the municipality."""
    adds = access.units_to_enter_measures_for(user, today=today).filter(pk=OuterRef("pk"))
    sees = access.participations(user, today=today).filter(pk=OuterRef("participation"))
    return units.select_related("participation__municipality__county", "participation__cohort").annotate(
        adds=Exists(adds),
        sees_unit=Exists(Unit.objects.visible_to(user).filter(pk=OuterRef("pk"))),
        sees_participation=Exists(sees),
    )


def _breadcrumbs(unit: Unit, *, to_measures: bool = False) -> list[tuple[str, str]]:
    """The breadcrumbs above, for this person."""
    found = []
    if annotated(unit, "sees_participation", bool):
        found.append((str(unit.participation.municipality), unit.participation.get_absolute_url()))
    if annotated(unit, "sees_unit", bool):
        found.append((unit.name, unit.get_absolute_url()))
    if to_measures:
        found.append((_("Tiltak"), reverse("guidance:measures", args=[unit.pk])))
    return found


def _page(request: PersonRequest, found: MeasureQuerySet, *, today: date) -> Page:
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    for each in page.object_list:
        each.count_days_over(today=today)
    return page


def _pages(page: Page) -> object:
    return page.paginator.get_elided_page_range(page.number)
