"""A supervisor's form as a browser sends it, and the two steps that every change takes here."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guidance.models import Supervisor
from participants.models import Cohort


@pytest.fixture
def vera(supervisor) -> Supervisor:
    return supervisor.supervisor


@pytest.fixture
def before(cohort) -> Cohort:
    """The cohort of the year before, which still goes on."""
    return Cohort.objects.create(
        number=8,
        first_year=cohort.first_year - 1,
        starts_on=date(cohort.first_year - 1, 9, 1),
        confirm_by=timezone.localdate(),
    )


@pytest.fixture
def led(client, leader) -> Client:
    """Signed in as a project leader."""
    client.force_login(leader)
    return client


def new_supervisor(**facts) -> dict:
    return {
        "name": "Siri Ny",
        "email": "siri.ny@example.no",
        "phone": "73 00 00 00",
        "employer": "practice",
        "workplace": "Solbakken barnehage",
        "knows": ["knows_kindergarten"],
        "not_with": "Bodø, Herøy (Nordland)",
    } | facts


def stored(supervisor: Supervisor, **facts) -> dict:
    """The facts of one who is there, as the form shows them."""
    return {"name": supervisor.name, "employer": supervisor.employer, "phone": supervisor.phone} | facts


def shown_then_saved(client: Client, name: str, data: dict, *args: object) -> tuple[str, object]:
    """What the page between says, and the answer when it is confirmed."""
    address = reverse(f"guidance:{name}", args=args)
    between = client.post(address, data)
    assert between.status_code == 200, between.content.decode()
    return " ".join(between.content.decode().split()), client.post(address, data | {"_confirmed": "1"})
