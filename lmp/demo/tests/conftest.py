from datetime import datetime

import pytest
from django.utils import timezone

from lmp.demo import load
from lmp.demo.tests import demo_urls  # noqa: F401 – before any test turns demo mode on: addresses are mounted on import


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def demo(db, settings, now) -> None:
    settings.DEMO = True
    load.load(now=now)
