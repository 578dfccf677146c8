"""Withdrawing a log, and moving it to the municipality that it was about. What either does is shown first."""

from datetime import date
from functools import partial

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest
from guidance import access
from guidance.models import GuidanceGroup, GuidanceSession
from guidance.sessions import withdrawing
from guidance.sessions.withdrawing import RemovedLog, coming_of, measures_of
from lmp.changes.removing.log_forms import MoveLogForm, WhereToForm, WithdrawLogForm
from lmp.changes.removing.settling import settle
from outbox.effects import Section
from parts.dates import day_in_words


def _load(user: User, pk: int, *, today: date) -> GuidanceSession:
    """A log that stands, of those this person may take back or move."""
    logs = access.logs_written_by(user, today=today).filter(withdrawn_at__isnull=True)
    return get_object_or_404(logs.select_related("group__participation__municipality__county"), pk=pk)


def _locked(user: User, pk: int, *groups: int, today: date) -> GuidanceSession:
    """The same, with these groups locked: nobody logs, corrects or moves anything of theirs meanwhile."""
    list(GuidanceGroup.objects.select_for_update(of=("self",)).filter(pk__in=groups).order_by("pk"))
    return _load(user, pk, today=today)


@never_cache
@require_http_methods(["GET", "POST"])
@transaction.atomic
def withdraw_log(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    session = _load(request.user, pk, today=today)
    if request.method == "POST":
        session = _locked(request.user, pk, session.group_id, today=today)
    form = WithdrawLogForm(
        request.POST if request.method == "POST" else None,
        measures=list(measures_of(session)),
        coming=list(coming_of(session, today=today)),
    )
    if request.method == "POST" and form.is_valid():
        act = partial(withdrawing.withdraw, session, **form.facts, by=request.user, now=now)
        words = {"title": _("Trekk tilbake loggen"), "done": _("Loggen er trukket tilbake.")}
        back = partial(_back, request.user, session, today=today)
        if page := settle(request, act, **words, sections=partial(_withdrawn, session), back=back, now=now):
            return page
    context = {"session": session, "participation": session.group.participation, "form": form}
    return render(request, "changes/removing/withdraw_log.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@transaction.atomic
def move_log(request: PersonRequest, pk: int) -> HttpResponse:
    """First the municipality is chosen, then its units."""
    now = timezone.now()
    today = timezone.localdate(now)
    session = _load(request.user, pk, today=today)
    where = WhereToForm(request.GET, groups=list(access.groups_to_move_to(request.user, session, today=today)))
    context = {"session": session, "participation": session.group.participation, "where": where}
    if (to := where.group) is None:
        shown = WhereToForm(groups=list(where.groups.values())) if "til" not in request.GET else where
        return render(request, "changes/removing/move_log.html", context | {"where": shown})
    if request.method == "POST":
        session = _locked(request.user, pk, session.group_id, to.pk, today=today)
    coming = list(coming_of(session, today=today))
    form = MoveLogForm(
        request.POST if request.method == "POST" else None,
        initial={"coming": [each.pk for each in coming]},
        units=list(to.participation.units.active(today=today)),
        measures=list(measures_of(session)),
        coming=coming,
    )
    if request.method == "POST" and form.is_valid():
        act = partial(withdrawing.move, session, to=to, **form.facts, by=request.user, now=now)
        done = _("Loggen er flyttet til %(name)s.") % {"name": to.participation.municipality}
        tell, back = partial(_moved, session, session.group, to), partial(_back, request.user, session, today=today)
        if page := settle(request, act, title=_("Flytt loggen"), done=done, sections=tell, back=back, now=now):
            return page
    context |= {"to": to, "form": form}
    return render(request, "changes/removing/move_log.html", context, status=422 if form.errors else 200)


def _back(user: User, session: GuidanceSession, *, today: date) -> str:
    """Where the log is now, for whoever still sees it there; else their own page."""
    seen = GuidanceSession.objects.visible_to(user, today=today).filter(pk=session.pk)
    return session.get_absolute_url() if seen.exists() else reverse("guidance:supervisor")


def _withdrawn(session: GuidanceSession, done: RemovedLog) -> list[Section]:
    place = {"name": session.group.participation.municipality, "day": day_in_words(session.held_on)}
    return [
        (
            _("Loggen"),
            [
                _("Loggen fra møtet i %(name)s %(day)s teller ikke lenger.") % place,
                _("Bare veiledergruppa og Læringsmiljøsenteret ser den, og at den er trukket tilbake."),
            ],
        ),
        *_hanging_on(done),
    ]


def _moved(session: GuidanceSession, before: GuidanceGroup, to: GuidanceGroup, done: RemovedLog) -> list[Section]:
    words = {
        "before": before.participation.municipality,
        "after": to.participation.municipality,
        "day": day_in_words(session.held_on),
    }
    same_day = _(
        "%(after)s har allerede et møte denne dagen. Er det det samme, trekker du tilbake eller avlyser det ene."
    )
    return [
        (
            _("Loggen"),
            [
                _("Loggen fra %(day)s flyttes fra %(before)s til %(after)s, med rettelsene.") % words,
                _("Møtet teller i %(after)s, og ikke lenger i %(before)s.") % words,
                *([same_day % words] if done.same_day else []),
            ],
        ),
        *_hanging_on(done),
    ]


def _hanging_on(done: RemovedLog) -> list[Section]:
    def measures(rows: list) -> list[str]:
        return [f"{measure.unit}: {measure}" for measure in rows]

    def days(rows: list) -> list[str]:
        return [day_in_words(session.held_on) for session in rows]

    return [
        (_("Tiltak som trekkes tilbake"), measures(done.measures_withdrawn)),
        (_("Tiltak som flyttes"), measures(done.measures_moved)),
        (_("Tiltak som blir stående"), measures(done.measures_left)),
        (_("Møter som avlyses"), days(done.cancelled)),
        (_("Møter som planlegges"), days(done.planned)),
        (_("Møter som blir stående"), days(done.coming_left)),
    ]
