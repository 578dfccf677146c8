import pytest
from django.utils import timezone

from outbox import tasks
from outbox.models import Message
from outbox.tests.faults.house import House


@pytest.fixture
def house(transactional_db, settings, tmp_path, monkeypatch):
    # The workers' own sweep delivers what the test posts; the queue of the test's own process is left alone.
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda *_arguments, **options: None)
    house = House(tmp_path, settings.REDIS_URL)
    yield house
    house.close()


@pytest.fixture
def post_many(house, post):
    def post_many(count: int) -> list[Message]:
        now = timezone.now()
        return [post(f"reminder:{number}", to=f"p{number}@example.no", now=now) for number in range(count)]

    return post_many
