import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.conf import settings as configured
from django.db import transaction
from django.utils import timezone, translation

from lmp.demo import load
from lmp.demo.tests import demo_urls  # noqa: F401 – before any test turns demo mode on: addresses are mounted on import


@dataclass(frozen=True)
class Loaded:
    anything: bool
    said: list[str]
    seconds: float


@pytest.fixture(scope="module")
def now() -> datetime:
    return timezone.now()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, now) -> Iterator[Loaded]:
    """Once for a module, as it takes seconds. What a test does is rolled back to here, and this after the last.

    All tests of such a module use it: one that did not would find the demo in its database all the same.
    """
    with django_db_blocker.unblock(), transaction.atomic(), translation.override(configured.LANGUAGE_CODE):
        started, said = time.process_time(), []
        anything = load.load(now=now, say=said.append)
        yield Loaded(anything, said, time.process_time() - started)
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db, settings) -> Loaded:
    settings.DEMO = True
    return loaded
