"""The supervisors, as the project leaders and Udir's staff keep them."""

from functools import partial

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from guidance import access
from guidance.models import Capacity, GroupMember, ProfileChange, ProjectLeader, Supervisor
from guidance.staffing import changing, wording
from guidance.staffing.forms import EndForm, SupervisorForm
from guidance.staffing.leaves import SOON, leaves_ahead
from guidance.staffing.listing import SupervisorFilter, staff_list
from guidance.staffing.places import Places
from outbox.effects import Section, effects_page
from participants.models import Cohort
from parts.forms import BACK, is_asked, say

PAGE_SIZE = 50
NEWEST = 10  # changes on a supervisor's page


@require_safe
def supervisors(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    if not access.leads_guidance(request.user, today=today):
        raise Http404
    form, sort = SupervisorFilter(request.GET), request.GET.get("sorter", "")
    everybody = staff_list(today=today)
    page = Paginator(form.filter(everybody, sort=sort), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "sort": sort,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "any": bool(everybody),
        "over": sum(row.is_over and row.is_working for row in everybody),
        "cohorts": Cohort.objects.going_on(today=today),
    }
    return render(request, "guidance/staffing/supervisors.html", context)


@require_safe
def supervisor(request: PersonRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    found = get_object_or_404(access.kept_supervisors(request.user, today=today), pk=pk)
    capacities = found.capacities.filter(cohort__in=Cohort.objects.going_on(today=today)).select_related("cohort")
    work = Places().of_employer(workplace=found.workplace, email=found.user.email)
    barred = {each.pk for each in found.not_with.all()}
    context = {
        "supervisor": found,
        "facts": [*wording.facts_of(found), *wording.capacities_of(capacities)],
        "members": changing.guides(found, today=today),
        "leaves": found.leaves.all(),
        "to_follow_up": leaves_ahead(today=today).filter(supervisor=found, first_on__lte=today + SOON).exists(),
        "changes": [(each, wording.lines(each)) for each in _changes(found)],
        "works_in": work if work and work.pk not in barred else None,
        "is_working": found.is_working(today=today),
        "today": today,
    }
    return render(request, "guidance/staffing/supervisor.html", context)


def _changes(supervisor: Supervisor) -> list[ProfileChange]:
    return list(supervisor.changes.select_related("changed_by", "supervisor")[:NEWEST])


@require_http_methods(["GET", "POST"])
def add(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    if not access.leads_guidance(request.user, today=timezone.localdate(now)):
        raise Http404
    form = SupervisorForm(request.POST or None, cohorts=_running(now))
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        email = form.cleaned_data["email"]
        act = partial(changing.add, email=email, facts=form.facts, by=request.user, now=now)
        try:
            if is_asked(request):
                title = _("Dette skjer når %(name)s blir veileder") % {"name": form.cleaned_data["name"]}
                return effects_page(
                    request, title=title, act=act, sections=lambda _made: _of_new(form), now=now, button=_("Legg til")
                )
            made = act()
        except ValidationError as error:
            form.add_error("email", error)
        else:
            say(request, _("%(name)s er lagt til som veileder.") % {"name": made})
            return redirect("guidance:staffing_supervisor", made.pk)
    return _form_page(request, form, "add", back=reverse("guidance:supervisors"))


def _of_new(form: SupervisorForm) -> list[Section]:
    facts = form.facts
    capacities = [Capacity(cohort=cohort, most=most) for cohort, most in facts["capacity"].items() if most is not None]
    held = [*wording.in_words(facts), *wording.capacities_of(capacities)]
    said = [_("%(what)s: %(value)s") % {"what": what, "value": value} for what, value in held if value]
    return [(_("Dette lagres"), [facts["name"], form.cleaned_data["email"], *said])]


@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(access.kept_supervisors(request.user, today=timezone.localdate(now)), pk=pk)
    form = SupervisorForm(request.POST or None, supervisor=found, cohorts=_running(now))
    back = reverse("guidance:staffing_supervisor", args=[pk])
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        act = partial(changing.change, found, facts=form.facts, by=request.user, now=now)
        if is_asked(request):
            title = _("Dette endres for %(name)s") % {"name": found}
            return effects_page(request, title=title, act=act, sections=changed_sections, now=now)
        said = _("Opplysningene om %(name)s er endret.") if act() else _("Ingenting var endret for %(name)s.")
        say(request, said % {"name": found})
        return redirect(back)
    return _form_page(request, form, "edit", back=back, supervisor=found)


def changed_sections(change: ProfileChange | None) -> list[Section]:
    if change is None:
        return [(_("Ingenting er endret"), [_("Det du har skrevet, er likt det som er lagret.")])]
    found = [(_("Dette endres"), wording.lines(change))]
    barred = {name for what, _before, after in change.facts if what == "not_with" for name in after}
    places = ("group__participation__municipality__county", "group__participation__cohort")
    members = GroupMember.objects.current().filter(supervisor=change.supervisor).select_related(*places)
    seats = [member.group.participation for member in members]
    in_groups = [f"{each.municipality.name_told_apart}, {str(each.cohort).lower()}" for each in seats]
    there = [said for said, each in zip(in_groups, seats, strict=True) if each.municipality.name_told_apart in barred]
    return [*found, (_("Personen er i gruppa her, og blir der til du bytter dem ut"), there)]


@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """A person who guides somewhere is replaced there first: only then do their municipalities get somebody else."""
    now = timezone.now()
    today = timezone.localdate(now)
    found = get_object_or_404(access.kept_supervisors(request.user, today=today).working(today=today), pk=pk)
    back = reverse("guidance:staffing_supervisor", args=[pk])
    members = list(changing.guides(found, today=today))
    form = EndForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid() and BACK not in request.POST and not members:
        act = partial(changing.end, found, ended_on=form.cleaned_data["ended_on"], by=request.user, now=now)
        try:
            if is_asked(request):
                title = _("Dette skjer når %(name)s slutter") % {"name": found}
                button = _("Avslutt %(name)s") % {"name": found}
                return effects_page(request, title=title, act=act, sections=changed_sections, now=now, button=button)
            act()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            say(request, _("%(name)s er avsluttet som veileder.") % {"name": found})
            return redirect(back)
    context = {"supervisor": found, "members": members, "form": form, "back": back}
    status = 409 if members and request.method == "POST" else 422 if form.errors else 200
    return render(request, "guidance/staffing/end.html", context, status=status)


def _running(now) -> list[Cohort]:
    return list(Cohort.objects.going_on(today=timezone.localdate(now)).order_by("number"))


def _form_page(
    request: PersonRequest, form: SupervisorForm, name: str, *, back: str, supervisor: Supervisor | None = None
) -> HttpResponse:
    context = {"form": form, "back": back, "supervisor": supervisor}
    return render(request, f"guidance/staffing/{name}.html", context, status=422 if form.errors else 200)


@require_safe
def who_has_access(request: PersonRequest) -> HttpResponse:
    """Who reads the notes, and who let them: for those who lead the guidance."""
    today = timezone.localdate()
    if not access.leads_guidance(request.user, today=today):
        raise Http404
    members = (
        GroupMember.objects.current()
        .filter(supervisor__user__is_active=True)
        .select_related(
            "supervisor__user",
            "supervisor__added_by",
            "group__participation__municipality__county",
            "group__participation__cohort",
        )
        .order_by(
            "supervisor__name",
            "supervisor",
            "group__participation__municipality__name",
            "group__participation__cohort__number",
        )
    )
    readers: dict[Supervisor, list[str]] = {}
    for member in members:
        participation = member.group.participation
        place = f"{participation.municipality.name_told_apart} ({participation.cohort})"
        readers.setdefault(member.supervisor, []).append(place)
    page = Paginator(list(readers.items()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "leaders": ProjectLeader.objects.current(today=today).select_related("user", "added_by"),
        "coming": ProjectLeader.objects.filter(started_on__gt=today).select_related("user", "added_by"),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "guidance/staffing/who_has_access.html", context)
