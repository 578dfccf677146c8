from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from lmp.watching import health


@shared_task
def tick() -> None:
    """That it runs at all says that beat, the queue and a worker do."""
    cache.set(health.TICK, timezone.now(), timeout=None)
