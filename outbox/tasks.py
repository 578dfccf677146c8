"""What the workers do with the outbox. When, stands in settings.CELERY_BEAT_SCHEDULE."""

import logging
import time

from celery import shared_task
from django.utils import timezone

from outbox import delivery

logger = logging.getLogger(__name__)

# After a failure, the queue is left alone this long, so that a page which posts many mails waits once.
QUEUE_PAUSE_SECONDS = 10
_queue_failed_at = float("-inf")


@shared_task
def deliver() -> None:
    delivery.drain(now=timezone.now())


@shared_task
def sweep() -> None:
    delivery.wipe_expired_secrets(now=timezone.now())
    delivery.drain(now=timezone.now())


@shared_task
def send_due() -> None:
    from outbox import plan  # the plan posts, and posting queues: late, to keep out of that circle

    plan.send_due(timezone.now())


def queue_delivery() -> None:
    """Ask a worker to drain the outbox. When the queue is down this gives up; the sweep sends what waits."""
    global _queue_failed_at  # noqa: PLW0603
    if time.monotonic() - _queue_failed_at < QUEUE_PAUSE_SECONDS:
        return
    try:
        # What has waited a minute in the queue is the sweep's by now.
        deliver.apply_async(expires=60)
    except Exception:
        _queue_failed_at = time.monotonic()
        logger.exception("the queue cannot be reached; the sweep will deliver")
