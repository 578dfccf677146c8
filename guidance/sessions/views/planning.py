"""A session to come: planned, changed, cancelled, restored. Who is told of it is shown before it is saved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access, schedule
from guidance.models import GuidanceGroup, GuidanceSession, SessionChange
from guidance.sessions import plan_wording
from guidance.sessions.forms import choices
from guidance.sessions.plan_form import CancelSessionForm, ChangePlanForm, PlanSessionForm
from guidance.sessions.prefill import prefill
from guidance.sessions.receipt import who_is_told
from outbox.effects import Section, effects_page
from participants.models import Participation
from parts.dates import day_in_words, is_working_day
from parts.forms import BACK, is_asked, say


@dataclass(frozen=True)
class Replanned:
    """A session as it was planned, changed, cancelled or restored, and in words who is told of it."""

    session: GuidanceSession
    plan: plan_wording.Plan
    told: str

    @classmethod
    def of(cls, session: GuidanceSession, *, now: datetime) -> "Replanned":
        return cls(session, session.as_planned, who_is_told(session, now=now))


@require_http_methods(["GET", "POST"])
@transaction.atomic
def plan_session(request: PersonRequest, pk: int) -> HttpResponse:
    posted = request.method == "POST"
    group = access.own_group(request.user, pk, lock=posted)
    _refuse_withdrawn(group.participation)
    now = timezone.now()
    today = timezone.localdate(now)
    chosen = choices(group, on=today)
    if not posted:
        usual = prefill(group, None, chosen, user=request.user, today=today)
        initial = {"format": usual["format"]}
        # Whoever leaves somebody out does so themselves: the heads of a unit that is not chosen hear nothing.
        initial["units"] = [unit.pk for unit in chosen.units]
        initial["supervisors"] = [each.pk for each in chosen.supervisors]
        return _plan_page(request, group, PlanSessionForm(initial=initial, group=group, chosen=chosen, today=today))
    form = PlanSessionForm(request.POST, group=group, chosen=chosen, today=today)
    if not form.is_valid() or BACK in request.POST:
        return _plan_page(request, group, form)

    def act() -> Replanned:
        when = {name: form.facts[name] for name in ("held_on", "starts_at", "format")}
        same = group.sessions.planned().filter(**when).first()
        session = same or GuidanceSession.plan(group=group, **form.facts, **form.people, by=request.user, now=now)
        return Replanned.of(session, now=now)

    if is_asked(request):
        title = _("Planlegg møte i %(name)s") % {"name": group.participation.municipality.name_told_apart}
        sections = partial(_sections, group, None, now)
        return _asked(request, group, title, act, sections, now=now, button=_("Planlegg møtet"))
    done = act()
    say(request, _("Møtet er planlagt. %(told)s") % {"told": done.told})
    return redirect(done.session)


def _plan_page(request: PersonRequest, group: GuidanceGroup, form: PlanSessionForm) -> HttpResponse:
    context = {"participation": group.participation, "form": form}
    return render(request, "guidance/sessions/plan_session.html", context, status=422 if form.errors else 200)


def _asked(
    request: PersonRequest,
    group: GuidanceGroup,
    title: str,
    act: Callable[[], Replanned],
    sections: Callable[[Replanned], list[Section]],
    *,
    now: datetime,
    button: str,
) -> HttpResponse:
    participation = group.participation
    name = _("Veiledning i %(name)s") % {"name": participation.municipality.name_told_apart}
    return effects_page(
        request,
        title=title,
        act=act,
        sections=sections,
        now=now,
        button=button,
        scope=f"cohort:{participation.cohort.number}",
        breadcrumbs=[(name, reverse("guidance:sessions", args=[participation.pk]))],
    )


def _sections(
    group: GuidanceGroup,
    before: plan_wording.Plan | None,
    now: datetime,
    done: Replanned,
) -> list[Section]:
    """What a person may have overlooked, and what is planned or new."""
    new = plan_wording.new_lines(done.plan, before=before) if before else plan_wording.in_lines(done.plan)
    heading = _("Dette blir nytt") if before else _("Møtet")
    return [
        (_("Stemmer dette?"), _doubts(group, done, before, now)),
        (heading, new),
        (_("Hvem får vite det"), [done.told]),
    ]


def _doubts(group: GuidanceGroup, done: Replanned, before: plan_wording.Plan | None, now: datetime) -> list[str]:
    session, day, found = done.session, done.session.held_on, []
    if not before or date.fromisoformat(before["held_on"]) != day:
        if not is_working_day(day):
            found.append(_("%(day)s er ikke en arbeidsdag.") % {"day": capfirst(day_in_words(day))})
        for other in group.sessions.filter(held_on=day, cancelled_at__isnull=True).exclude(pk=session.pk):
            when = plan_wording.when(other.as_planned)
            found.append(_("Det er allerede et møte denne dagen: %(when)s.") % {"when": when})
    if schedule.begins(session) <= now:
        found.append(_("Tidspunktet er passert, så ingen får e-post om møtet."))
    if not done.plan["units"] and (not before or before["units"]):
        found.append(_("Ingen enheter er valgt: ingen styrere og rektorer får innkalling."))
    return found


def _refuse_withdrawn(participation: Participation) -> None:
    if participation.withdrawn_at:
        raise Http404


@require_http_methods(["GET", "POST"])
@transaction.atomic
def move_session(request: PersonRequest, pk: int) -> HttpResponse:
    """Change when, where, how long and with whom it is."""
    posted = request.method == "POST"
    session = access.own_session(request.user, pk, lock=posted)
    _refuse_withdrawn(session.group.participation)
    if session.is_settled:
        return _already_settled(request, session)
    now = timezone.now()
    today = timezone.localdate(now)
    chosen = choices(session.group, on=today, session=session)
    form = ChangePlanForm(request.POST if posted else None, session=session, chosen=chosen, today=today)
    missed = posted and form.is_valid() and form.has_missed_a_change
    if not posted or not form.is_valid() or missed or BACK in request.POST:
        return _change_page(request, session, form, missed=missed)
    before, reason = session.as_planned, form.cleaned_data["reason"]

    def act() -> Replanned:
        SessionChange.objects.replan(session, facts=form.facts, **form.people, reason=reason, by=request.user, now=now)
        return Replanned.of(session, now=now)

    if is_asked(request) and form.has_changed_the_plan:
        title = _("Endre møtet i %(name)s") % {"name": session.group.participation.municipality.name_told_apart}
        sections = partial(_sections, session.group, before, now)
        return _asked(request, session.group, title, act, sections, now=now, button=_("Endre møtet"))
    version = session.calendar_version
    done = act()
    if session.calendar_version > version:
        say(request, _("Møtet er endret. %(told)s") % {"told": done.told})
    return redirect(session)


def _change_page(
    request: PersonRequest, session: GuidanceSession, form: ChangePlanForm, *, missed: bool
) -> HttpResponse:
    if missed:
        form.show_the_change(request.POST)
    context = {
        "session": session,
        "participation": session.group.participation,
        "form": form,
        "missed": plan_wording.in_lines(session.as_planned) if missed else [],
    }
    status = 409 if missed else 422 if form.errors else 200
    return render(request, "guidance/sessions/move_session.html", context, status=status)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def cancel_session(request: PersonRequest, pk: int) -> HttpResponse:
    posted = request.method == "POST"
    session = access.own_session(request.user, pk, lock=posted)
    if session.is_settled:
        return _already_settled(request, session)
    now = timezone.now()
    form = CancelSessionForm(request.POST if posted else None)
    if not posted or not form.is_valid() or BACK in request.POST:
        context = {"session": session, "participation": session.group.participation, "form": form}
        status = 422 if form.errors else 200
        return render(request, "guidance/sessions/cancel_session.html", context, status=status)

    def act() -> Replanned:
        session.cancel(by=request.user, now=now, reason=form.cleaned_data["reason"])
        return Replanned.of(session, now=now)

    if is_asked(request):
        title = _("Avlys møtet i %(name)s") % {"name": session.group.participation.municipality.name_told_apart}
        why = partial(_reason_given, form.cleaned_data["reason"])
        return _asked(request, session.group, title, act, why, now=now, button=_("Avlys møtet"))
    say(request, _("Møtet er avlyst. %(told)s") % {"told": act().told})
    return redirect(session)


def _reason_given(reason: str, done: Replanned) -> list[Section]:
    return [
        (_("Dette avlyses"), [capfirst(plan_wording.when(done.plan))]),
        (_("Hvorfor"), [reason]),
        (_("Hvem får vite det"), [done.told]),
    ]


@require_http_methods(["GET", "POST"])
@transaction.atomic
def restore_session(request: PersonRequest, pk: int) -> HttpResponse:
    """The cancellation was a mistake."""
    session = access.own_session(request.user, pk, lock=request.method == "POST")
    _refuse_withdrawn(session.group.participation)
    if not session.can_be_restored:
        say(request, _("Møtet er ikke avlyst."), level=messages.WARNING)
        return redirect(session)
    if BACK in request.POST:
        return redirect(session)
    now = timezone.now()

    def act() -> Replanned:
        SessionChange.objects.restore(session, by=request.user, now=now)
        return Replanned.of(session, now=now)

    if request.method != "POST" or is_asked(request):
        name = session.group.participation.municipality.name_told_apart
        title = _("Møtet i %(name)s holdes likevel") % {"name": name}
        sections = partial(_sections, session.group, None, now)
        return _asked(request, session.group, title, act, sections, now=now, button=_("Ta tilbake avlysningen"))
    say(request, _("Avlysningen er tatt tilbake. %(told)s") % {"told": act().told})
    return redirect(session)


def _already_settled(request: PersonRequest, session: GuidanceSession) -> HttpResponse:
    text = _("Møtet har allerede en logg, eller er avlyst. Det kan ikke endres eller avlyses.")
    say(request, text, level=messages.WARNING)
    return redirect(session)
