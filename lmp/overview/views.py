from collections import Counter
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, Value
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from accounts.todos import Todo, most_urgent_first
from gatherings import todos as gatherings_todos
from gatherings.models import LateRequest
from guidance import todos as guidance_todos
from guidance.models import GroupMember
from lmp.overview import access
from lmp.overview.forms import ParticipationFilter
from outbox.models import Message, State
from participants import states
from participants import todos as participants_todos
from participants.models import Cohort, Participation, Unit

PAGE_SIZE = 50


def todos(user: User, now: datetime) -> dict[str, Any]:
    """What waits for this person in every app, the most urgent first; and what follows from the same queries.

    That is the gatherings they come to, whether they supervise anywhere, and whether they lead the guidance.
    """
    units = participants_todos.units(user, now)
    found = participants_todos.todos(user, now, units=units)
    about_gatherings, coming = gatherings_todos.todos(user, now, units=units)
    about_guidance, supervises, leads = guidance_todos.todos(user, now)
    return {
        "todos": most_urgent_first(found + about_gatherings + about_guidance),
        "coming": coming,
        "supervises": supervises,
        "leads_guidance": leads or user.is_staff,
    }


@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """My page: what is left to do, then the municipalities and units that are mine."""
    now = timezone.now()
    mine = _with_state(access.participations(request.user))
    context = todos(request.user, now) | {
        "today": timezone.localdate(now),
        "units": Unit.objects.led_by(request.user).select_related(
            "participation__municipality", "participation__cohort"
        )[:PAGE_SIZE],
    }
    if request.user.is_staff:
        newest = Cohort.objects.first()
        waiting = [*_staff_todos(now), *context["todos"]]
        context |= {"todos": waiting, "cohort": newest, "counts": _counts(mine, newest)}
        return render(request, "overview/home_staff.html", context)
    return render(request, "overview/home.html", context | {"participations": _described(mine[: PAGE_SIZE + 1])})


def _with_state(queryset):
    return states.with_state(queryset.select_related("municipality__county", "cohort"), today=timezone.localdate())


def _described(participations) -> list[Participation]:
    """Each with its state's word and colour, for the templates."""
    described = list(participations)
    for participation in described:
        state = states.state(participation)
        participation.state = state  # type: ignore[attr-defined]
        participation.state_label = states.LABELS[state]  # type: ignore[attr-defined]
        participation.state_colour = states.COLOURS.get(state, "neutral")  # type: ignore[attr-defined]
    return described


def _staff_todos(now: datetime) -> list[Todo]:
    """What the staff of the programme must see to themselves: mails that did not arrive, and what they are asked."""
    mails = Message.objects.in_state(State.GIVEN_UP, now).filter(resends__isnull=True).order_by()
    late_requests = LateRequest.objects.open().order_by()
    counts = [
        rows.values_list(Value(kind)).annotate(Count("pk"))
        for kind, rows in (("lost", mails), ("asked", late_requests))
    ]
    waiting = dict(counts[0].union(counts[1], all=True))
    lost, asked = waiting.get("lost", 0), waiting.get("asked", 0)
    found = []
    if lost:
        found.append(
            Todo(
                title=ngettext("%(count)s e-post kom ikke fram", "%(count)s e-poster kom ikke fram", lost)
                % {"count": lost},
                text=_("Rett adressen, eller send på nytt."),
                url=reverse("admin:outbox_message_changelist") + "?state=given_up",
                button=_("Se e-postene"),
            )
        )
    if asked:
        title = ngettext(
            "%(count)s spørsmål om en samling venter på svar", "%(count)s spørsmål om samlinger venter på svar", asked
        )
        found.append(
            Todo(
                title=title % {"count": asked},
                text=_("Noen vil melde på, endre eller melde av etter fristen."),
                url=reverse("admin:gatherings_laterequest_changelist") + "?svar=venter",
                button=_("Se spørsmålene"),
            )
        )
    return found


def _counts(queryset, cohort: Cohort | None) -> list[tuple[str, str | Promise, int]]:
    """How many of the cohort stand where: (state, label, number)."""
    found = Counter(states.state(participation) for participation in queryset.filter(cohort=cohort))
    return [(state, label, found[state]) for state, label in states.STATES]


@require_safe
def participations(request: PersonRequest) -> HttpResponse:
    form = ParticipationFilter(request.GET)
    found = form.filter(_with_state(access.participations(request.user)))
    sort = request.GET.get("sorter", "")
    found = found.annotate(unit_count=Count("units", filter=Q(units__closed_on__isnull=True), distinct=True)).order_by(
        *ParticipationFilter.SORTS.get(sort, ("-cohort__number", "municipality__name", "pk"))
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = _described(page.object_list)
    return render(
        request,
        "overview/participations.html",
        {
            "form": form,
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "sort": sort,
        },
    )


@require_safe
def participation(request: PersonRequest, pk: int) -> HttpResponse:
    seen = _with_state(access.participations(request.user)).annotate(
        editable=Exists(Participation.objects.editable_by(request.user).filter(pk=OuterRef("pk"))),
        sees_units=Exists(Participation.objects.visible_to(request.user).filter(pk=OuterRef("pk"))),
    )
    [found] = _described([get_object_or_404(seen, pk=pk)])
    contacts = list(found.contacts.current().select_related("user", "unit"))
    units = list(
        found.units.select_related("project_group", "merged_into").annotate(members=Count("project_group__members"))
    )
    for unit in units:
        heads = [contact for contact in contacts if contact.unit_id == unit.pk]
        unit.head_contacts = heads  # type: ignore[attr-defined]
    context = {
        "participation": found,
        "contacts": [contact for contact in contacts if contact.unit_id is None],
        "units": [unit for unit in units if unit.closed_on is None],
        "closed_units": [unit for unit in units if unit.closed_on],
        "without_group": [unit for unit in units if unit.closed_on is None and not unit.members],  # type: ignore[attr-defined]
        "rounds": list(found.confirmations.select_related("answered_by").order_by("-round")),
        "gatherings": found.cohort.gatherings.all(),
        "supervisors": GroupMember.objects.current()
        .filter(group__participation=found)
        .select_related("supervisor__user"),
        "editable": found.editable,  # type: ignore[attr-defined]
        "sees_units": found.sees_units,  # type: ignore[attr-defined]
    }
    return render(request, "overview/participation.html", context)
