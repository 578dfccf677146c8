"""What a person has left to do about the guidance, and by when."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Exists, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.todos import Todo
from guidance.follow_up import pulse
from guidance.follow_up.lacks import follow_up_todos
from guidance.groups.todos import group_todos, leave_todos
from guidance.models import (
    Composition,
    FollowUp,
    GroupMember,
    GuidanceSession,
    GuidanceSettings,
    LogDraft,
    Measure,
    ProjectLeader,
)
from participants.functions import Functions
from participants.models import Cohort, Participation, in_operation


def todos(
    user: User, now: datetime, *, mine: Functions, measures: Iterable[Measure] | None = None
) -> tuple[list[Todo], bool, bool]:
    """What waits; whether the person supervises anywhere; whether they lead the guidance.

    One query, and more only for those who may have an answer: three for a supervisor, one for a unit's head, nine
    for a project leader. `measures`: what `measures_of` found, where it is asked already.
    """
    today = timezone.localdate(now)
    members = GroupMember.objects.of(user).filter(group__participation__withdrawn_at__isnull=True)
    is_leader = ProjectLeader.objects.is_one(user, today=today)
    asked = [Subquery(pulse.waiting(user, today=today).values(name)[:1]) for name in ("pk", "held_on", "submitted_at")]
    facts = User.objects.values_list(Exists(members), is_leader, *asked).get(pk=user.pk)
    supervises, leads, session, held_on, submitted_at = facts
    found: list[Todo] = [pulse.pulse_todo(session, held_on, submitted_at)] if session else []
    if supervises:
        found += _logs(members, user, today=today)
    if leads:
        found += _unpublished(today=today)
        going_on = Participation.objects.taking_part().filter(cohort__in=Cohort.objects.going_on(today=today))
        notes = FollowUp.objects.newest(going_on)
        found += follow_up_todos(today=today, notes=notes)
        found += group_todos(today=today, notes=notes)
        found += leave_todos(today=today, notes=notes)
    if mine.leads:
        found += _due_measures(measures_of(mine.leads, today=today) if measures is None else measures, today=today)
    return found, supervises, leads


def _logs(memberships: QuerySet[GroupMember], user: User, *, today: date) -> Iterator[Todo]:
    """The logs that are missing; and a log that was begun, unless its session is one of those that lack one."""
    related = ("group__participation__municipality__county", "group__participation__cohort__guidance_settings")
    members = list(memberships.select_related(*related).order_by("-leads", "pk"))
    groups = [member.group_id for member in members]
    missing: dict[int, list[GuidanceSession]] = defaultdict(list)
    sessions = GuidanceSession.objects.planned().filter(group__in=groups, held_on__lt=today)
    for session in sessions.order_by("held_on", "pk"):
        missing[session.group_id].append(session)
    coming = Q(session__held_on__gte=today, session__submitted_at__isnull=True, session__cancelled_at__isnull=True)
    drafts = LogDraft.objects.filter(Q(session__isnull=True) | coming, user=user, group__in=groups)
    begun: dict[int, LogDraft] = {}
    for draft in drafts.order_by("-saved_at", "pk").defer("data"):
        begun.setdefault(draft.group_id, draft)
    for member in members:
        participation = member.group.participation
        if sessions_without := missing[member.group_id]:
            yield _missing(participation, sessions_without)
        if draft_of_group := begun.get(member.group_id):
            yield _begun(participation, draft_of_group)


def _missing(participation: Participation, sessions: Sequence[GuidanceSession]) -> Todo:
    days = GuidanceSettings.objects.of(participation.cohort).log_missing_after_days
    return Todo(
        title=ngettext(
            "Skriv loggen fra møtet i %(municipality)s",
            "Skriv %(count)s logger fra møter i %(municipality)s",
            len(sessions),
        )
        % {"municipality": participation.municipality, "count": len(sessions)},
        text=_("Ble møtet ikke holdt, kan du flytte eller avlyse det."),
        url=reverse("guidance:log_planned", args=[sessions[0].pk]),
        button=_("Skriv logg"),
        due_on=sessions[0].held_on + timedelta(days=days),
    )


def _begun(participation: Participation, draft: LogDraft) -> Todo:
    name, key = ("log_planned", draft.session_id) if draft.session_id else ("log", participation.pk)
    return Todo(
        title=_("Gjør ferdig loggen fra %(municipality)s") % {"municipality": participation.municipality},
        text=_("Det du har skrevet, er lagret."),
        url=reverse(f"guidance:{name}", args=[key]) + f"?utkast={draft.token}",
        button=_("Fortsett"),
    )


def measures_of(units: Collection[int], *, today: date) -> QuerySet[Measure]:
    """What these units have going on, the soonest due first, each with its cohort's settings."""
    return (
        Measure.objects.going_on()
        .filter(in_operation(today=today, unit="unit"), unit__in=units, unit__participation__withdrawn_at__isnull=True)
        .order_by("ends_on", "pk")
        .select_related("unit__participation__cohort__guidance_settings")
    )


def _due_measures(measures: Iterable[Measure], *, today: date) -> Iterable[Todo]:
    """One for each unit with measures that are due, or will be within the days that its cohort has chosen."""
    due: dict[tuple[int, str], list[Measure]] = defaultdict(list)
    for measure in measures:
        settings = GuidanceSettings.objects.of(measure.unit.participation.cohort)
        if measure.ends_on <= today + timedelta(days=settings.measure_due_days_before):
            due[measure.unit_id, measure.unit.name].append(measure)
    return [_measures(unit, name, rows, today=today) for (unit, name), rows in due.items()]


def _measures(unit: int, name: str, due: Sequence[Measure], *, today: date) -> Todo:
    """Straight to the measure where there is one."""
    days = [measure.ends_on for measure in due]
    late = sum(day < today for day in days)
    if late:
        title = _("%(count)s tiltak ved %(unit)s er over fristen")
    else:
        title = ngettext(
            "%(count)s tiltak ved %(unit)s skal snart være ferdig",
            "%(count)s tiltak ved %(unit)s skal snart være ferdige",
            len(days),
        )
    return Todo(
        title=title % {"count": late or len(days), "unit": name},
        text=_("Oppdater status, eller gi det en ny frist."),
        url=due[0].get_absolute_url() + "#say" if len(due) == 1 else reverse("guidance:measures", args=[unit]),
        button=_("Se tiltaket") if len(due) == 1 else _("Se tiltakene"),
        due_on=min(days),
    )


def _unpublished(*, today: date) -> Iterable[Todo]:
    """The compositions that wait to be published."""
    waiting = Composition.objects.open().filter(cohort__first_year__gte=today.year - 2)
    for cohort, number in waiting.order_by("pk").values_list("cohort", "cohort__number"):
        yield Todo(
            title=_("Publiser veiledergruppene i pulje %(number)s") % {"number": number},
            text=_("Gruppene er ikke publisert, og ingen har fått beskjed."),
            url=reverse("guidance:composition", args=[cohort]),
            button=_("Se gruppene"),
        )
