from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from gatherings import places
from gatherings.access import readdressed_by
from gatherings.mails import notices, values
from gatherings.models import Gathering, Registration
from gatherings.registration import forms, late_requests, nobody, registering, several_places, what_next
from gatherings.registration.forms import BaseParticipantFormSet, RegistrationChangeForm
from gatherings.registration.refusal import say_withdrawn
from gatherings.registration.registering import RegistrationOutcome
from gatherings.registration.registrar import Place, Registrar, places_of, registrar_for, suggestions
from gatherings.registration.reimbursement import assess, with_reimbursement
from gatherings.views import calendar_entry
from parts.forms import say
from parts.names import joined


@require_http_methods(["GET", "POST"])
def register(request: PersonRequest, pk: int) -> HttpResponse:
    """Several people in one form, for all that the person answers for. Only storing them takes a transaction."""
    today = timezone.localdate()
    gathering = get_object_or_404(Gathering.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    mine = registrar_for(request.user, gathering, today=today)
    if not mine.places:
        return say_withdrawn(request, gathering)
    if request.method != "POST":
        if not gathering.is_open(today=today):
            return redirect(gathering)
        return _page(request, gathering, mine, _first_draw(gathering, mine))
    if request.POST.get("action") == "more":
        return _page(request, gathering, mine, forms.with_more_rows(gathering, mine, request.POST))
    formset = forms.sent_participants(gathering, mine, request.POST)
    if formset.is_valid():
        try:
            with transaction.atomic():
                now = timezone.now()
                outcomes = registering.register(gathering, formset.entries(), by=request.user, now=now)
                notices.outcomes(outcomes, by=request.user, now=now)
        except ValidationError as error:
            formset.refuse(error)
        else:
            _say(request, outcomes)
            return redirect(gathering)
    return _page(request, gathering, mine, formset, status=422)


def _first_draw(gathering: Gathering, mine: Registrar) -> BaseParticipantFormSet:
    # Nor is a person who was cancelled suggested, or whom another came instead of: somebody has said that they do
    # not come.
    known = gathering.registrations.filter(participation__in={place.participation.pk for place in mine.places})
    addresses = {
        *known.values_list("user__email", flat=True),
        *known.filter(swaps__isnull=False).values_list("swaps__before__email", flat=True),
    }
    suggested = suggestions(gathering, mine.places, known=addresses)
    if mine.only_self:
        suggested = [who for who in suggested if who.email == mine.email]
    rows = forms.rows_of(gathering, suggested[: forms.MAX_ROWS - forms.SPARE_ROWS])
    spare = (0 if rows else 1) if mine.only_self else forms.SPARE_ROWS
    return forms.participants(gathering, mine, rows, suggested=len(rows), spare=spare)


def _say(request: PersonRequest, outcomes: list[RegistrationOutcome]) -> None:
    """What became of each row. Green only when somebody got a place, or comes for one more."""
    new = [outcome.registration.state for outcome in outcomes if outcome.is_new]
    placed = sum(state == Registration.State.PLACED for state in new)
    waiting = len(new) - placed
    if placed and waiting:
        first = _("Påmeldingen er mottatt: %(placed)s har fått plass, og %(waiting)s står på venteliste.")
    elif waiting:
        first = _("Påmeldingen er mottatt, men ingen av dem har fått plass ennå: %(waiting)s står på venteliste.")
    elif new or any(outcome.added for outcome in outcomes):
        first = _("Påmeldingen er mottatt. De du har meldt på nå, har fått hver sin e-post.")
    else:
        first = _("Ingenting er endret. Skal noe være annerledes, åpner du påmeldingen.")
    lines = [first % {"placed": placed, "waiting": waiting}, *(values.outcome(outcome) for outcome in outcomes)]
    say(request, "\n".join(lines), level=_level(placed, waiting, added=any(outcome.added for outcome in outcomes)))


def _level(placed: int, waiting: int, *, added: bool) -> int:
    if waiting and not placed:
        return messages.WARNING
    return messages.SUCCESS if placed or added else messages.INFO


def _page(
    request: PersonRequest, gathering: Gathering, mine: Registrar, formset: BaseParticipantFormSet, status: int = 200
) -> HttpResponse:
    registered = Registration.objects.visible_to(request.user).filter(gathering=gathering).active().with_places()
    context = {
        "gathering": gathering,
        "formset": formset,
        "only_self": mine.only_self,
        "registered": list(registered.order_by("name", "pk")),
        "most": forms.MAX_ROWS,
        "full": places.is_full(gathering),
        # Where the first new row will be: the page that more rows make begins there, also without JavaScript.
        "more": f"{request.path}#{formset.prefix}-{formset.total_form_count()}",
    }
    return render(request, "gatherings/register.html", context, status=status)


def _load(request: PersonRequest, pk: int, *, lock: bool = False) -> Registration:
    """One that this person may act on. Locked with its gathering, so that a change meets no other."""
    related = ("gathering__cohort", "participation__municipality__county", "participation__cohort", "unit", "user")
    found = get_object_or_404(Registration.objects.editable_by(request.user).select_related(*related), pk=pk)
    if lock:
        gathering = places.lock(found.gathering)
        found = Registration.objects.select_related(*related).get(pk=pk)
        found.gathering = gathering
    return found


@require_safe
def registration(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    visible = Registration.objects.visible_to(request.user).select_related(
        "gathering__cohort",
        "participation__municipality__county",
        "participation__cohort",
        "unit",
        "user",
        "registered_by",
    )
    found = get_object_or_404(with_reimbursement(visible.with_dead_addresses(to=request.user), today=today), pk=pk)
    answers = Registration.objects.editable_by(request.user).filter(pk=pk).exists()
    own, past = found.user_id == request.user.pk, found.gathering.is_past(today=today)
    in_full = answers or Registration.objects.in_full_to(request.user).filter(pk=pk).exists()
    context = {
        "registration": found,
        "gathering": found.gathering,
        "own": own,
        "answers": answers,
        "readdresses": answers and not own and not past and readdressed_by(request.user, today=today).contains(found),
        "about_person": reverse("changes:person", args=[found.user_id]) if request.user.is_staff else "",
        "in_full": in_full,
        "declined": own and found.asks_about_calendar(today=today),
        "removable": _removable(request, found, today=today),
        "editable": answers and found.may_be_changed(today=today),
        "asks": answers and found.is_active and late_requests.may_be_asked(found.gathering, now=now),
        "reimbursement": assess(found),
        "swaps": list(found.swaps.select_related("swapped_by")),
        "in_line": found.place_in_line,
        "steps": what_next.steps(found.gathering, now=now, registration=found) if in_full else [],
        "calendar": own and calendar_entry.is_there(found, today=today),
        "again": answers
        and not found.is_active
        and found.participation.withdrawn_at is None
        and found.gathering.is_open(today=today),
        "past": past,
        "offered_now": bool(found.offered_until and found.offered_until > now),
        "nights": [night + timedelta(days=1) for night in found.night_dates],  # named by the morning after
    }
    return render(request, "gatherings/registration.html", context)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def change(request: PersonRequest, pk: int) -> HttpResponse:
    found = _load(request, pk, lock=request.method == "POST")
    if not found.may_be_changed():
        return _too_late(request, found)
    form = RegistrationChangeForm(request.POST or None, registration=found)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if found.change(**form.cleaned_data, by=request.user, now=now):
            notices.changed(found, by=request.user, now=now)
            say(request, _("Endringene er lagret, og %(name)s har fått en e-post.") % {"name": found.name})
        else:
            say(request, _("Ingenting er endret."), level=messages.INFO)
        return redirect(found)
    context = {"registration": found, "gathering": found.gathering, "form": form}
    return render(request, "gatherings/change.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def cancel(request: PersonRequest, pk: int) -> HttpResponse:
    """Until the deadline; a place on offer may be declined as long as the offer lasts."""
    found = _load(request, pk, lock=request.method == "POST")
    if not found.is_active:
        return redirect(found)
    if not found.may_be_changed() and found.state != Registration.State.OFFERED:
        return _too_late(request, found)
    now = timezone.now()
    left = nobody.left_by(found, request.user, now=now)
    if request.method == "POST":
        if done := places.cancel(found, by=request.user, now=now):
            cancelled, passed = done
            notices.cancelled(cancelled, by=request.user, now=now)
            notices.passed(passed, now=now)
        say(request, _("%(name)s er meldt av.") % {"name": found.name})
        if left and "nobody" in request.POST:
            made = nobody.answer(found.gathering, left, note="", by=request.user, now=now)
            say(request, nobody.said(made))
        return redirect(found)
    names = joined(place.label for place in left)
    context = {"registration": found, "gathering": found.gathering, "left": names}
    return render(request, "gatherings/cancel.html", context)


def _removable(request: PersonRequest, found: Registration, *, today: date) -> list[Place]:
    """The places that the person here comes for beside others, and that the reader answers for."""
    if not found.is_active or not found.also or found.gathering.is_past(today=today):
        return []
    mine = registrar_for(request.user, found.gathering, today=today).places
    own = found.user_id == request.user.pk
    return [place for place in places_of(found) if own or place in mine]


@require_http_methods(["GET", "POST"])
@transaction.atomic
def come_no_more(request: PersonRequest, pk: int) -> HttpResponse:
    """Take one of several places away from the seat. The registration's page has the buttons: a link leads there."""
    visible = Registration.objects.visible_to(request.user).select_related("gathering")
    found = get_object_or_404(visible, pk=pk)
    if request.method != "POST":
        return redirect(found)
    gathering, now = places.lock(found.gathering), timezone.now()
    found = Registration.objects.with_places().select_related("user").get(pk=pk)
    found.gathering = gathering
    removable = {place.key: place for place in _removable(request, found, today=timezone.localdate(now))}
    place = removable.get(request.POST.get("place", ""))
    if place is None:
        say(request, _("Ingenting er endret."), level=messages.INFO)
    elif several_places.leave(found, place, by=request.user, now=now):
        notices.changed(found, by=request.user, now=now)
        about = {"name": found.name, "place": place.label, "places": found.represents}
        say(request, _("%(name)s kommer ikke lenger for %(place)s, men fortsatt for %(places)s.") % about)
    return redirect(gathering)


def _too_late(request: PersonRequest, found: Registration) -> HttpResponse:
    """The deadline has passed, or the registration is not active: nothing was stored, and here is what to do."""
    if request.method != "POST":
        return redirect(found)
    context = {"registration": found, "gathering": found.gathering}
    return render(request, "gatherings/too_late.html", context, status=409)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def offer(request: PersonRequest, pk: int) -> HttpResponse:
    """Take the place. The registration's own page shows the offer, so a link here leads there."""
    found = _load(request, pk)
    if request.method != "POST":
        return redirect(found)
    now = timezone.now()
    try:
        accepted = places.accept(found, by=request.user, now=now)
    except ValidationError as error:
        messages.warning(
            request,
            error.messages[0]
            if error.code == "withdrawn"
            else _(
                "Tilbudet gjelder ikke lenger. Plassen er gått videre til den neste på ventelista. Du kan melde på "
                "igjen mens påmeldingen er åpen."
            ),
        )
        return redirect(found)
    if accepted:
        notices.placed(accepted, now=now)
    if found.user_id == request.user.pk:
        say(request, _("Plassen er din. Du har fått en e-post med kalenderinvitasjon."))
    else:
        text = _("%(name)s har plass, og har fått en e-post med kalenderinvitasjon.")
        say(request, text % {"name": found.name})
    return redirect(found)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def travel(request: PersonRequest, pk: int) -> HttpResponse:
    """Store that the journey is ordered, or is not after all. One who had to sign in first comes back by a link."""
    found = _load(request, pk, lock=request.method == "POST")
    if request.method != "POST":
        return redirect(found.get_absolute_url() + "#reise")
    today = timezone.localdate()
    if found.state == Registration.State.PLACED and not found.gathering.is_past(today=today):
        ordered = request.POST.get("ordered") == "yes"
        if ordered != (found.travel_ordered_on is not None):
            found.order_travel(on=today if ordered else None, by=request.user)
            said = _("Reisen er registrert som bestilt.") if ordered else _("Reisen er registrert som ikke bestilt.")
            say(request, said)
    return redirect(found.get_absolute_url() + "#reise")
