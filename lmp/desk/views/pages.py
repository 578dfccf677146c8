"""The pages that a day's work begins from: what waits in every pulje, and all that belongs to one."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from gatherings.models import Gathering, Registration
from guidance.models import ProjectLeader
from lmp.desk import standing, work
from lmp.desk.models import MessageRead
from lmp.desk.tables import tables
from lmp.desk.week import week
from lmp.mailcalendar.access import everywhere, told
from lmp.overview import access, todos
from lmp.welcome import copies
from participants.functions import functions
from participants.models import Cohort, Confirmation
from parts.forms import say


@require_safe
def front(request: PersonRequest) -> HttpResponse:
    """For staff alone: the administration, whose first page this is, has seen to that."""
    now = timezone.now()
    daily, rest = tables(request)
    own = todos.found(request.user, now, mine=functions(request.user))
    context = {
        "own": own.todos,
        "supervises": own.supervises,
        "leads_guidance": own.leads_guidance,
        "standings": standing.running(today=timezone.localdate(now)),
        "works": work.waiting(now),
        "copies": copies.todos(),
        "days": week(now),
        "pauses": everywhere(request.user, now=now),
        "daily": daily,
        "rest": rest,
    }
    return render(request, "desk/front.html", context)


@require_safe
def cohort(request: PersonRequest, pk: int) -> HttpResponse:
    """One address for everybody in the pulje: each sees the gatherings, and the municipalities that are theirs."""
    found, now = get_object_or_404(Cohort, pk=pk), timezone.now()
    today = timezone.localdate(now)
    theirs = access.with_state(access.letters(request.user).filter(cohort=found))
    own = [] if request.user.is_staff else list(theirs.order_by("municipality__name", "pk"))
    if not request.user.is_staff and not own:
        raise Http404
    context = {
        "cohort": found,
        "own": own,
        # A head has the unit's page, and none of the municipality.
        "reached": set(
            access.participations(request.user).filter(pk__in=[each.pk for each in own]).values_list("pk", flat=True)
        ),
        "leads": request.user.is_staff or ProjectLeader.objects.current(today=today).filter(user=request.user).exists(),
        "gatherings": _gatherings(found),
        # Who guides a municipality sees when its gatherings are, and has no page of them.
        "opened": set(found.gatherings.visible_to(request.user).values_list("pk", flat=True)),
    }
    context["pauses"] = told(request.user, found, leads=bool(context["leads"]), now=now)
    if request.user.is_staff:
        [context["standing"]] = standing.of([found], today=today)
        context["works"] = list(work.of_cohort(work.waiting(now), found))
    return render(request, "desk/cohort.html", context)


def _gatherings(cohort: Cohort) -> QuerySet[Gathering]:
    """Each with how many have a place, and how many wait."""
    rows = Registration.objects.filter(gathering=OuterRef("pk")).order_by()
    counted = {
        name: Coalesce(Subquery(found.values("gathering").annotate(n=Count("pk")).values("n")), 0)
        for name, found in (("placed", rows.placed()), ("queued", rows.waiting()))
    }
    return cohort.gatherings.annotate(**counted).select_related("cohort")


@require_http_methods(["GET", "HEAD", "POST"])
def message(request: PersonRequest, pk: int) -> HttpResponse:
    """What a municipality has written as it confirmed, and that somebody has seen to it."""
    if not request.user.is_staff:
        raise Http404
    rows = Confirmation.objects.filter(answered_at__isnull=False).exclude(comment="")
    rows = rows.select_related("participation__municipality__county", "participation__cohort", "answered_by")
    found = get_object_or_404(rows, pk=pk)
    read = MessageRead.objects.filter(confirmation=found).select_related("read_by").first()
    if request.method == "POST":
        MessageRead.mark(found, by=request.user, now=timezone.now())
        said = _("Meldingen fra %(place)s er merket som fulgt opp.")
        say(request, said % {"place": found.participation.municipality})
        return redirect("admin:index")
    context = {"confirmation": found, "participation": found.participation, "read": read}
    return render(request, "desk/message.html", context)
