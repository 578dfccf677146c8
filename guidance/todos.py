"""What a person has left to do about the guidance, and by when."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, DateField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.todos import Todo
from guidance.models import (
    Composition,
    GroupMember,
    GuidanceSession,
    GuidanceSettings,
    LogDraft,
    Measure,
    ProjectLeader,
)
from participants.models import Cohort, Unit

# The most days before a measure is due that a cohort can choose.
SOONEST = 60


def todos(user: User, now: datetime) -> tuple[list[Todo], bool, bool]:
    """What waits; whether the person supervises anywhere; whether they lead the guidance. Two queries, always."""
    today = timezone.localdate(now)
    members = list(_memberships(user, today=today))
    found = [todo for member in members for todo in _logs(member)]
    leads = False
    units: dict[tuple[int, str], list[date]] = defaultdict(list)
    for kind, key, name, day, before in _the_rest(user, today=today):
        if kind == "leader":
            leads = True
        elif kind == "composition":
            found.append(_unpublished(key, before))
        elif day <= today + timedelta(days=before):
            units[key, name].append(day)
    found += [_measures(unit, name, days, today=today) for (unit, name), days in units.items()]
    return found, bool(members), leads


def _memberships(user: User, *, today: date) -> QuerySet[GroupMember]:
    """Each with the logs that are missing and a log that was begun and has no session that is missing one."""
    missing = GuidanceSession.objects.planned().filter(group=OuterRef("group"), held_on__lt=today)
    missing = missing.order_by("held_on", "pk")
    begun = LogDraft.objects.filter(
        Q(session__isnull=True)
        | Q(session__held_on__gte=today, session__submitted_at__isnull=True, session__cancelled_at__isnull=True),
        user=user,
        group=OuterRef("group"),
    ).order_by("-saved_at", "pk")
    return (
        GroupMember.objects.of(user)
        .filter(group__participation__withdrawn_at__isnull=True)
        .select_related("group__participation__municipality")
        .annotate(
            missing=Subquery(missing.order_by().values("group").annotate(count=Count("pk")).values("count")),
            first_missing=Subquery(missing.values("pk")[:1]),
            first_missing_on=Subquery(missing.values("held_on")[:1]),
            log_after=Coalesce(
                "group__participation__cohort__guidance_settings__log_missing_after_days",
                Value(GuidanceSettings().log_missing_after_days),
            ),
            begun=Subquery(begun.values("token")[:1]),
            begun_of=Subquery(begun.values("session")[:1]),
        )
    )


def _logs(member) -> Iterable[Todo]:
    """`member` as `_memberships` gives it."""
    participation = member.group.participation
    if member.first_missing:
        yield Todo(
            title=ngettext(
                "Skriv loggen fra møtet i %(municipality)s",
                "Skriv %(count)s logger fra møter i %(municipality)s",
                member.missing,
            )
            % {"municipality": participation.municipality, "count": member.missing},
            text=_("Ble møtet ikke holdt, kan du flytte eller avlyse det."),
            url=reverse("guidance:log_planned", args=[member.first_missing]),
            button=_("Skriv logg"),
            due_on=member.first_missing_on + timedelta(days=member.log_after),
        )
    if member.begun:
        name, key = ("log_planned", member.begun_of) if member.begun_of else ("log", participation.pk)
        yield Todo(
            title=_("Gjør ferdig loggen fra %(municipality)s") % {"municipality": participation.municipality},
            text=_("Det du har skrevet, er lagret."),
            url=reverse(f"guidance:{name}", args=[key]) + f"?utkast={member.begun}",
            button=_("Fortsett"),
        )


def _the_rest(user: User, *, today: date) -> Iterable[tuple[str, int, str, date, int]]:
    """Rows of three kinds, in one query: (kind, key, name, day, number).

    The measures of the units that the person leads; and to a project leader that they are one, with what waits to be
    published: the composition's cohort, and its number.
    """
    default = GuidanceSettings().measure_due_days_before
    measures = (
        Measure.objects.going_on()
        .filter(
            unit__in=Unit.objects.active().led_by(user),
            unit__participation__withdrawn_at__isnull=True,
            ends_on__lte=today + timedelta(days=SOONEST),
        )
        .order_by()
        .values_list(
            Value("measure"),
            "unit",
            "unit__name",
            "ends_on",
            Cast(
                Coalesce("unit__participation__cohort__guidance_settings__measure_due_days_before", Value(default)),
                IntegerField(),
            ),
        )
    )
    no_day = Cast(Value(None), DateField())
    leader = ProjectLeader.objects.current(today=today).filter(user=user).order_by()
    leaders = leader.values_list(Value("leader"), "pk", Value(""), no_day, Cast(Value(0), IntegerField()))
    compositions = (
        Composition.objects.open()
        .filter(Exists(leader), cohort__in=Cohort.objects.going_on(today=today))
        .order_by()
        .values_list(Value("composition"), "cohort", Value(""), no_day, Cast(F("cohort__number"), IntegerField()))
    )
    return measures.union(leaders, compositions, all=True)


def _measures(unit: int, name: str, days: list[date], *, today: date) -> Todo:
    late = sum(day < today for day in days)
    if late:
        title = _("%(count)s tiltak ved %(unit)s har gått over fristen")
    else:
        title = ngettext(
            "%(count)s tiltak ved %(unit)s skal snart være ferdig",
            "%(count)s tiltak ved %(unit)s skal snart være ferdige",
            len(days),
        )
    return Todo(
        title=title % {"count": late or len(days), "unit": name},
        text=_("Si hvor det står, eller gi det en ny frist."),
        url=reverse("guidance:measures", args=[unit]),
        button=_("Se tiltakene"),
        due_on=min(days),
    )


def _unpublished(cohort: int, number: int) -> Todo:
    return Todo(
        title=_("Publiser veiledergruppene i pulje %(number)s") % {"number": number},
        text=_("Sammensettingen venter. Ingen har fått beskjed ennå."),
        url=reverse("guidance:composition", args=[cohort]),
        button=_("Se gruppene"),
    )
