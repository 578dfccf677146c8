from datetime import datetime

import pytest
from django.utils import timezone

from lmp.demo import load


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def demo(db, settings, now) -> None:
    settings.DEMO = True
    load.load(now=now)
