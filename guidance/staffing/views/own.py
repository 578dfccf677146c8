"""What a supervisor keeps themselves, and leave, which both they and a project leader keep."""

from functools import partial

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest
from guidance import access
from guidance.models import GuidanceSession, Leave, Supervisor
from guidance.staffing import changing, wording
from guidance.staffing.forms import LeaveForm, ProfileForm
from guidance.staffing.views.supervisors import changed_sections
from outbox.effects import Section, effects_page
from participants.models import Cohort
from parts.dates import day_in_words
from parts.forms import BACK, is_asked, say


@require_http_methods(["GET", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    """A supervisor's own facts: those they keep to change, the others to see."""
    now = timezone.now()
    found = get_object_or_404(Supervisor.objects.select_related("user"), user=request.user)
    form = ProfileForm(request.POST or None, supervisor=found)
    form.fields["preferred_counties"].help_text = _(
        "Fylkene du helst vil veilede i. Velger du ingen, regnes alle fylker likt."
    )
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        act = partial(changing.change, found, facts=form.facts, by=request.user, now=now)
        if is_asked(request):
            title = _("Dette endres i opplysningene om deg")
            return effects_page(request, title=title, act=act, sections=changed_sections, now=now)
        changed = act()
        say(
            request,
            _("Opplysningene er endret. Prosjektlederne får e-post om det.") if changed else _("Ingenting var endret."),
        )
        return redirect("guidance:profile")
    running = Cohort.objects.going_on(today=timezone.localdate(now))
    context = {
        "supervisor": found,
        "form": form,
        "held": [
            (_("Navn"), found.name),
            (_("E-postadresse"), found.user.email),
            (_("Bakgrunn"), found.get_employer_display()),
            (_("Ikke habil i"), ", ".join(map(wording.place, found.not_with.select_related("county")))),
            *wording.capacities_of(found.capacities.filter(cohort__in=running).select_related("cohort")),
        ],
        "leaves": found.leaves.all(),
        "today": timezone.localdate(now),
    }
    return render(request, "guidance/staffing/profile.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def take_leave(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    found = _own_or_kept(request.user, pk, today=today)
    form = LeaveForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        first, last = form.cleaned_data["first_on"], form.cleaned_data["last_on"]
        act = partial(changing.take_leave, found, first_on=first, last_on=last, by=request.user, now=now)
        try:
            if is_asked(request):
                title = _("Permisjon for %(name)s") % {"name": found}
                return effects_page(
                    request, title=title, act=act, sections=_of_leave, now=now, button=_("Lagre permisjonen")
                )
            act()
        except ValidationError as error:
            form.add_error("first_on", error)
        else:
            say(request, _("Permisjonen er lagret. Møtene og gruppene er som før til noen endrer dem."))
            return redirect(_page_of(found, request.user))
    own = found.user_id == request.user.pk
    context = {"supervisor": found, "form": form, "back": _page_of(found, request.user), "own": own}
    return render(request, "guidance/staffing/take_leave.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def drop_leave(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(access.kept_leaves(request.user, today=timezone.localdate(now)), pk=pk)
    back = _page_of(found.supervisor, request.user)
    if request.method == "POST":
        changing.drop_leave(found, by=request.user, now=now)
        say(request, _("Permisjonen er fjernet."))
        return redirect(back)
    own = found.supervisor.user_id == request.user.pk
    context = {"supervisor": found.supervisor, "leave": found, "back": back, "own": own}
    return render(request, "guidance/staffing/drop_leave.html", context)


def _own_or_kept(user: User, pk: int, *, today) -> Supervisor:
    """One's own row, else that of a supervisor whom this person keeps."""
    own = Supervisor.objects.select_related("user").filter(user=user, pk=pk).first()
    if own:
        return own
    if not access.leads_guidance(user, today=today):
        raise Http404
    return get_object_or_404(access.kept_supervisors(user, today=today), pk=pk)


def _page_of(supervisor: Supervisor, user: User) -> str:
    if supervisor.user_id == user.pk:
        return reverse("guidance:profile")
    return reverse("guidance:staffing_supervisor", args=[supervisor.pk])


def _of_leave(leave: Leave) -> list[Section]:
    """What goes on meanwhile: somebody has to see to it, for nothing of it changes by itself."""
    sessions = GuidanceSession.objects.planned().filter(supervisors=leave.supervisor, held_on__gte=leave.first_on)
    if leave.last_on:
        sessions = sessions.filter(held_on__lte=leave.last_on)
    members = changing.guides(leave.supervisor, today=leave.first_on)
    return [
        (_("Permisjon"), [wording.leave_in_words(leave)]),
        (
            _("Grupper som trenger en annen i denne tida"),
            [member.group.participation.municipality.name_told_apart for member in members],
        ),
        (
            _("Møter som er planlagt i permisjonen"),
            [
                f"{session.group.participation.municipality}, {day_in_words(session.held_on)}"
                for session in sessions.select_related("group__participation__municipality__county").order_by("held_on")
            ],
        ),
    ]
