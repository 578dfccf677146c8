from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.confirmation import asking


@pytest.fixture
def asked(participation, contact, units, staff):
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    return asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)


@pytest.fixture
def url(participation):
    return reverse("participants:confirm", args=[participation.pk])
