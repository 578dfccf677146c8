"""Putting together the groups of a whole cohort, for Udir's staff and Læringsmiljøsenteret's project leaders."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.groups import rules, seating
from guidance.groups.forms import CompositionFilter, GroupForm
from guidance.groups.rules import Breach, Rule
from guidance.groups.seating import Seating, read_seating
from guidance.groups.wording import describe_breach, describe_reason
from guidance.models import Composition, GroupMember, ProposedSeat
from participants.models import Cohort, Participation
from parts.forms import number_from, say

PAGE_SIZE = 50


@dataclass
class CompositionRow:
    """A municipality on the page."""

    participation: Participation
    size: int
    seats: list[ProposedSeat]
    broken: list[str]
    reasons: list[tuple[str, str]]  # who, and why

    @property
    def is_locked(self) -> bool:
        return bool(self.seats) and all(seat.locked for seat in self.seats)

    @property
    def words(self) -> str:
        names = [seat.supervisor.name for seat in self.seats]
        return " ".join([self.participation.municipality.name_and_county, *names]).casefold()


@require_http_methods(["GET", "POST"])
def composition(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    cohort = access.followed_cohort(request.user, pk, today=timezone.localdate(now))
    if request.method == "POST" and "begin" in request.POST:
        Composition.objects.open_for(cohort, by=request.user, now=now)
        return redirect("guidance:composition", pk)
    found = Composition.objects.open().filter(cohort=cohort).first()
    if found is None:
        return _published(request, cohort)
    problem = ""
    if request.method == "POST":
        try:
            place = _act(request, cohort, found)
        except ValidationError as error:
            problem = error.messages[0]
        else:
            return redirect(reverse("guidance:composition", args=[pk]) + place)
    return _working(request, cohort, found, problem=problem)


def _act(request: PersonRequest, cohort: Cohort, found: Composition) -> str:
    """Do what was pressed. Return where on the page to go on."""
    if "propose" in request.POST:
        seating.propose(cohort, found, now=timezone.now())
        say(request, _("Forslaget er klart. Det du hadde låst, er som før."))
        return ""
    locked = "lock" in request.POST
    key = request.POST.get("lock", request.POST.get("unlock", ""))
    one = number_from(key)
    if one is not None or key == "all":
        seating.lock(found, locked=locked, participation=one)
    return f"#k{one}" if one else ""


def _working(request: PersonRequest, cohort: Cohort, found: Composition, *, problem: str) -> HttpResponse:
    seated = read_seating(cohort, found)
    breaches = seated.breaches()
    rows = _rows(seated, breaches)
    form = CompositionFilter(request.GET)
    page = Paginator(form.filter(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    loads = seated.loads()
    context = {
        "cohort": cohort,
        "composition": found,
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": len(rows),
        "whole": sum(bool(row.seats) and not row.broken for row in rows),
        "people": len(seated.most),
        "broken": [row for row in rows if row.broken],
        "over": _over(seated, breaches),
        "loads": sorted(
            (
                (seated.supervisors[one.key].name, loads[one.key], seated.most.get(one.key), one.elsewhere)
                for one in seated.people
            ),
            key=lambda load: load[0],
        ),
        "dropped": seated.dropped,
        "problem": problem,
    }
    return render(request, "guidance/groups/composition.html", context, status=409 if problem else 200)


def _rows(seated: Seating, breaches: list[Breach]) -> list[CompositionRow]:
    broken: dict[int, list[str]] = {}
    for breach in breaches:
        if breach.municipality is not None:
            name = seated.supervisors[breach.person].name if breach.person else ""
            broken.setdefault(breach.municipality, []).append(describe_breach(breach, person=name))
    reasons = seated.reasons()
    return [
        CompositionRow(
            participation=seated.participations[municipality.key],
            size=municipality.size,
            seats=sorted(
                seated.seats.get(municipality.key, []), key=lambda seat: (not seat.leads, seat.supervisor.name)
            ),
            broken=broken.get(municipality.key, []),
            reasons=[
                (seated.supervisors[reason.person].name, describe_reason(reason))
                for reason in reasons.get(municipality.key, [])
            ],
        )
        for municipality in seated.municipalities
    ]


def _over(seated: Seating, breaches: list[Breach]) -> list[str]:
    return [
        describe_breach(breach, person=seated.supervisors[breach.person].name)
        for breach in breaches
        if breach.rule == Rule.LOAD and breach.person
    ]


def _published(request: PersonRequest, cohort: Cohort) -> HttpResponse:
    """The groups as they are, while no composition is worked on."""
    members = _members(cohort)
    groups: dict[int, list[GroupMember]] = {}
    for member in members:
        groups.setdefault(member.group.participation_id, []).append(member)
    participations = cohort.participations.taking_part().filter(accepted_at__isnull=False)
    page = Paginator(
        participations.select_related("municipality__county").order_by("municipality__name", "pk"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "page": page,
        "rows": [(participation, groups.get(participation.pk, [])) for participation in page.object_list],
        "pages": page.paginator.get_elided_page_range(page.number),
        "published": Composition.objects.filter(cohort=cohort).select_related("published_by").first(),
    }
    return render(request, "guidance/groups/composition_published.html", context)


def _members(cohort: Cohort) -> list[GroupMember]:
    current = GroupMember.objects.current().filter(group__participation__cohort=cohort)
    return list(current.select_related("supervisor", "group"))


@require_http_methods(["GET", "POST"])
def municipality(request: PersonRequest, pk: int) -> HttpResponse:
    """Choose a municipality's group by hand, and show at once which rules that would break."""
    leads = access.if_leads_guidance(request.user, today=timezone.localdate())
    taking_part = Participation.objects.taking_part().filter(leads, accepted_at__isnull=False)
    participation = get_object_or_404(
        taking_part.select_related("municipality__county", "cohort__guidance_settings"), pk=pk
    )
    cohort = participation.cohort
    back = reverse("guidance:composition", args=[cohort.pk])
    found = Composition.objects.open().filter(cohort=cohort).first()
    if found is None:
        return redirect(back)
    seated = read_seating(cohort, found)
    form = GroupForm(request.POST or None, seating=seated, participation=participation)
    seen = seating.version(seated.seats.get(participation.pk, []))
    broken: list[str] = []
    changed = False
    if request.method == "POST" and form.is_valid():
        broken = _broken_by(seated, participation, form.group)
        changed = request.POST.get("seen", "") != seen
        if not changed and (not broken or "sure" in request.POST):
            try:
                seating.choose(found, participation, group=form.group, locked=form.cleaned_data["locked"], seen=seen)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect(f"{back}#k{participation.pk}")
    context = {
        "cohort": cohort,
        "participation": participation,
        "form": form,
        "seen": seen,
        "broken": broken,
        "changed": changed,
        "group": seated.seats.get(participation.pk, []),
        "size": next(one.size for one in seated.municipalities if one.key == participation.pk),
        "back": back,
    }
    return render(
        request, "guidance/groups/composition_municipality.html", context, status=422 if form.is_bound else 200
    )


