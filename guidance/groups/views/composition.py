"""Putting together the groups of a whole cohort, for Udir's staff and Læringsmiljøsenteret's project leaders."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.groups import changes, seating, steps
from guidance.groups.changes import GroupChange
from guidance.groups.forms import CompositionFilter
from guidance.groups.seating import Seating, read_seating
from guidance.groups.table import loads_of, overloaded, rows_of
from guidance.groups.wording import describe_change, describe_step, describe_ways
from guidance.models import Composition, GroupMember
from participants.models import Cohort
from parts.forms import number_from, say

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
def composition(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    cohort = access.followed_cohort(request.user, pk, today=timezone.localdate(now))
    if request.method == "POST" and "begin" in request.POST:
        Composition.objects.open_for(cohort, by=request.user, now=now)
        return redirect("guidance:composition", pk)
    found = Composition.objects.open().filter(cohort=cohort).first()
    if found is None:
        return _restored(request, cohort) if "restore" in request.POST else _published(request, cohort)
    if request.method == "POST":
        try:
            return _act(request, cohort, found) or redirect("guidance:composition", pk)
        except ValidationError as error:
            return _working(request, cohort, found, problem=error.messages[0])
    return _working(request, cohort, found)


def _act(request: PersonRequest, cohort: Cohort, found: Composition) -> HttpResponse | None:
    """Do what was pressed, or ask about it first. Return nothing when the page itself is to be shown again."""
    now = timezone.now()
    if "propose" in request.POST:
        return _propose(request, cohort, found)
    if "undo" in request.POST:
        steps.undo(found, step=number_from(request.POST["undo"]), by=request.user, now=now)
        say(request, _("Angret. Forslaget er som det var før."))
        return None
    if "redo" in request.POST:
        steps.redo(found, step=number_from(request.POST["redo"]), by=request.user, now=now)
        say(request, _("Gjort om igjen. Forslaget er som det var før du angret."))
        return None
    locked = "lock" in request.POST
    key = request.POST.get("lock", request.POST.get("unlock", ""))
    one = number_from(key)
    if key == "all" and not locked and (asked := _ask_before_unlocking(request, cohort, found)):
        return asked
    if one is not None or key == "all":
        seating.lock(found, locked=locked, participation=one, by=request.user, now=now)
    return redirect(reverse("guidance:composition", args=[cohort.pk]) + f"#k{one}") if one else None


def _propose(request: PersonRequest, cohort: Cohort, found: Composition) -> HttpResponse | None:
    """Propose. What would change a published group is asked about first, and stored only if it still is the same."""
    seated, proposal = seating.work_out(cohort, found)
    then = seating.after(seated, proposal)
    before, proposed = steps.version(seated.all_seats), steps.version(then.all_seats)
    touched = changes.of_published(seated, then, changes.members_of(cohort))
    if touched and request.POST.get("sure") != f"{before}.{proposed}":
        title = ngettext(
            "Forslaget endrer %(count)s gruppe som er publisert",
            "Forslaget endrer %(count)s grupper som er publisert",
            len(touched),
        ) % {"count": len(touched)}
        carried = {"propose": "1", "sure": f"{before}.{proposed}"}
        return _ask(request, cohort, title=title, lines=_lines(touched), carried=carried, button=_("Bruk forslaget"))
    changed = seating.store(found, proposal, seen=before, by=request.user, now=timezone.now())
    _say_how_it_went(request, seated, then, changed=changed)
    return None


def _say_how_it_went(request: PersonRequest, before: Seating, then: Seating, *, changed: bool) -> None:
    broken = rows_with_breaches(then)
    over = overloaded(then, then.breaches())
    if changed:
        said = [_("Forslaget er klart. Det du hadde låst, er som før.")]
    elif before.all_seats and all(seat.locked for seat in before.all_seats) and not _has_empty(then):
        said = [_("Ingenting ble endret: alle gruppene er låst.")]
    else:
        said = [_("Ingenting ble endret: det finnes ikke noe bedre forslag rundt det som er låst.")]
    if broken:
        said.append(
            ngettext(
                "%(count)s gruppe følger ikke alle reglene. Se hvorfor ved gruppa.",
                "%(count)s grupper følger ikke alle reglene. Se hvorfor ved hver av dem.",
                broken,
            )
            % {"count": broken}
        )
    if over:
        said.append(
            ngettext(
                "%(count)s veileder har for mange kommuner i grupper som er låst.",
                "%(count)s veiledere har for mange kommuner i grupper som er låst.",
                len(over),
            )
            % {"count": len(over)}
        )
    level = messages.WARNING if broken or over or not changed else messages.SUCCESS
    say(request, " ".join(said), level=level)


def rows_with_breaches(seated: Seating) -> int:
    return len({breach.municipality for breach in seated.breaches() if breach.municipality is not None})


def _has_empty(seated: Seating) -> bool:
    return any(not seated.seats.get(key) for key in seated.participations)


def _ask_before_unlocking(request: PersonRequest, cohort: Cohort, found: Composition) -> HttpResponse | None:
    """Which published groups the next proposal may then change. None when there are none, or it was answered."""
    members = changes.members_of(cohort)
    locked = {seat.participation_id for seat in found.seats_of_participants() if seat.locked}
    groups: dict[int, list[GroupMember]] = {}
    for member in members:
        groups.setdefault(member.group.participation_id, []).append(member)
    published = cohort.participations.filter(pk__in=locked & groups.keys()).select_related("municipality__county")
    lines = [
        (one.municipality.name_and_county, ", ".join(str(member) for member in groups[one.pk]))
        for one in published.order_by("municipality__name", "pk")
    ]
    seen = steps.version(found.seats.all())
    if not lines or request.POST.get("sure") == seen:
        return None
    title = ngettext(
        "Låse opp %(count)s gruppe som er publisert?", "Låse opp %(count)s grupper som er publisert?", len(lines)
    ) % {"count": len(lines)}
    return _ask(
        request,
        cohort,
        title=title,
        lines=lines,
        carried={"unlock": "all", "sure": seen},
        button=_("Lås opp alle"),
        text=_(
            "Det neste forslaget kan da endre dem. De som har holdt møter i en kommune, blir der så langt reglene "
            "tillater det."
        ),
    )


def _lines(touched: Iterable[GroupChange]) -> list[tuple[str, str]]:
    return [(change.participation.municipality.name_and_county, describe_change(change)) for change in touched]


def _ask(
    request: PersonRequest,
    cohort: Cohort,
    *,
    title: str,
    lines: list[tuple[str, str]],
    carried: dict[str, str],
    button: str,
    text: str = "",
) -> HttpResponse:
    context = {
        "cohort": cohort,
        "title": title,
        "lines": lines,
        "carried": carried,
        "button": button,
        "text": text,
        "back": reverse("guidance:composition", args=[cohort.pk]),
    }
    return render(request, "guidance/groups/ask.html", context)


def _working(request: PersonRequest, cohort: Cohort, found: Composition, *, problem: str = "") -> HttpResponse:
    seated = read_seating(cohort, found)
    breaches = seated.breaches()
    obstacles = seated.obstacles()
    rows = rows_of(seated, breaches, obstacles)
    form = CompositionFilter(request.GET)
    page = Paginator(form.filter(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    step = steps.last(found)
    context = {
        "cohort": cohort,
        "composition": found,
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": len(rows),
        "whole": sum(bool(row.seats) and not row.broken for row in rows),
        "people": len(seated.most),
        "over": overloaded(seated, breaches),
        "ways": describe_ways(obstacles),
        "loads": loads_of(seated),
        "dropped": seated.dropped,
        "step": step,
        "undo": describe_step(step) if step else "",
        "undone": steps.last_undone(found),
        "problem": problem,
    }
    return render(request, "guidance/groups/composition.html", context, status=409 if problem else 200)


def _restored(request: PersonRequest, cohort: Cohort) -> HttpResponse:
    """Take up again what was discarded last."""
    found = cohort.compositions.filter(pk=number_from(request.POST["restore"]) or 0).first()
    if found is not None:
        try:
            found.restore()
        except ValidationError as error:
            return _published(request, cohort, problem=error.messages[0])
        say(request, _("Endringene er hentet fram igjen. Se over dem før du publiserer."))
    return redirect("guidance:composition", cohort.pk)


def _published(request: PersonRequest, cohort: Cohort, *, problem: str = "") -> HttpResponse:
    """The groups as they are, while no composition is worked on."""
    groups: dict[int, list[GroupMember]] = {}
    for member in changes.members_of(cohort):
        groups.setdefault(member.group.participation_id, []).append(member)
    participations = cohort.participations.taking_part().filter(accepted_at__isnull=False)
    page = Paginator(
        participations.select_related("municipality__county").order_by("municipality__name", "pk"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    closed = list(cohort.compositions.select_related("published_by", "discarded_by"))
    context = {
        "cohort": cohort,
        "page": page,
        "rows": [(participation, groups.get(participation.pk, [])) for participation in page.object_list],
        "pages": page.paginator.get_elided_page_range(page.number),
        "published": max(
            (one for one in closed if one.published_at), key=lambda one: (one.published_at, one.pk), default=None
        ),
        "discarded": next((one for one in closed[:1] if one.discarded_at), None),
        "problem": problem,
    }
    return render(request, "guidance/groups/composition_published.html", context, status=409 if problem else 200)
