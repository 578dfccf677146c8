"""The readiness board: the 60 municipalities of the load, and one of every municipality in the country."""

from datetime import timedelta
from itertools import cycle

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from bench import pages
from bench.national import Load
from gatherings.models import Gathering
from guidance.models import GroupMember, GuidanceGroup, Supervisor
from participants.models import Municipality, Participation, Unit

ROUNDS, UNITS_EACH = 20, 5


@transaction.atomic
def settle_gatherings(load: Load) -> None:
    """One that is over and one that is open, where the load has settled none."""
    today = timezone.localdate()
    for gathering, days in zip(load.cohort.gatherings.filter(settled="tentative"), (-30, 30), strict=False):
        gathering.settled, gathering.starts_on = Gathering.Settled.FIXED, today + timedelta(days=days)
        gathering.opens_on, gathering.closes_on = today - timedelta(days=60), min(gathering.starts_on, today)
        gathering.save()


@transaction.atomic
def add_the_others(load: Load) -> None:
    """Every other municipality, welcomed and guided, with five units each."""
    now, today = timezone.now(), timezone.localdate()
    facts = {"accepted_at": now, "accepted_by": load.staff, "welcomed_at": now, "welcomed_by": load.staff}
    others = Municipality.objects.exclude(participations__cohort=load.cohort)
    added = Participation.objects.bulk_create(
        Participation(cohort=load.cohort, municipality=municipality, **facts) for municipality in others
    )
    Unit.objects.bulk_create(
        Unit(participation=each, name=f"Skole {number}", kind=Unit.Kind.SCHOOL)
        for each in added
        for number in range(UNITS_EACH)
    )
    groups = GuidanceGroup.objects.bulk_create(GuidanceGroup(participation=each) for each in added)
    supervisors = cycle(Supervisor.objects.order_by("pk"))
    GroupMember.objects.bulk_create(
        GroupMember(group=group, supervisor=supervisor, started_on=today)
        for group, supervisor in zip(groups, supervisors, strict=False)
    )


def page(load: Load) -> pages.Page:
    """Of all that are in the cohort now."""
    url = reverse("board:board", args=[load.cohort.pk])
    count = load.cohort.participations.count()
    return pages.Page(f"the readiness board of {count} municipalities", load.staff, lambda client: client.get(url))


def report(load: Load, *, quick: bool) -> str:
    rounds = 1 if quick else ROUNDS
    settle_gatherings(load)
    of_the_load = pages.measured("Readiness board", [page(load)], rounds=rounds)
    add_the_others(load)
    return f"{of_the_load}\n\n{pages.measured('Readiness board of the country', [page(load)], rounds=rounds)}"