def _broken_by(seated: Seating, participation: Participation, group: dict[int, bool]) -> list[str]:
    """What this group breaks in its municipality, and who in it then has too many."""
    seats = seated.with_group(participation.pk, group)
    found = rules.breaches(seated.municipalities, seated.people, seats)
    return [
        describe_breach(breach, person=seated.supervisors[breach.person].name if breach.person else "")
        for breach in found
        if breach.municipality == participation.pk or (breach.municipality is None and breach.person in group)
    ]


@require_http_methods(["GET", "POST"])
def publish(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what publishing will do, and do it."""
    now = timezone.now()
    cohort = access.followed_cohort(request.user, pk, today=timezone.localdate(now))
    back = reverse("guidance:composition", args=[pk])
    found = Composition.objects.open().filter(cohort=cohort).first()
    if found is None:
        return redirect(back)
    seated = read_seating(cohort, found)
    breaches = seated.breaches()
    rows = _rows(seated, breaches)
    broken = [row for row in rows if row.broken and row.seats]
    asked = request.method == "POST" and bool(broken) and "sure" not in request.POST
    problem = ""
    if request.method == "POST" and seated.seats and not asked:
        try:
            seating.publish(found, seen=request.POST.get("seen", ""), by=request.user, now=now)
        except ValidationError as error:
            problem = error.messages[0]
        else:
            say(request, _("Gruppene er publisert. Veilederne og kommunene får e-post om det som er nytt."))
            return redirect(back)
    changes = [change for change in seating.changes(seated, _members(cohort)) if change.changes]
    context = {
        "cohort": cohort,
        "back": back,
        "changes": changes,
        "unchanged": len(seated.seats) - len(changes),
        "broken": broken,
        "over": _over(seated, breaches),
        "lacking": [row.participation for row in rows if not row.seats],
        "told": len({seat.supervisor_id for change in changes for seat in change.group}),
        "seen": seating.version(seat for group in seated.seats.values() for seat in group),
        "asked": asked,
        "problem": problem,
    }
    return render(request, "guidance/groups/publish.html", context, status=422 if request.method == "POST" else 200)
