from datetime import timedelta

import pytest
from django.utils import timezone

from participants.confirmation import asking
from participants.models import Confirmation


@pytest.fixture
def asked(participation, contact, units, staff) -> Confirmation:
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    return asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)
