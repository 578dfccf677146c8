"""Asking a worker for something, by the task's name, so that the caller need not know what the task does."""

import logging
import time

from celery import signature

logger = logging.getLogger(__name__)

# After a failure, the queue is left alone this long, so that a page which posts many mails waits once.
PAUSE_SECONDS = 30
_failed_at = float("-inf")


def queue_delivery() -> None:
    """Ask a worker to drain the outbox. What has waited a minute in the queue is the sweep's by then."""
    ask("outbox.tasks.deliver", expires=60)


def ask(task: str, *arguments: int, expires: int) -> None:
    """Let a worker do this task, if one comes to it within `expires` seconds.

    When the queue is down this gives up: whatever is asked for here, a sweep does later.
    """
    global _failed_at  # noqa: PLW0603
    if time.monotonic() - _failed_at < PAUSE_SECONDS:
        return
    try:
        # Once: on a connection that was in use when the queue froze, Celery's own four attempts took ten seconds.
        signature(task, args=arguments).apply_async(expires=expires, retry=False)
    except Exception:
        _failed_at = time.monotonic()
        logger.exception("the queue cannot be reached; the sweep will do %s", task)
