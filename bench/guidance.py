"""The guidance: the supervisor's page, the log's save, and the continuity of 60 municipalities with 4,000 sessions."""

import uuid
from datetime import timedelta
from itertools import cycle, islice

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import pages
from bench.national import Load
from guidance.models import Capacity, GroupMember, GuidanceGroup, GuidanceSession, Supervisor
from participants.models import Cohort, Participation

SESSIONS, QUICK_SESSIONS, ROUNDS, MUNICIPALITIES = 4_000, 120, 20, 60
NEW = "Samtale om overganger og et trygt miljø."
FORMATS, THEMES = GuidanceSession.Format.values, GuidanceSession.Theme.values


@transaction.atomic
def fill(load: Load, count: int) -> Supervisor:
    """Groups for all, as many sessions, and the first supervisor in every group. Return that supervisor.

    The cohort is moved to where its guidance has gone on for a hundred days.
    """
    today, now = timezone.localdate(), timezone.now()
    begun = today - timedelta(days=100)
    Cohort.objects.filter(pk=load.cohort.pk).update(starts_on=begun, first_year=begun.year)
    first, second, *_others = Supervisor.objects.order_by("pk")
    groups = []
    participations = list(Participation.objects.filter(cohort=load.cohort).order_by("pk"))
    Participation.objects.filter(cohort=load.cohort, accepted_at__isnull=True).update(
        accepted_at=now, accepted_by=load.staff
    )
    for participation in participations:
        group, _made = GuidanceGroup.objects.get_or_create(participation=participation)
        group.members.all().delete()
        for turn, one in enumerate((first, second)):
            GroupMember.objects.create(group=group, supervisor=one, leads=turn == 0, started_on=today)
        groups.append(group)
    Capacity.objects.create(supervisor=first, cohort=load.cohort, most=MUNICIPALITIES)
    made = GuidanceSession.objects.bulk_create(
        GuidanceSession(
            group=group,
            held_on=today - timedelta(days=number % 90),
            format=FORMATS[number % len(FORMATS)],
            minutes=60,
            themes=[THEMES[number % len(THEMES)]],
            sub_goals=[number % 6 + 1],
            took_part={"head": 2},
            worked_on="Arbeid med læringsmiljøet. " * 10,
            planned_at=now,
            planned_by=first.user,
            submitted_at=now,
            submitted_by=first.user,
        )
        for number, group in enumerate(islice(cycle(groups), count))
    )
    held_by = GuidanceSession.supervisors.through
    held_by.objects.bulk_create(held_by(guidancesession=session, supervisor=first) for session in made)
    return first


def report(load: Load, *, quick: bool) -> str:
    count = QUICK_SESSIONS if quick else SESSIONS
    first = fill(load, count)
    group = GuidanceGroup.objects.filter(participation__units__isnull=False).order_by("pk")[0]
    address = reverse("guidance:log", args=[group.participation_id])
    measured = [
        pages.Page("the supervisor's page", first.user, lambda client: client.get(reverse("guidance:supervisor"))),
        pages.Page("the log's form", first.user, lambda client: client.get(address)),
        pages.Page("the log, sent in", first.user, lambda client: _send(client, address, first), _take_back, 302),
        pages.Page(
            f"continuity of {count} sessions",
            load.staff,
            lambda client: client.get(reverse("guidance:continuity", args=[load.cohort.pk])),
        ),
        pages.Page(
            "workload", load.staff, lambda client: client.get(reverse("guidance:workload", args=[load.cohort.pk]))
        ),
        pages.Page(
            f"themes and sub-goals of {count} sessions",
            load.staff,
            lambda client: client.get(reverse("guidance:content", args=[load.cohort.pk])),
        ),
    ]
    return pages.measured("Guidance", measured, rounds=1 if quick else ROUNDS)


def _send(client: Client, address: str, supervisor: Supervisor):
    """One log, beside the others of that day."""
    data = {
        "token": uuid.uuid4(),
        "another": "on",
        "held_on": timezone.localdate().isoformat(),
        "format": "visit",
        "minutes": "60",
        "themes": ["bullying"],
        "supervisors": [supervisor.pk],
        "took_head": "3",
        "worked_on": NEW,
    }
    return client.post(address, data)


@transaction.atomic
def _take_back() -> None:
    GuidanceSession.objects.filter(worked_on=NEW).delete()
