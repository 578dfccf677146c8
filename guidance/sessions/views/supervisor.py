"""The supervisor's own page: their municipalities, with what was last, what comes next, and what waits for them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Subquery, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from guidance.models import GroupMember, GuidanceSession, Handover, LogDraft
from participants.models import Cohort

PAGE_SIZE = 20


@dataclass
class Card:
    """A municipality on the page."""

    member: GroupMember
    coming: list[GuidanceSession]
    missing: list[GuidanceSession]
    drafts: list[LogDraft]
    today: date

    @property
    def due(self) -> GuidanceSession | None:
        """The session that is to be logged: today's, else the last one that lacks a log."""
        held_today = (session for session in self.coming if session.held_on == self.today)
        return next(held_today, self.missing[-1] if self.missing else None)

    @property
    def log_address(self) -> str:
        """Where the big button leads: the session that is to be logged, else the log that was begun, else a new one."""
        if self.due or not self.drafts:
            return self._address(self.due)
        return self._address(self.drafts[0].session, self.drafts[0])

    @property
    def begun(self) -> list[tuple[LogDraft, str]]:
        """The logs that were begun, each with where it goes on."""
        return [(draft, self._address(draft.session, draft)) for draft in self.drafts]

    def _address(self, session: GuidanceSession | None, draft: LogDraft | None = None) -> str:
        query = f"?utkast={draft.token}" if draft else ""
        if session:
            return reverse("guidance:log_planned", args=[session.pk]) + query
        return reverse("guidance:log", args=[self.member.group.participation_id]) + query


@require_safe
def supervisor(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    mine = memberships(request.user, today=today)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = mine.filter(group__participation__municipality__name__icontains=text) if text else mine
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "cards": list(cards(list(page.object_list), request.user, today=today)),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "q": text,
        "searches": bool(text) or page.paginator.count > PAGE_SIZE,
    }
    return render(request, "guidance/sessions/supervisor.html", context)


def memberships(user: User, *, today: date):
    """First where a log is missing; then cohorts in their two years, then coming ones. No cohort that is long over."""
    sessions = GuidanceSession.objects.filter(group=OuterRef("group"))
    return (
        GroupMember.objects.of(user)
        .filter(group__participation__cohort__in=Cohort.objects.going_on(today=today, years_after=1))
        .select_related("group__participation__municipality__county", "group__participation__cohort")
        .prefetch_related(
            Prefetch("taken_over", Handover.objects.select_related("handed_over_by").order_by("-handed_over_at"))
        )
        .annotate(
            last_on=Subquery(sessions.counted().order_by("-held_on").values("held_on")[:1]),
            lacks=Exists(sessions.planned().filter(held_on__lt=today)),
            turn=Case(
                When(~Q(group__participation__cohort__in=Cohort.objects.going_on(today=today)), then=Value(2)),
                When(group__participation__cohort__starts_on__gt=today, then=Value(1)),
                default=Value(0),
            ),
        )
        .order_by(
            "-lacks",
            "turn",
            "-group__participation__cohort__number",
            "group__participation__municipality__name",
            "pk",
        )
    )


def cards(members: Sequence[GroupMember], user: User, *, today: date) -> Iterator[Card]:
    groups = [member.group_id for member in members]
    coming: dict[int, list[GuidanceSession]] = defaultdict(list)
    missing: dict[int, list[GuidanceSession]] = defaultdict(list)
    drafts: dict[int, list[LogDraft]] = defaultdict(list)
    for session in GuidanceSession.objects.planned().filter(group__in=groups).order_by("held_on", "starts_at", "pk"):
        (missing if session.held_on < today else coming)[session.group_id].append(session)
    for draft in LogDraft.objects.filter(user=user, group__in=groups).select_related("session"):
        drafts[draft.group_id].append(draft)
    for member in members:
        key = member.group_id
        yield Card(member, coming=coming[key], missing=missing[key], drafts=drafts[key], today=today)
