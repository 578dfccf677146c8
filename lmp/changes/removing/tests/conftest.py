"""A log that was held and corrected, what was agreed in it, and the pages between a form and its saving."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from guidance.models import GuidanceSession, Measure
from guidance.tests.conftest import a_measure, held_session, noon, planned_session, sign_in, text_of
from outbox import plan
from outbox.models import Message

__all__ = ["noon", "text_of"]

NAME = "Jonas i 5B ble slått i garderoben av de andre."
AGREED = "Rektor snakker med moren til Jonas i morgen."


def signed_in(user: User) -> Client:
    return sign_in(Client(), user)


def send(user: User, url: str, data: dict[str, Any], *, confirmed: bool = True):
    """The form, and the button of the page that shows what it does."""
    client = signed_in(user)
    shown = client.post(url, data)
    if not confirmed:
        return shown
    assert "Ingenting er lagret ennå" in shown.text
    return client.post(url, data | {"_confirmed": "1"}, follow=True)


@pytest.fixture
def log(participation, supervisor, units) -> GuidanceSession:
    return held_session(participation, supervisor, units[:1], days=-7, worked_on=NAME, agreed=AGREED)


@pytest.fixture
def corrected(log, supervisor, units) -> GuidanceSession:
    """What it said first is in the trace."""
    log.correct(
        facts={"worked_on": "Vi så på rutinene for garderoben.", "agreed": "Rektor følger opp."},
        units=units[:1],
        supervisors=[supervisor.supervisor],
        by=supervisor,
        now=timezone.now(),
    )
    return log


@pytest.fixture
def coming(log, participation, supervisor, units) -> GuidanceSession:
    session = planned_session(participation, supervisor, units[:1], days=14)
    session.planned_in = log
    session.save()
    return session


@pytest.fixture
def measure(log, units, supervisor) -> Measure:
    return a_measure(units[0], supervisor, opened_in=log)


def post_due() -> list[tuple[str, str]]:
    """What the plan sends now: (address, text)."""
    before = set(Message.objects.values_list("pk", flat=True))
    plan.send_due(timezone.now())
    return sorted(Message.objects.exclude(pk__in=before).values_list("to", "text_name"))
