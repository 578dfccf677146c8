from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings as configured
from django.db import transaction
from django.utils import timezone, translation

from lmp.demo import load
from lmp.demo.tests import demo_urls  # noqa: F401 – before any test turns demo mode on: addresses are mounted on import


@pytest.fixture(scope="class")
def now() -> datetime:
    return timezone.now()


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker, now) -> Iterator[None]:
    """Once for a class, as it takes seconds. What a test does is rolled back to here, and this after the last."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override(configured.LANGUAGE_CODE):
        load.load(now=now)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db, settings) -> None:
    settings.DEMO = True
