"""What becomes of a composition: it is published, or discarded; and what was published before."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from guidance import access
from guidance.groups import changes, seating, steps
from guidance.groups.changes import GroupChange
from guidance.groups.seating import read_seating
from guidance.groups.table import overloaded, rows_of
from guidance.groups.wording import describe_published
from guidance.models import Composition, PublishedChange
from parts.forms import say

PAGE_SIZE = 10


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
    rows = rows_of(seated, breaches)
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
    found_changes = [change for change in changes.changes(seated, changes.members_of(cohort)) if change.changes]
    context = {
        "cohort": cohort,
        "back": back,
        "changes": found_changes,
        "unchanged": len(seated.seats) - len(found_changes),
        "broken": broken,
        "over": overloaded(seated, breaches),
        "away": [(row.participation, seat.supervisor, leave) for row in rows for seat, leave in row.seated if leave],
        "lacking": [row.participation for row in rows if not row.seats],
        **_who_is_told(found_changes),
        "seen": steps.version(seated.all_seats),
        "asked": asked,
        "problem": problem,
    }
    return render(request, "guidance/groups/publish.html", context, status=422 if request.method == "POST" else 200)


def _who_is_told(found: list[GroupChange]) -> dict[str, int]:
    """How many supervisors begin, leave and are told, each once in however many groups."""
    leaves = {supervisor for change in found for supervisor in change.leaves}
    return {
        "begins": len({supervisor for change in found for supervisor in change.joins}),
        "leaves": len(leaves),
        "told": len(leaves | {seat.supervisor for change in found for seat in change.group}),
    }


@require_http_methods(["GET", "POST"])
def discard(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what is given up, and give it up: the groups stay as they are published."""
    now = timezone.now()
    cohort = access.followed_cohort(request.user, pk, today=timezone.localdate(now))
    back = reverse("guidance:composition", args=[pk])
    found = Composition.objects.open().filter(cohort=cohort).first()
    if found is None:
        return redirect(back)
    seated = read_seating(cohort, found)
    seen = steps.version(seated.all_seats)
    problem = ""
    if request.method == "POST" and request.POST.get("seen") == seen:
        try:
            found.discard(by=request.user, now=now)
        except ValidationError as error:
            problem = error.messages[0]
        else:
            say(request, _("Endringene er forkastet. Gruppene er som de er publisert."))
            return redirect(back)
    elif request.method == "POST":
        problem = _("Noen endret gruppene mens du hadde siden åpen. Ingenting er forkastet. Se over, og velg på nytt.")
    members = changes.members_of(cohort)
    context = {
        "cohort": cohort,
        "back": back,
        "changes": [change for change in changes.changes(seated, members) if change.changes],
        "is_published": bool(members),
        "seen": seen,
        "problem": problem,
    }
    return render(request, "guidance/groups/discard.html", context, status=409 if problem else 200)


@require_safe
def publications(request: PersonRequest, pk: int) -> HttpResponse:
    """Who published when, and which groups changed how; the newest first."""
    cohort = access.followed_cohort(request.user, pk, today=timezone.localdate())
    published = cohort.compositions.filter(published_at__isnull=False).select_related("published_by")
    page = Paginator(published.order_by("-published_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    made = PublishedChange.objects.filter(composition__in=list(page.object_list)).select_related(
        "supervisor", "participation__municipality__county"
    )
    found: dict[int, dict[str, list[PublishedChange]]] = {}
    for change in made.order_by("participation__municipality__name", "participation", "pk"):
        place = change.participation.municipality.name_and_county
        found.setdefault(change.composition_id, {}).setdefault(place, []).append(change)
    context = {
        "cohort": cohort,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": [
            (one, [(place, describe_published(each)) for place, each in found.get(one.pk, {}).items()])
            for one in page.object_list
        ],
    }
    return render(request, "guidance/groups/publications.html", context)
