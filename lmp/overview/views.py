from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from accounts.todos import Todo
from gatherings.models import LateRequest
from guidance.models import GroupMember
from lmp.changes.models import Succession
from lmp.overview import access, todos
from lmp.overview.forms import ParticipationFilter
from lmp.welcome import copies
from outbox.models import Message
from participants import states
from participants.functions import Functions, functions
from participants.models import Cohort, Contact, Participation, Unit, UnitFigures, in_operation
from parts.rows import annotated

if TYPE_CHECKING:
    from participants.states import WithState

PAGE_SIZE = 50


@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """My page: what is left to do, then the municipalities and units that are mine."""
    now = timezone.now()
    mine = functions(request.user)
    context = todos.found(request.user, now, mine=mine) | {
        "today": timezone.localdate(now),
        "units": _led(mine),
        "functions": bool(mine.participations or mine.leads),
        # Who answers for a municipality has them on the page of its contacts.
        "successions": [] if mine.answers_for else list(Succession.objects.coming().involving(request.user).in_words()),
    }
    functions_elsewhere = {name: context[name] for name in ("supervises", "leads_guidance")}
    seen = _with_state(access.participations_through(request.user, mine, **functions_elsewhere))
    if request.user.is_staff:
        newest = Cohort.objects.first()
        waiting = [*_staff_todos(now), *context["todos"]]
        context |= {"todos": waiting, "cohort": newest, "counts": _counts(seen, newest)}
        context["unreachable_governors"] = copies.unreachable_soon()
        return render(request, "overview/home_staff.html", context)
    return render(request, "overview/home.html", context | {"participations": list(seen[: PAGE_SIZE + 1])})


def _led(mine: Functions) -> list[Unit]:
    if not mine.leads:
        return []
    led = Unit.objects.filter(pk__in=mine.leads)
    return list(led.select_related("participation__municipality", "participation__cohort")[:PAGE_SIZE])


def _with_state(queryset: QuerySet[Participation]) -> "QuerySet[WithState]":
    return states.with_state(queryset.select_related("municipality__county", "cohort"), today=timezone.localdate())


def _staff_todos(now: datetime) -> list[Todo]:
    """What the staff of the programme must see to themselves: mails that did not arrive, and what they are asked."""
    lost = Message.objects.undelivered().count()
    asked = LateRequest.objects.open().count()
    found = []
    if lost:
        found.append(
            Todo(
                title=ngettext("%(count)s e-post kom ikke fram", "%(count)s e-poster kom ikke fram", lost)
                % {"count": lost},
                text=_("Rett adressen, send på nytt, eller merk e-posten som ferdig."),
                url=reverse("admin:outbox_message_changelist") + "?state=undelivered",
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
    return found + copies.todos()


def _counts(seen: "QuerySet[WithState]", cohort: Cohort | None) -> list[tuple[str, str | Promise, int]]:
    """How many of the cohort are in each state: (state, label, number)."""
    found = Counter(states.state(participation) for participation in seen.filter(cohort=cohort))
    return [(state, label, found[state]) for state, label in states.STATES]


@require_safe
def participations(request: PersonRequest) -> HttpResponse:
    form = ParticipationFilter(request.GET)
    found = form.filter(_with_state(access.participations(request.user)))
    sort = request.GET.get("sorter", "")
    active = in_operation(today=timezone.localdate(), unit="units")
    found = found.annotate(unit_count=Count("units", filter=active, distinct=True)).order_by(
        *ParticipationFilter.SORTS.get(sort, ("-cohort__number", "municipality__name", "pk"))
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
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
    found = get_object_or_404(_with_state(access.participations(request.user)), pk=pk)
    today = timezone.localdate()
    heads = Prefetch("contacts", Contact.objects.current(), to_attr="head_contacts")
    units = list(
        found.units.select_related("merged_into")
        .prefetch_related(heads)
        .annotate(
            members=Count("project_group__members"),
            lacks_count=Exists(Unit.objects.lacking_count(today=today).filter(pk=OuterRef("pk"))),
        )
    )
    mine, active = functions(request.user), [unit for unit in units if unit.is_active(today=today)]
    context = {
        "participation": found,
        "contacts": found.contacts.current().filter(unit__isnull=True).select_related("user"),
        "units": active,
        "closed_units": [unit for unit in units if not unit.is_active(today=today)],
        "figures": UnitFigures.of(units, on=today),
        "without_group": sum(not annotated(unit, "members", int) for unit in active),
        "rounds": list(found.confirmations.with_moves().select_related("answered_by").order_by("-round")),
        "withdrawals": list(found.withdrawals.all()),
        "registers": request.user.is_staff and request.user.has_perm("participants.change_participation"),
        "gatherings": found.cohort.gatherings.all(),
        "supervisors": GroupMember.objects.current()
        .filter(group__participation=found)
        .select_related("supervisor__user"),
        "editable": pk in mine.answers_for and Participation.objects.answered_for([pk], today=today).exists(),
        "sees_units": request.user.is_staff
        or pk in mine.participations
        or found.municipality.county.governor_id in mine.governs,
    }
    return render(request, "overview/participation.html", context)
