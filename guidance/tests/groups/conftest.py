"""Supervisors of a cohort, and the composition of its groups."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_user
from guidance.models import Capacity, Composition, GroupMember, GuidanceGroup, ProposedSeat, Supervisor
from guidance.tests.conftest import held_session


def a_supervisor(name: str, cohort, *, most: int | None = 2, **facts) -> Supervisor:
    user = make_user(f"{name.lower().replace(' ', '.')}@example.no", name)
    known = {"employer": Supervisor.Employer.CENTRE, "knows_kindergarten": True, "knows_school": True}
    found = Supervisor.objects.create(user=user, name=name, **known | facts)
    if most is not None:
        Capacity.objects.create(supervisor=found, cohort=cohort, most=most)
    return found


PRACTICE = {"employer": Supervisor.Employer.PRACTICE}


@pytest.fixture
def people(cohort) -> list[Supervisor]:
    return [
        a_supervisor("Senter En", cohort),
        a_supervisor("Senter To", cohort),
        a_supervisor("Praksis En", cohort, **PRACTICE),
        a_supervisor("Praksis To", cohort, **PRACTICE),
    ]


@pytest.fixture
def made(participation, other_participation, units, people, leader, cohort) -> Composition:
    return Composition.objects.open_for(cohort, by=leader, now=timezone.now())


def page(cohort, name="composition", query="") -> str:
    return reverse(f"guidance:{name}", args=[cohort.pk]) + query


def by_hand(participation) -> str:
    return reverse("guidance:composition_municipality", args=[participation.pk])


def groups(made) -> dict[str, set[tuple[str, bool]]]:
    found: dict[str, set[tuple[str, bool]]] = {}
    for seat in made.seats.select_related("participation__municipality", "supervisor"):
        found.setdefault(seat.participation.municipality.name, set()).add((seat.supervisor.name, seat.leads))
    return found


def sit(made, participation, supervisor, **facts) -> ProposedSeat:
    return ProposedSeat.objects.create(composition=made, participation=participation, supervisor=supervisor, **facts)


def choice(client, participation, *people, led_by=None, **data):
    shown = client.get(by_hand(participation))
    return client.post(
        by_hand(participation),
        {
            "people": [one.pk for one in people],
            "leads": led_by.pk if led_by else "",
            "locked": "on",
            "seen": shown.context["seen"],
        }
        | data,
    )


def in_group(participation, *supervisors) -> GuidanceGroup:
    """The first leads."""
    group, _made = GuidanceGroup.objects.get_or_create(participation=participation)
    start = timezone.localdate() - timedelta(days=60)
    for place, one in enumerate(supervisors):
        GroupMember.objects.create(group=group, supervisor=one, leads=place == 0, started_on=start)
    return group


@pytest.fixture
def published(participation, other_participation, units, people, leader, cohort) -> Composition:
    """Indre Fosen has Senter En and Praksis En, who have met there; Bergen the two others. Opened again, all locked."""
    in_group(participation, people[0], people[2])
    in_group(other_participation, people[1], people[3])
    session = held_session(participation, people[0].user, units, days=-7)
    session.supervisors.add(people[2])
    return Composition.objects.open_for(cohort, by=leader, now=timezone.now())
