from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.authentication import second_factor
from participants.confirmation import asking
from participants.models import Confirmation


@pytest.fixture
def as_staff(client, staff) -> Client:
    client.force_login(staff)
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    return client


@pytest.fixture
def asked(participation, contact, units, staff) -> Confirmation:
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    return asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)
